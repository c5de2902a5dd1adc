/**
 * What could not be processed: looking at it, and sending it back once the cause is mended (ADR
 * 13).
 */
@NullMarked
package io.postflight.replay.deadletter;

import org.jspecify.annotations.NullMarked;
