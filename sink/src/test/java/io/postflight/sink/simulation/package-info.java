/**
 * Deterministic simulation: time that advances only between events, randomness from a seed, a log
 * with a consumer group, and a database with faults.
 */
@NullMarked
package io.postflight.sink.simulation;

import org.jspecify.annotations.NullMarked;
