package io.postflight.bench.workload;

import io.postflight.devstack.simulator.SimulatedWebhook;
import io.postflight.devstack.simulator.Simulation;
import io.postflight.schema.topic.RawHeaders;
import io.postflight.settings.DeploymentSettings;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

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
   * Appends webhooks of the deployment's tenants with about a number of events.
   *
   * @param seed of the simulation
   * @param now the simulation's present, epoch milliseconds: the same gives the same webhooks
   */
  public static Content fill(Deployment deployment, long seed, long events, long now) {
    Simulation simulation = Simulation.of(deployment.tenants().simulation(seed, events, now));
    DeploymentSettings settings = deployment.settings();
    try (Appender appender = new Appender(settings)) {
      return append(simulation, events, settings, appender);
    }
  }

  /** Appends the next webhooks with about a number of events. */
  public static Content append(
      Iterator<SimulatedWebhook> next,
      long events,
      DeploymentSettings settings,
      Appender appender) {
    String topic = settings.kafka().topics().rawWebhooks();
    long webhooks = 0;
    long sent = 0;
    long bytes = 0;
    while (sent < events && next.hasNext()) {
      SimulatedWebhook webhook = next.next();
      appender.send(record(topic, webhook, webhooks));
      webhooks++;
      sent += webhook.events();
      bytes += webhook.body().length;
    }
    appender.flush();
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
