package io.postflight.faults;

import io.postflight.devstack.simulator.ExpectedTotals;
import io.postflight.devstack.simulator.SimulatedWebhook;
import io.postflight.devstack.simulator.Simulation;
import io.postflight.devstack.simulator.SimulationSettings;
import io.postflight.schema.topic.RawHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Simulated webhooks, written to the raw topic as the gateway does: what Kafka has acknowledged was
 * answered 200. One thread sends at a steady rate until the simulation ends.
 */
final class Load implements AutoCloseable {
  private final FaultDeployment deployment;
  private final Simulation simulation;
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicReference<Exception> refused = new AtomicReference<>();
  private volatile double perSecond;
  private CompletableFuture<Void> sending = CompletableFuture.completedFuture(null);

  private Load(FaultDeployment deployment, SimulationSettings settings) {
    this.deployment = deployment;
    this.simulation = Simulation.of(settings);
    this.producer =
        new KafkaProducer<>(
            // One request in flight: on a new partition a first batch may fail while later ones
            // succeed, which cannot be reordered.
            Map.of(
                "bootstrap.servers",
                deployment.bootstrap(),
                "max.in.flight.requests.per.connection",
                1,
                "delivery.timeout.ms",
                600_000,
                "max.block.ms",
                600_000),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Messages of tenants, with the default duplicates and reordering and 1 % invalid webhooks. */
  static Load of(FaultDeployment deployment, long seed, long messages, List<String> tenants) {
    return new Load(
        deployment, SimulationSettings.of(seed, messages, tenants, System.currentTimeMillis()));
  }

  /** Messages of tenant {@code acme}. */
  static Load of(FaultDeployment deployment, long seed, long messages) {
    return of(deployment, seed, messages, List.of("acme"));
  }

  /** Starts sending at a rate of webhooks per second. */
  void startAt(double rate) {
    perSecond = rate;
    sending = CompletableFuture.runAsync(this::send, task -> new Thread(task, "load").start());
  }

  /**
   * Sends a number of webhooks immediately; returns when Kafka has them. Not while the thread
   * sends.
   */
  void send(int webhooks) {
    for (int i = 0; i < webhooks && simulation.hasNext(); i++) {
      sendNext();
    }
    producer.flush();
  }

  /** Sends the rest at full speed; returns when Kafka has all of it. */
  void finish() throws Exception {
    perSecond = Double.MAX_VALUE;
    sending.get();
    send();
    producer.flush();
    Exception failure = refused.get();
    if (failure != null) {
      throw failure;
    }
  }

  /** Webhooks sent so far. */
  int sent() {
    return sent.get();
  }

  /** The expected state; complete once everything is sent. */
  ExpectedTotals expectedTotals() {
    return simulation.expectedTotals();
  }

  Simulation simulation() {
    return simulation;
  }

  private void send() {
    long next = System.nanoTime();
    while (simulation.hasNext()) {
      double rate = perSecond;
      if (rate < Double.MAX_VALUE) {
        next = Math.max(next, System.nanoTime() - Duration.ofSeconds(1).toNanos());
        long wait = next - System.nanoTime();
        if (wait > 0) {
          LockSupport.parkNanos(Math.min(wait, 50_000_000));
          continue;
        }
        next += (long) (1e9 / rate);
      }
      sendNext();
    }
  }

  private void sendNext() {
    var unused =
        producer.send(
            record(simulation.next()),
            (at, failure) -> {
              if (failure != null) {
                refused.set(failure);
              }
            });
    sent.incrementAndGet();
  }

  private ProducerRecord<byte[], byte[]> record(SimulatedWebhook webhook) {
    long now = deployment.clock().millis();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(deployment.topics().rawWebhooks(), null, now, null, webhook.body());
    Map.of(
            RawHeaders.PROVIDER, webhook.provider(),
            RawHeaders.TENANT, webhook.tenant(),
            RawHeaders.CONTENT_TYPE, webhook.contentType(),
            RawHeaders.RECEIVED_AT, Long.toString(now),
            RawHeaders.TENANTS_VERSION, Long.toString(deployment.tenants().current().version()))
        .forEach(
            (name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
    return record;
  }

  @Override
  public void close() {
    perSecond = Double.MAX_VALUE;
    producer.close(Duration.ofSeconds(1));
  }
}
