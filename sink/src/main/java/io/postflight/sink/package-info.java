/**
 * Writes a tier's topic to its cluster, and commits an offset only when the database has
 * acknowledged all before it. {@link io.postflight.sink.TierSink} is the entry point.
 */
@NullMarked
package io.postflight.sink;

import org.jspecify.annotations.NullMarked;
