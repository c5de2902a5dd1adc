package io.postflight.bench.workload;

import io.postflight.devstack.simulator.SimulatedWebhook;
import io.postflight.devstack.simulator.Simulation;
import io.postflight.devstack.simulator.SimulationSettings;
import io.postflight.schema.topic.RawHeaders;
import io.postflight.settings.DeploymentSettings;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Simulated webhooks in {@code raw.webhooks}, as the gateway appends them. */
public final class RawTopic {
  private RawTopic() {}

  /**
   * What was appended.
   *
   * @param webhooks records
   * @param events valid events in them, duplicates included
   * @param bytes of their values
   */
  public record Content(long webhooks, long events, long bytes) {}

  /**
   * Appends webhooks with about a number of events.
   *
   * @param seed of the simulation
   * @param now the simulation's present, epoch milliseconds: the same gives the same webhooks
   */
  public static Content fill(DeploymentSettings settings, long seed, long events, long now) {
    Simulation simulation =
        Simulation.of(SimulationSettings.of(seed, events, BenchTenants.byZipf(), now));
    Map<String, Object> kafka = new HashMap<>(settings.kafka().clientProperties());
    kafka.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    kafka.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    long webhooks = 0;
    long sent = 0;
    long bytes = 0;
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
      while (sent < events && simulation.hasNext()) {
        SimulatedWebhook webhook = simulation.next();
        Future<RecordMetadata> unused =
            producer.send(
                record(settings.kafka().topics().rawWebhooks(), webhook, webhooks),
                (metadata, refused) -> failure.compareAndSet(null, refused));
        webhooks++;
        sent += webhook.events();
        bytes += webhook.body().length;
      }
      producer.flush();
    }
    if (failure.get() != null) {
      throw new IllegalStateException("a webhook was not appended", failure.get());
    }
    return new Content(webhooks, sent, bytes);
  }

  private static ProducerRecord<byte[], byte[]> record(
      String topic, SimulatedWebhook webhook, long number) {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, webhook.body());
    Map.of(
            RawHeaders.PROVIDER, webhook.provider(),
            RawHeaders.TENANT, webhook.tenant(),
            RawHeaders.TENANTS_VERSION, "0",
            RawHeaders.RECEIVED_AT, Long.toString(System.currentTimeMillis()),
            RawHeaders.REQUEST_ID, "bench-" + number,
            RawHeaders.CONTENT_TYPE, webhook.contentType())
        .forEach(
            (name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
    return record;
  }
}
