/** How the cost per event changes with the size of a deployment and of its load. */
@NullMarked
package io.postflight.bench.scale;

import org.jspecify.annotations.NullMarked;
