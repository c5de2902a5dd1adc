/** Limits and schedules the work of punctuators. */
@NullMarked
package io.postflight.topology.punctuation;

import org.jspecify.annotations.NullMarked;
