/**
 * Normalizes the raw bytes of webhooks into canonical events or rejections: pure functions, without
 * Kafka, clock and tenants.
 *
 * <p>{@link io.postflight.topology.normalize.Normalizer} is the entry point. The adapters of {@code
 * io.postflight.topology.adapter} parse the formats of the providers; this package contains the
 * parts that all providers share: times, event ids and limits.
 */
@NullMarked
package io.postflight.topology.normalize;

import org.jspecify.annotations.NullMarked;
