package io.postflight.devstack.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.schema.topic.MissingTopicException;
import io.postflight.schema.topic.OffsetRange;
import io.postflight.schema.topic.TopicLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class TopicLogTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final TestTopic topic = TestTopic.named("topic_log");

  @Test
  void reads_committed_records_of_all_partitions_to_the_captured_end() throws Exception {
    topic.create(2);
    topic.appendInTransaction(0, true, "a", "b");
    topic.appendInTransaction(1, false, "aborted");
    topic.appendInTransaction(1, true, "c");
    try (TopicLog log = TopicLog.open(topic.client(), TIMEOUT)) {
      log.seek(all(log));
      topic.append(0, "appended later");

      assertThat(values(log)).containsExactlyInAnyOrder("a", "b", "c");
      assertThat(log.isDone()).isTrue();

      log.extend();

      assertThat(values(log)).containsExactly("appended later");
    }
  }

  @Test
  void reads_a_range_of_time() throws Exception {
    topic.create(1);
    topic.append("before");
    try (TopicLog log = TopicLog.open(topic.client(), TIMEOUT)) {
      long from = timeAfterNow();
      topic.append("within");
      long to = timeAfterNow();
      topic.append("after");

      log.seek(log.ranges(log.partitions(topic.name()), from, to));
      assertThat(values(log)).containsExactly("within");

      log.seek(log.ranges(log.partitions(topic.name()), timeAfterNow(), Long.MAX_VALUE));
      assertThat(values(log)).isEmpty();
    }
  }

  @Test
  void does_not_advance_unwanted_partitions() throws Exception {
    topic.create(2);
    topic.append(0, "a");
    topic.append(1, "b");
    try (TopicLog log = TopicLog.open(topic.client(), TIMEOUT)) {
      log.seek(all(log));
      List<String> read = new ArrayList<>();
      while (log.position(topic.partition(1)) < log.end(topic.partition(1))) {
        log.poll(List.of(topic.partition(1))).forEach(each -> read.add(TestTopic.value(each)));
      }

      assertThat(read).containsExactly("b");
      assertThat(log.position(topic.partition(0))).isZero();
      assertThat(values(log)).containsExactly("a");
    }
  }

  @Test
  void skips_the_rest_of_a_partition_and_records_that_were_deleted() throws Exception {
    topic.create(2);
    topic.append(0, "deleted", "kept");
    topic.append(1, "skipped");
    try (TopicLog log = TopicLog.open(topic.client(), TIMEOUT);
        Admin admin = Admin.create(topic.client())) {
      log.seek(all(log));
      log.skipRest(topic.partition(1));
      admin.deleteRecords(Map.of(topic.partition(0), RecordsToDelete.beforeOffset(1))).all().get();

      assertThat(values(log)).containsExactly("kept");
    }
  }

  @Test
  void a_topic_that_is_missing_or_has_too_many_partitions_is_refused() throws Exception {
    try (TopicLog log = TopicLog.open(topic.client(), TIMEOUT)) {
      assertThatThrownBy(() -> log.partitions(topic.name()))
          .isInstanceOf(MissingTopicException.class)
          .hasMessageContaining(topic.name());

      topic.create(2);

      assertThatThrownBy(() -> log.onlyPartition(topic.name()))
          .isInstanceOf(KafkaException.class)
          .hasMessageContaining("2 partitions");
    }
  }

  @Test
  void fails_when_there_is_no_progress() throws Exception {
    topic.create(1);
    topic.append("a");
    try (TopicLog log = TopicLog.open(topic.client(), Duration.ofMillis(300))) {
      log.seek(Map.of(topic.partition(0), new OffsetRange(0, 9)));

      assertThatThrownBy(() -> values(log))
          .isInstanceOf(TimeoutException.class)
          .hasMessageContaining("read to 1 of 9");
    }
  }

  private Map<TopicPartition, OffsetRange> all(TopicLog log) {
    return log.ranges(log.partitions(topic.name()), 0, Long.MAX_VALUE);
  }

  private static List<String> values(TopicLog log) {
    List<String> values = new ArrayList<>();
    log.readToEnd(record -> values.add(TestTopic.value(record)));
    return values;
  }

  /** A time that no record appended before has, and no record appended later is before. */
  private static long timeAfterNow() {
    long now = System.currentTimeMillis();
    while (System.currentTimeMillis() == now) {
      Thread.onSpinWait();
    }
    return now + 1;
  }
}
