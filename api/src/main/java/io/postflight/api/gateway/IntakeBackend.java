package io.postflight.api.gateway;

import org.apache.kafka.clients.producer.Producer;

/**
 * What the gateway needs besides the tenants.
 *
 * @param producer configured by {@link KafkaSender#producerConfig}; closed by the caller, after the
 *     server
 * @param validator validates events as normalization does
 */
public record IntakeBackend(Producer<byte[], byte[]> producer, EventValidator validator) {}
