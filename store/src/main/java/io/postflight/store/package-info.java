/**
 * The event store: rows, their timestamps and TTLs, and the interfaces to write and read them.
 *
 * <p>{@link io.postflight.store.Rows} turns a record of a tier's topic into rows; {@link
 * io.postflight.store.Buckets}, {@link io.postflight.store.ShardOf} and {@link
 * io.postflight.store.RemainingTtl} are the arithmetic behind them. Nothing here knows Kafka or
 * CQL.
 */
@NullMarked
package io.postflight.store;

import org.jspecify.annotations.NullMarked;
