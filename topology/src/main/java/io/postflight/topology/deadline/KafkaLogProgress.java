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
 * Progress of a consumer group, read from the broker, so that it holds for however many instances
 * share the group's work.
 *
 * <p>In a topic written in transactions, offsets are taken by commit markers and by records of
 * aborted transactions as well. A committed offset may therefore rest below the end although no
 * record is left. Where it does, a probe reads from the committed offset: if it comes to the end
 * without having seen a record, the partition is passed.
 */
final class KafkaLogProgress implements LogProgress, AutoCloseable {
  private static final Duration PROBE_POLL = Duration.ofMillis(200);
  private static final int PROBE_POLLS = 10;

  private final Admin admin;
  private final String group;
  private final Consumer<byte[], byte[]> probe;
  private final Duration timeout;

  /**
   * @param admin stays the caller's
   * @param group whose progress
   * @param probe reads committed records only, without a group; closed by {@link #close}
   * @param timeout how long a question to the broker may take
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
      // The group begins such a partition at its first record.
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

  @Override
  public void close() {
    probe.close();
  }

  /** Whether a record is left from an offset to the end; also true when that cannot be told now. */
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
      throw new ProgressUnknownException("no answer from Kafka within " + timeout, late);
    }
  }

  /** The broker did not tell; to be asked again later. */
  static final class ProgressUnknownException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ProgressUnknownException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
