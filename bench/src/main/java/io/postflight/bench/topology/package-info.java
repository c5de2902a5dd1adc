/** The topology, and beside it a loop that moves the same records. */
@NullMarked
package io.postflight.bench.topology;

import org.jspecify.annotations.NullMarked;
