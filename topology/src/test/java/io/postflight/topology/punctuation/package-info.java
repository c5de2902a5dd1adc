@NullMarked
package io.postflight.topology.punctuation;

import org.jspecify.annotations.NullMarked;
