/** Clocks, timers and backoff, all of which a test can simulate. */
@NullMarked
package io.postflight.sink.time;

import org.jspecify.annotations.NullMarked;
