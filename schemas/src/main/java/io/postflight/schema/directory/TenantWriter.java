package io.postflight.schema.directory;

import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.tenant.Tenant;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/**
 * Writes tenants to their topic. Calls return the first version of the snapshot that contains the
 * change.
 */
public final class TenantWriter implements AutoCloseable {
  private final Producer<byte[], byte[]> producer;
  private final String topic;
  private final TenantRules rules;
  private final Serde<Tenant> serde;

  private TenantWriter(
      Producer<byte[], byte[]> producer, String topic, TenantRules rules, Serde<Tenant> serde) {
    this.producer = producer;
    this.topic = topic;
    this.rules = rules;
    this.serde = serde;
  }

  /**
   * Opens a writer.
   *
   * @param kafka client settings, {@code bootstrap.servers} at least
   */
  public static TenantWriter open(
      Map<String, ?> kafka, String topic, TenantRules rules, AvroSerdes serdes) {
    Map<String, Object> config = new HashMap<>(kafka);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    return new TenantWriter(
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()),
        topic,
        rules,
        serdes.value(Tenant.class));
  }

  /**
   * Adds or replaces a tenant; returns once Kafka has acknowledged it.
   *
   * @throws IllegalArgumentException if the rules reject it
   * @throws KafkaException if it could not be written
   */
  public long put(Tenant tenant) {
    rules.require(tenant);
    return send(tenant.getId(), serde.serializer().serialize(topic, tenant));
  }

  /**
   * Removes a tenant; returns once Kafka has acknowledged it.
   *
   * @throws KafkaException if it could not be written
   */
  public long remove(String id) {
    return send(id, null);
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
    serde.close();
  }

  private long send(String id, byte @Nullable [] value) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, 0, id.getBytes(StandardCharsets.UTF_8), value);
    try {
      return producer.send(record).get().offset() + 1;
    } catch (ExecutionException failed) {
      throw new KafkaException(
          "tenant '%s' could not be written to %s".formatted(id, topic), failed.getCause());
    } catch (InterruptedException interrupted) {
      throw new InterruptException(interrupted);
    }
  }
}
