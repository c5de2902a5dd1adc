package io.postflight.devstack.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postflight.devstack.junit.SharedServers;
import io.postflight.devstack.kafka.EmbeddedKafka;
import io.postflight.schema.topic.TopicFollower;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.junit.jupiter.api.Test;

class TopicFollowerTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final TestTopic topic = TestTopic.named("follower");
  private final Values values = new Values();

  /** Keeps values; refuses one of them once. */
  private static final class Values implements TopicFollower.FollowerListener {
    private final List<String> read = new CopyOnWriteArrayList<>();
    private volatile String refused = "";
    private volatile boolean restarted;

    @Override
    public void record(ConsumerRecord<byte[], byte[]> record) {
      String value = TestTopic.value(record);
      if (value.equals(refused)) {
        refused = "";
        throw new IllegalStateException("scripted");
      }
      read.add(value);
    }

    @Override
    public void restarted() {
      restarted = true;
      read.clear();
    }
  }

  @Test
  void reads_existing_records_then_those_durable_before_a_call() throws Exception {
    topic.create(1).append("a", "b");
    try (TopicFollower follower = TopicFollower.of(topic.client(), topic.name()).build(values)) {
      assertThat(follower.isCaughtUp()).isFalse();
      assertThat(follower.start()).succeedsWithin(SOON);
      assertThat(values.read).containsExactly("a", "b");
      assertThat(follower.isCaughtUp()).isTrue();

      topic.append("c");

      assertThat(follower.readToEnd()).succeedsWithin(SOON);
      assertThat(values.read).containsExactly("a", "b", "c");
    }
    assertThat(values.restarted).isFalse();
  }

  @Test
  void a_topic_that_ends_in_a_transaction_marker_is_read_to_its_end() throws Exception {
    topic.create(1).appendInTransaction(0, true, "a");
    try (TopicFollower follower = TopicFollower.of(topic.client(), topic.name()).build(values)) {
      assertThat(follower.start()).succeedsWithin(SOON);
      assertThat(values.read).containsExactly("a");

      topic.appendInTransaction(0, false, "aborted");

      assertThat(follower.readToEnd()).succeedsWithin(SOON);
      assertThat(values.read).containsExactly("a");
    }
  }

  @Test
  void a_caller_that_cancels_its_copy_of_the_start_affects_no_other() throws Exception {
    topic.create(1).append("a");
    try (TopicFollower follower = TopicFollower.of(topic.client(), topic.name()).build(values)) {
      follower.start().cancel(true);

      assertThat(follower.start()).succeedsWithin(SOON);
      assertThat(values.read).containsExactly("a");
    }
  }

  @Test
  void a_missing_topic_is_awaited() throws Exception {
    try (TopicFollower follower =
        TopicFollower.of(topic.client(), topic.name()).failFast().build(values)) {
      CompletableFuture<Void> caughtUp = follower.start();
      assertThat(follower.readToEnd()).failsWithin(SOON);
      assertThat(caughtUp).isNotDone();

      topic.create(1);

      assertThat(caughtUp).succeedsWithin(SOON);
    }
  }

  @Test
  void a_refused_record_is_passed_again() throws Exception {
    topic.create(1).append("a", "b", "c");
    values.refused = "b";
    try (TopicFollower follower = TopicFollower.of(topic.client(), topic.name()).build(values)) {
      assertThat(follower.start()).succeedsWithin(SOON);
    }
    assertThat(values.read).containsExactly("a", "b", "c");
  }

  @Test
  void a_permanent_fault_ends_a_follower_that_fails_fast() throws Exception {
    topic.create(2);
    try (TopicFollower follower =
        TopicFollower.of(topic.client(), topic.name()).failFast().build(values)) {
      assertThat(follower.start())
          .failsWithin(SOON)
          .withThrowableThat()
          .withMessageContaining("2 partitions");
      assertThat(follower.readToEnd()).failsWithin(SOON);
    }
  }

  @Test
  void a_topic_that_was_recreated_is_read_from_its_beginning() throws Exception {
    topic.create(1).append("a", "b", "c");
    try (TopicFollower follower = TopicFollower.of(topic.client(), topic.name()).build(values)) {
      assertThat(follower.start()).succeedsWithin(SOON);

      topic.delete();
      await().ignoreExceptions().until(() -> topic.create(1) != null);
      topic.append("new");

      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(follower.readToEnd()).succeedsWithin(SOON));
      assertThat(values.read).containsExactly("new");
      assertThat(values.restarted).isTrue();
    }
  }

  @Test
  void an_outage_fails_pending_reads_and_is_survived() throws Exception {
    Path directory = SharedServers.newDirectory("outage");
    EmbeddedKafka first = EmbeddedKafka.start(directory);
    TestTopic ofFirst = new TestTopic(first, topic.name()).create(1);
    ofFirst.append("a");
    try (TopicFollower follower =
        TopicFollower.of(ofFirst.client(), ofFirst.name()).build(values)) {
      assertThat(follower.start()).succeedsWithin(SOON);
      first.close();
      assertThat(follower.readToEnd())
          .failsWithin(SOON)
          .withThrowableThat()
          .withCauseInstanceOf(KafkaException.class);

      try (EmbeddedKafka second = EmbeddedKafka.start(directory)) {
        new TestTopic(second, topic.name()).append("b");
        await().atMost(SOON).until(() -> values.read.equals(List.of("a", "b")));
        assertThat(follower.readToEnd()).succeedsWithin(SOON);
      }
    }
  }

  @Test
  void closing_interrupts_a_listener_and_fails_pending_reads() throws Exception {
    topic.create(1).append("a");
    CountDownLatch blocked = new CountDownLatch(1);
    TopicFollower follower =
        TopicFollower.of(topic.client(), topic.name())
            .build(
                record -> {
                  blocked.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException interrupted) {
                    throw new InterruptException(interrupted);
                  }
                });
    CompletableFuture<Void> caughtUp = follower.start();
    blocked.await();
    CompletableFuture<Void> waiting = follower.readToEnd();

    follower.close();

    assertThat(caughtUp).failsWithin(SOON);
    assertThat(waiting).failsWithin(SOON);
    assertThat(follower.readToEnd()).failsWithin(SOON);
  }
}
