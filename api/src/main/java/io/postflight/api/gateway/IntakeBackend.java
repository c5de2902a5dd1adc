package io.postflight.api.gateway;

import io.postflight.schema.signature.SnsCertificates;
import org.apache.kafka.clients.producer.Producer;

/**
 * What the gateway needs besides the tenants.
 *
 * @param producer configured by {@link KafkaSender#producerConfig}; closed by the caller, after the
 *     server
 * @param validator validates events as normalization does
 * @param sns fetches certificates of SNS, and confirms subscriptions
 */
public record IntakeBackend(
    Producer<byte[], byte[]> producer, EventValidator validator, SnsCertificates.Fetcher sns) {
  /** A backend that reaches SNS over HTTPS. */
  public IntakeBackend(Producer<byte[], byte[]> producer, EventValidator validator) {
    this(producer, validator, SnsCertificates.Fetcher.overHttps());
  }
}
