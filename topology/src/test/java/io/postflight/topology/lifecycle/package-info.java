@NullMarked
package io.postflight.topology.lifecycle;

import org.jspecify.annotations.NullMarked;
