package io.postflight.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.topic.DeadLetterHeaders;
import io.postflight.schema.topic.TopicCatalogue;
import io.postflight.schema.topic.TopicSizes;
import io.postflight.schema.topic.Topics;
import io.postflight.topology.lifecycle.LifecycleRules;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** The topology on a real broker, with a real schema registry. */
class TopologyRoleTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final LifecycleRules SHORT =
      LifecycleRules.of(Duration.ofSeconds(3), Duration.ofHours(1));

  @Test
  void webhooks_become_complete_messages_and_poison_records_dead_deadLetters() throws Exception {
    try (RealPipeline pipeline = new RealPipeline("role", SharedServers.registry().url());
        TopologyRole role =
            pipeline.start(pipeline.settings(LifecycleRules.DEFAULT, pipeline.stateDir))) {
      for (int i = 0; i < 50; i++) {
        pipeline.status("m" + i, "u" + i % 7, "SENT");
        pipeline.status("m" + i, "u" + i % 7, "DELIVERED");
      }
      byte[] poison = {0, 0, 0, 0, 1, 99, 99};
      pipeline.send(pipeline.topics.events(), RealPipeline.bytes("acme|m3"), poison);
      List<String> valueless =
          List.of(
              pipeline.topics.events(),
              pipeline.topics.erasures(),
              pipeline.topics.lifecycleCommands());
      valueless.forEach(topic -> pipeline.send(topic, RealPipeline.bytes(topic), null));

      await()
          .atMost(SOON)
          .untilAsserted(
              () -> {
                assertThat(pipeline.postflight())
                    .extracting(message -> message.getMessageId())
                    .containsAll(ids(50));
                assertThat(pipeline.read(pipeline.topics.deadLetters()))
                    .hasSize(1 + valueless.size());
              });

      assertThat(role.healthy()).isTrue();
      List<ConsumerRecord<byte[], byte[]>> deadLetters =
          pipeline.read(pipeline.topics.deadLetters());
      assertThat(deadLetters)
          .allSatisfy(
              deadLetter -> {
                assertThat(header(deadLetter, DeadLetterHeaders.STAGE)).isEqualTo("lifecycle");
                assertThat(header(deadLetter, DeadLetterHeaders.REASON))
                    .isEqualTo("MALFORMED_BODY");
              });
      assertThat(deadLetters)
          .filteredOn(deadLetter -> deadLetter.value() == null)
          .extracting(deadLetter -> header(deadLetter, DeadLetterHeaders.SOURCE_TOPIC))
          .containsExactlyInAnyOrderElementsOf(valueless);
      assertThat(deadLetters)
          .filteredOn(deadLetter -> deadLetter.value() != null)
          .singleElement()
          .satisfies(deadLetter -> assertThat(deadLetter.value()).isEqualTo(poison));
      Map<String, List<Integer>> revisions =
          pipeline.tier().stream()
              .filter(record -> record.getMessage() != null)
              .collect(
                  Collectors.groupingBy(
                      record -> record.getMessage().getMessageId(),
                      Collectors.mapping(
                          record -> record.getMessage().getRevision(), Collectors.toList())));
      assertThat(revisions.values()).allSatisfy(all -> assertThat(all).doesNotHaveDuplicates());
      await().atMost(SOON).until(role::ready);
    }
  }

  @Test
  void messages_on_idle_partitions_time_out() throws Exception {
    try (RealPipeline pipeline = new RealPipeline("idle", "mock://idle");
        TopologyRole role = pipeline.start(pipeline.settings(SHORT, pipeline.stateDir))) {
      pipeline.status("m1", "u1", "SENT");

      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(pipeline.postflight())
                      .extracting(message -> MessageStatus.of(message.getFacts()))
                      .containsExactly(MessageStatus.UNCONFIRMED));
      TierRecord last = pipeline.tier().get(pipeline.tier().size() - 1);
      assertThat(last.getMessage().getListedAt()).isEqualTo(last.getArrivedAt());
      assertThat(role.caughtUpAsOf()).isGreaterThanOrEqualTo(last.getArrivedAt());
    }
  }

  @Test
  void the_state_stores_report_what_they_hold_until_the_instance_is_stopped() throws Exception {
    try (RealPipeline pipeline = new RealPipeline("stores", "mock://stores")) {
      try (TopologyRole role =
          pipeline.start(pipeline.settings(LifecycleRules.DEFAULT, pipeline.stateDir))) {
        for (int i = 0; i < 20; i++) {
          pipeline.status("m" + i, "u1", "SENT");
        }

        await().atMost(SOON).until(() -> pipeline.stateMetric("size", "lifecycles") > 0);
        assertThat(role.ready()).isTrue();
        assertThat(pipeline.stateMetric("size", "deadlines")).isPositive();
        TopologyStreamsSettings defaults = TopologyStreamsSettings.of(pipeline.stateDir);
        assertThat(pipeline.meters.get("postflight.state.cache.capacity").gauge().value())
            .isEqualTo((double) defaults.blockCache());
        assertThat(pipeline.meters.get("postflight.state.cache.used").gauge().value())
            .isBetween(1.0, (double) defaults.blockCache());
      }

      assertThat(pipeline.meters.find("postflight.state.size").gauges()).isEmpty();
    }
  }

  @Test
  void after_downtime_the_backlog_is_read_before_any_message_times_out() throws Exception {
    try (RealPipeline pipeline = new RealPipeline("down", "mock://down")) {
      TopologySettings settings = pipeline.settings(SHORT, pipeline.stateDir);
      // Even on a slow machine, no message times out before the downtime.
      TopologySettings neverCaughtUp = settings.withCaughtUpInterval(Duration.ofMinutes(10));
      try (TopologyRole role = pipeline.start(neverCaughtUp)) {
        for (int i = 0; i < 100; i++) {
          pipeline.status("m" + i, "u1", "SENT");
        }
        pipeline.flush();
        await().atMost(SOON).until(() -> pipeline.tier().size() >= 100);
        assertThat(role.healthy()).isTrue();
      }
      // While no instance runs, the statuses arrive, and every deadline passes.
      long answered = System.currentTimeMillis();
      for (int i = 0; i < 100; i++) {
        pipeline.status("m" + i, "u1", "DELIVERED");
      }
      pipeline.flush();
      await().atMost(SOON).until(() -> System.currentTimeMillis() > answered + 3_500);

      try (TopologyRole role = pipeline.start(settings)) {
        await()
            .atMost(SOON)
            .untilAsserted(
                () -> {
                  assertThat(role.caughtUpAsOf()).isGreaterThan(answered + 3_500);
                  assertThat(pipeline.postflight().size()).isGreaterThanOrEqualTo(100);
                });
      }
      Map<MessageStatus, Long> first =
          pipeline.postflight().stream()
              .map(message -> MessageStatus.of(message.getFacts()))
              .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
      assertThat(first).isEqualTo(Map.of(MessageStatus.DELIVERED, 100L));
    }
  }

  /** One application read webhooks and events before. */
  @Test
  void after_an_upgrade_webhooks_are_read_from_where_the_former_application_stopped()
      throws Exception {
    try (RealPipeline pipeline = new RealPipeline("upgrade", "mock://upgrade")) {
      TopologySettings settings = pipeline.settings(LifecycleRules.DEFAULT, pipeline.stateDir);
      for (int i = 0; i < 30; i++) {
        pipeline.webhook(i % 2, System.currentTimeMillis(), delivered("old" + i));
      }
      pipeline.flush();
      try (Admin admin = SharedServers.kafka().admin()) {
        admin
            .alterConsumerGroupOffsets(
                settings.lifecycleId(),
                Map.of(
                    new TopicPartition(pipeline.topics.rawWebhooks(), 0),
                    new OffsetAndMetadata(15),
                    new TopicPartition(pipeline.topics.rawWebhooks(), 1),
                    new OffsetAndMetadata(13)))
            .all()
            .get();
      }
      // The former application had not read this partition.
      pipeline.webhook(2, System.currentTimeMillis(), delivered("new"));
      pipeline.flush();
      long sent = System.currentTimeMillis();

      try (TopologyRole first = pipeline.start(settings);
          TopologyRole second =
              pipeline.start(
                  pipeline.settings(
                      LifecycleRules.DEFAULT, SharedServers.newDirectory("second")))) {
        await()
            .atMost(SOON)
            .until(() -> first.caughtUpAsOf() > sent && second.caughtUpAsOf() > sent);
      }
      assertThat(pipeline.read(pipeline.topics.events()))
          .extracting(event -> new String(event.key(), StandardCharsets.UTF_8))
          .containsExactlyInAnyOrder("acme|old27", "acme|old29", "acme|new");
    }
  }

  private static String delivered(String messageId) {
    return "{\"messageId\":\"%s\",\"userId\":\"u1\",\"status\":\"DELIVERED\"}".formatted(messageId);
  }

  @Test
  void a_missing_topic_is_named_at_the_start() {
    Topics topics = new Topics(SharedServers.uniqueName("missing") + ".");
    TopologySettings settings =
        TopologySettings.of(
            topics,
            Set.of("30d"),
            TopologyStreamsSettings.of(SharedServers.newDirectory("missing")),
            Map.of("bootstrap.servers", SharedServers.kafka().bootstrapServers()));
    SharedServers.kafka()
        .createTopics(
            TopicCatalogue.of(topics, Set.of("15d"), TopicSizes.of(1, 1)).stream()
                .map(TopicCatalogue.Spec::newTopic)
                .toList());

    assertThatThrownBy(() -> TopologyPreconditions.await(settings, Duration.ofSeconds(10)))
        .isInstanceOf(TopologyStartException.class)
        .hasMessageContaining(topics.store("30d"));
  }

  @Test
  void different_partition_counts_of_events_and_commands_are_rejected_at_start() {
    Topics topics = new Topics(SharedServers.uniqueName("uneven") + ".");
    TopologySettings settings =
        TopologySettings.of(
            topics,
            Set.of("30d"),
            TopologyStreamsSettings.of(SharedServers.newDirectory("uneven")),
            Map.of("bootstrap.servers", SharedServers.kafka().bootstrapServers()));
    SharedServers.kafka()
        .createTopics(
            TopicCatalogue.of(topics, Set.of("30d"), TopicSizes.of(1, 1)).stream()
                .map(
                    spec ->
                        spec.name().equals(topics.events())
                            ? new NewTopic(spec.name(), 2, (short) 1)
                            : spec.newTopic())
                .toList());

    assertThatThrownBy(() -> TopologyPreconditions.await(settings, Duration.ofSeconds(10)))
        .isInstanceOf(TopologyStartException.class)
        .hasMessageContaining(topics.lifecycleCommands() + " has 1 partitions")
        .hasMessageContaining(topics.events() + " has 2");
  }

  @Test
  void a_transaction_may_last_for_a_commit_interval_and_the_waits_that_begin_at_its_end() {
    Duration commitInterval = Duration.ofSeconds(30);
    TopologySettings settings =
        TopologySettings.of(
            new Topics(""),
            Set.of("30d"),
            TopologyStreamsSettings.of(SharedServers.newDirectory("long"))
                .withTiming(commitInterval, Duration.ofSeconds(10)),
            Map.of("bootstrap.servers", "unused:1"));

    assertThat(settings.transactionTimeout(Duration.ofSeconds(3)))
        .isGreaterThan(commitInterval.plus(settings.tenantTimeout()).plus(Duration.ofSeconds(3)));
  }

  @Test
  void transactions_that_brokers_do_not_allow_are_refused_at_the_start() {
    try (RealPipeline pipeline = new RealPipeline("long", "mock://long")) {
      TopologySettings settings = pipeline.settings(LifecycleRules.DEFAULT, pipeline.stateDir);

      assertThatThrownBy(() -> TopologyPreconditions.await(settings, Duration.ofMinutes(16)))
          .isInstanceOf(TopologyStartException.class)
          .hasMessageContaining("960000 ms")
          .hasMessageContaining("brokers allow 900000 ms");
    }
  }

  private static List<String> ids(int count) {
    return java.util.stream.IntStream.range(0, count).mapToObj(i -> "m" + i).toList();
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
