package io.postflight.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postflight.devstack.junit.SharedServers;
import io.postflight.devstack.kafka.EmbeddedKafka;
import io.postflight.devstack.registry.EmbeddedRegistry;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.topology.lifecycle.LifecycleRules;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Guarantee: transient faults cost no state. While a service that a record needs is unavailable,
 * the instance is paused; its threads continue to run, and no changelog record is read again.
 *
 * <p>{@link NoCompletionIsLostTest} covers killed processes.
 */
class StateSurvivesFaultsTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int MESSAGES = 200;

  @Test
  void an_unavailable_schema_registry() throws Exception {
    registryUnavailableFor(Duration.ZERO);
  }

  @Test
  @Tag("soak")
  void a_schema_registry_that_is_unavailable_for_a_minute() throws Exception {
    registryUnavailableFor(Duration.ofSeconds(60));
  }

  private static void registryUnavailableFor(Duration outage) throws Exception {
    Path journal = SharedServers.newDirectory("registry");
    EmbeddedRegistry registry = EmbeddedRegistry.start(journal);
    try (RealPipeline pipeline = new RealPipeline("registry", registry.url());
        TopologyRole role = start(pipeline)) {
      sent(pipeline);

      // The first completed message needs a schema that was not needed before.
      registry.close();
      send(pipeline, "DELIVERED");
      await().atMost(SOON).until(role::paused);
      last(outage);
      assertThat(role.healthy()).isTrue();
      assertThat(pipeline.read(pipeline.topics.postflight())).isEmpty();

      registry = EmbeddedRegistry.start(journal, URI.create(registry.url()).getPort());
      delivered(pipeline);
      assertThat(role.paused()).isFalse();
      assertNothingWasRestored(pipeline);
    } finally {
      registry.close();
    }
  }

  @Test
  void a_tenant_that_is_not_known_yet() throws Exception {
    tenantUnknownFor(Duration.ZERO);
  }

  @Test
  @Tag("soak")
  void a_tenant_that_is_not_known_for_25_seconds() throws Exception {
    tenantUnknownFor(Duration.ofSeconds(25));
  }

  private static void tenantUnknownFor(Duration outage) throws Exception {
    try (RealPipeline pipeline = new RealPipeline("tenant", "mock://unknown-tenant");
        TopologyRole role = start(pipeline)) {
      sent(pipeline);

      pipeline.webhook(
          "globex",
          2,
          0,
          System.currentTimeMillis(),
          "{\"messageId\":\"g1\",\"userId\":\"u1\",\"status\":\"SENT\"}");
      await().atMost(SOON).until(role::paused);
      last(outage);
      assertThat(role.healthy()).isTrue();

      pipeline.tenants.put(TestTenants.tenant("globex", "30d"));
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(pipeline.tier()).extracting(TierRecord::getTenant).contains("globex"));
      send(pipeline, "DELIVERED");
      delivered(pipeline);
      assertThat(pipeline.read(pipeline.topics.deadLetters())).isEmpty();
      assertNothingWasRestored(pipeline);
    }
  }

  @Test
  void a_restarted_broker() throws Exception {
    Path directory = SharedServers.newDirectory("restarted");
    EmbeddedKafka kafka = EmbeddedKafka.start(directory);
    try (RealPipeline pipeline =
            new RealPipeline("broker", kafka, "mock://restarted-broker", RealPipeline.PARTITIONS);
        TopologyRole role = start(pipeline)) {
      sent(pipeline);

      send(pipeline, "DELIVERED");
      kafka.close();
      kafka = EmbeddedKafka.start(directory);
      delivered(pipeline);
      assertThat(role.healthy()).isTrue();
      assertNothingWasRestored(pipeline);
    } finally {
      kafka.close();
    }
  }

  private static TopologyRole start(RealPipeline pipeline) throws InterruptedException {
    return pipeline.start(pipeline.settings(LifecycleRules.DEFAULT, pipeline.stateDir));
  }

  private static void send(RealPipeline pipeline, String status) {
    for (int i = 0; i < MESSAGES; i++) {
      pipeline.status("m" + i, "u" + i, status);
    }
    pipeline.flush();
  }

  /** Every message has a state. */
  private static void sent(RealPipeline pipeline) {
    send(pipeline, "SENT");
    await().atMost(SOON).until(() -> pipeline.tier().size() >= MESSAGES);
  }

  /** Every message was continued from its state: its second revision is the first complete one. */
  private static void delivered(RealPipeline pipeline) {
    await().atMost(SOON).untilAsserted(() -> assertThat(pipeline.postflight()).hasSize(MESSAGES));
    assertThat(pipeline.postflight())
        .allSatisfy(message -> assertThat(message.getRevision()).isEqualTo(2))
        .extracting(MessageRevision::getMessageId)
        .doesNotHaveDuplicates();
  }

  private static void assertNothingWasRestored(RealPipeline pipeline) {
    assertThat(pipeline.restored()).as("changelog records that were read again").isZero();
    List<String> threads =
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name -> name.startsWith(pipeline.topics.prefix()))
            .filter(name -> name.matches(".*StreamThread-[0-9]+"))
            .toList();
    assertThat(threads).hasSize(2).allMatch(thread -> thread.endsWith("StreamThread-1"));
  }

  private static void last(Duration outage) {
    if (!outage.isZero()) {
      await().pollDelay(outage).atMost(outage.plus(SOON)).until(() -> true);
    }
  }
}
