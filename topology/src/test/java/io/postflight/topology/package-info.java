@NullMarked
package io.postflight.topology;

import org.jspecify.annotations.NullMarked;
