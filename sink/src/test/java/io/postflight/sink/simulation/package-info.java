/**
 * A world for simulations: time that passes only between events, chance that comes from a seed, a
 * log with a consumer group, and a database with faults.
 */
@NullMarked
package io.postflight.sink.simulation;

import org.jspecify.annotations.NullMarked;
