package io.postflight.operations.doctor;

import io.postflight.operations.OperationsSettings;
import io.postflight.operations.admin.KafkaAdmin;
import io.postflight.operations.admin.ServerFaults;
import io.postflight.operations.admin.TopicState;
import io.postflight.schema.settings.Durations;
import io.postflight.schema.topic.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * Are running roles processing their input in time? Reports the age of the oldest unprocessed
 * record, and fails if one was, or may soon be, deleted before it was processed.
 */
final class LagCheck {
  private static final String CHECK = "lag";
  private static final Duration UNEASY = Duration.ofMinutes(1);

  private final OperationsSettings settings;
  private final KafkaAdmin kafka;
  private final InstantSource clock;

  LagCheck(OperationsSettings settings, KafkaAdmin kafka, InstantSource clock) {
    this.settings = settings;
    this.kafka = kafka;
    this.clock = clock;
  }

  /** A consumer group, the role that it belongs to, and the topic that it reads. */
  private record Group(String role, String id, String topic) {}

  List<Finding> findings(Map<String, TopicState> topics) {
    List<Finding> findings = new ArrayList<>();
    Topics names = settings.kafka().topics();
    List<Group> groups = new ArrayList<>();
    groups.add(new Group("topology", settings.roles().normalizerId(), names.rawWebhooks()));
    groups.add(new Group("topology", settings.roles().lifecycleId(), names.events()));
    for (String tier : settings.tierNames()) {
      groups.add(
          new Group("sink:" + tier, settings.roles().sinkId() + '-' + tier, names.store(tier)));
    }
    for (Group group : groups) {
      group(group, topics, findings);
    }
    return findings;
  }

  private void group(Group group, Map<String, TopicState> topics, List<Finding> findings) {
    int before = findings.size();
    if (members(group.id()) == 0) {
      findings.add(
          Finding.fail(
              CHECK,
              group.role(),
              "no process is running this role: group '" + group.id() + "' has no members",
              "postflight run --roles " + group.role()));
    }
    Map<TopicPartition, OffsetAndMetadata> committed = committed(group.id());
    TopicState topic = topics.get(group.topic());
    long records = topic == null ? 0 : topic(group, topic, committed, findings);
    if (findings.size() == before) {
      findings.add(
          Finding.ok(
              CHECK,
              group.role(),
              records == 0
                  ? "no unprocessed records of " + group.topic()
                  : "%d unprocessed records of %s, the oldest less than %s old"
                      .formatted(records, group.topic(), Durations.format(UNEASY))));
    }
  }

  private int members(String group) {
    DescribeConsumerGroupsResult described = kafka.client().describeConsumerGroups(List.of(group));
    return members(Objects.requireNonNull(described.describedGroups().get(group), group));
  }

  /** A group that does not exist has no members. */
  static int members(KafkaFuture<ConsumerGroupDescription> group) {
    try {
      return group.get().members().size();
    } catch (InterruptedException | ExecutionException failure) {
      if (failure.getCause() instanceof GroupIdNotFoundException) {
        return 0;
      }
      throw ServerFaults.of("consumer groups", failure);
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> committed(String group) {
    Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    kafka
        .get(kafka.client().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
        .forEach(
            (partition, offset) -> {
              if (offset != null) {
                committed.put(partition, offset);
              }
            });
    return committed;
  }

  private long topic(
      Group group,
      TopicState topic,
      Map<TopicPartition, OffsetAndMetadata> committed,
      List<Finding> findings) {
    Map<TopicPartition, Long> begins = offsets(topic, OffsetSpec.earliest());
    Map<TopicPartition, Long> ends = offsets(topic, OffsetSpec.latest());
    long records = 0;
    Map<TopicPartition, Long> waiting = new HashMap<>();
    for (Map.Entry<TopicPartition, Long> end : byNumber(ends).values()) {
      TopicPartition partition = end.getKey();
      long begin = begins.getOrDefault(partition, 0L);
      @Nullable OffsetAndMetadata offset = committed.get(partition);
      long done = offset == null ? 0 : offset.offset();
      if (done < begin && begin > 0) {
        findings.add(lost(group, partition, done, begin));
      }
      long left = end.getValue() - Math.max(done, begin);
      if (left > 0) {
        waiting.put(partition, Math.max(done, begin));
        records += left;
      }
    }
    waiting(group, topic, waiting, findings);
    return records;
  }

  private static Finding lost(Group group, TopicPartition partition, long done, long begin) {
    return Finding.fail(
        CHECK,
        group.role(),
        "records %d to %d of %s were deleted before they were processed"
            .formatted(done, begin - 1, partition),
        "raise the topic's retention, and restore the lost data from a backup or the upstream"
            + " topic");
  }

  private void waiting(
      Group group, TopicState topic, Map<TopicPartition, Long> from, List<Finding> findings) {
    Duration oldest =
        new OldestRecord(settings.kafka().clientProperties())
            .of(from)
            .map(millis -> Duration.ofMillis(Math.max(0, clock.millis() - millis)))
            .orElse(Duration.ZERO);
    if (oldest.compareTo(UNEASY) <= 0) {
      return;
    }
    String retention = topic.config(TopicConfig.RETENTION_MS_CONFIG);
    long kept = retention.matches("\\d{1,18}") ? Long.parseLong(retention) : -1;
    String says =
        "the oldest unprocessed record of %s is %s old"
            .formatted(topic.name(), Durations.format(Duration.ofSeconds(oldest.toSeconds())));
    String advice = "check the role's log and metrics; if it is healthy, add instances or threads";
    findings.add(
        kept >= 0 && oldest.toMillis() > kept / 2
            ? Finding.fail(
                CHECK,
                group.role(),
                says + ", and is deleted after " + Durations.formatMillis(kept),
                "raise the topic's retention now; then " + advice)
            : Finding.warn(CHECK, group.role(), says, advice));
  }

  private Map<TopicPartition, Long> offsets(TopicState topic, OffsetSpec which) {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    for (int partition = 0; partition < topic.partitions(); partition++) {
      asked.put(new TopicPartition(topic.name(), partition), which);
    }
    Map<TopicPartition, Long> offsets = new HashMap<>();
    kafka
        .get(kafka.client().listOffsets(asked).all())
        .forEach((partition, info) -> offsets.put(partition, offset(info)));
    return offsets;
  }

  private static long offset(ListOffsetsResultInfo info) {
    return info.offset();
  }

  private static Map<Integer, Map.Entry<TopicPartition, Long>> byNumber(
      Map<TopicPartition, Long> offsets) {
    Map<Integer, Map.Entry<TopicPartition, Long>> byNumber = new TreeMap<>();
    offsets.entrySet().forEach(each -> byNumber.put(each.getKey().partition(), each));
    return byNumber;
  }
}
