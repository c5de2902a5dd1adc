/** How much may be in flight, and when consumption pauses and resumes. */
@NullMarked
package io.postflight.sink.backpressure;

import org.jspecify.annotations.NullMarked;
