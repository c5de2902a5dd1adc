/**
 * From the raw bytes of a webhook to canonical events or rejections: pure, without Kafka, clock and
 * tenants.
 *
 * <p>{@link io.postflight.topology.normalize.Normalizer} is the way in. The adapters of {@code
 * io.postflight.topology.adapter} know what a provider's words mean; what holds for every provider
 * stands here: times, event ids and limits.
 */
@NullMarked
package io.postflight.topology.normalize;

import org.jspecify.annotations.NullMarked;
