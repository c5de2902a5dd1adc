package io.postflight.topology.deadline;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

/**
 * Progress of a consumer group, read from the broker, so that it covers all instances of the group.
 *
 * <p>In a transactional topic, commit markers and records of aborted transactions have offsets as
 * well. A committed offset may therefore remain below the end although no record is left. In this
 * case a probe reads from the committed offset: if it reaches the end without a record, the
 * partition is passed.
 */
final class KafkaLogProgress implements LogProgress {
  private static final Duration PROBE_POLL = Duration.ofMillis(200);
  private static final int PROBE_POLLS = 10;

  private final Admin admin;
  private final String group;
  private final Consumer<byte[], byte[]> probe;
  private final Duration timeout;

  /**
   * @param admin closed by the caller
   * @param group the consumer group
   * @param probe reads committed records only, without a group; closed by the caller
   * @param timeout of a request to the broker
   */
  KafkaLogProgress(Admin admin, String group, Consumer<byte[], byte[]> probe, Duration timeout) {
    this.admin = admin;
    this.group = group;
    this.probe = probe;
    this.timeout = timeout;
  }

  @Override
  public Map<TopicPartition, Long> ends(String topic) {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    for (TopicDescription described :
        result(admin.describeTopics(List.of(topic)).allTopicNames()).values()) {
      for (TopicPartitionInfo partition : described.partitions()) {
        latest.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest());
      }
    }
    return offsets(latest);
  }

  @Override
  public boolean passed(Map<TopicPartition, Long> ends) {
    Map<TopicPartition, OffsetAndMetadata> committed =
        result(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    Map<TopicPartition, Long> open = new HashMap<>();
    Map<TopicPartition, OffsetSpec> neverCommitted = new HashMap<>();
    ends.forEach(
        (partition, end) -> {
          OffsetAndMetadata offset = committed.get(partition);
          if (offset == null) {
            neverCommitted.put(partition, OffsetSpec.earliest());
          } else if (offset.offset() < end) {
            open.put(partition, offset.offset());
          }
        });
    if (!neverCommitted.isEmpty()) {
      // The group starts such a partition at its first record.
      offsets(neverCommitted)
          .forEach(
              (partition, first) -> {
                if (first < ends.getOrDefault(partition, 0L)) {
                  open.put(partition, first);
                }
              });
    }
    for (Map.Entry<TopicPartition, Long> partition : open.entrySet()) {
      if (hasRecords(
          partition.getKey(), partition.getValue(), ends.getOrDefault(partition.getKey(), 0L))) {
        return false;
      }
    }
    return true;
  }

  /** Whether there is a record between an offset and the end; also true if that is unknown. */
  private boolean hasRecords(TopicPartition partition, long from, long end) {
    probe.assign(List.of(partition));
    probe.seek(partition, from);
    for (int i = 0; i < PROBE_POLLS; i++) {
      if (!probe.poll(PROBE_POLL).isEmpty()) {
        return true;
      }
      if (probe.position(partition) >= end) {
        return false;
      }
    }
    return true;
  }

  private Map<TopicPartition, Long> offsets(Map<TopicPartition, OffsetSpec> specs) {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> entry :
        result(admin.listOffsets(specs).all()).entrySet()) {
      offsets.put(entry.getKey(), entry.getValue().offset());
    }
    return offsets;
  }

  private <T> T result(KafkaFuture<T> future) {
    try {
      return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ProgressUnknownException("interrupted", interrupted);
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      throw new ProgressUnknownException(String.valueOf(cause.getMessage()), cause);
    } catch (TimeoutException late) {
      throw new ProgressUnknownException("no response from Kafka within " + timeout, late);
    }
  }

  /** The progress could not be read from the broker; the request is repeated later. */
  static final class ProgressUnknownException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ProgressUnknownException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
