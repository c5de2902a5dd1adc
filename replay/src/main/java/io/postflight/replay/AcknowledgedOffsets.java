package io.postflight.replay;

import io.postflight.schema.topic.OffsetRange;
import io.postflight.schema.topic.TopicLog;
import io.postflight.sink.commit.OffsetTracker;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Tracks the offsets of which the database has acknowledged all rows. */
final class AcknowledgedOffsets {
  private final Map<TopicPartition, OffsetRange> spans;
  private final Map<TopicPartition, OffsetTracker> trackers = new TreeMap<>(TopicLog.ORDER);
  private final Map<TopicPartition, Long> generations = new TreeMap<>(TopicLog.ORDER);

  AcknowledgedOffsets(Map<TopicPartition, OffsetRange> spans) {
    this.spans = spans;
    spans
        .keySet()
        .forEach(
            partition -> {
              OffsetTracker tracker = new OffsetTracker();
              generations.put(partition, tracker.open(this));
              trackers.put(partition, tracker);
            });
  }

  /** Tracks a record; run the result once its rows are acknowledged. */
  Runnable track(ConsumerRecord<?, ?> record) {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    OffsetTracker tracker = tracker(partition);
    long ticket =
        tracker.track(generations.getOrDefault(partition, 0L), record.offset(), System.nanoTime());
    return () -> {
      boolean unused = tracker.acknowledge(ticket);
    };
  }

  /**
   * The lowest offset not yet acknowledged, by partition.
   *
   * @param positions offsets processed so far
   */
  Map<TopicPartition, Long> below(Map<TopicPartition, Long> positions) {
    Map<TopicPartition, Long> below = new TreeMap<>(TopicLog.ORDER);
    trackers.forEach(
        (partition, tracker) -> {
          // Tracked records are known individually; for skipped ones the position counts.
          long offset = tracker.acknowledgedBelow();
          Long position = positions.get(partition);
          if (position != null) {
            long committable = tracker.committable(this, position);
            offset =
                Math.max(offset, committable == OffsetTracker.NOTHING ? position : committable);
          }
          if (offset != OffsetTracker.NOTHING) {
            below.put(partition, offset);
          }
        });
    return below;
  }

  long done(Map<TopicPartition, Long> positions) {
    long done = 0;
    for (Map.Entry<TopicPartition, Long> each : below(positions).entrySet()) {
      OffsetRange span = spans.get(each.getKey());
      done += span == null ? 0 : each.getValue() - span.from();
    }
    return done;
  }

  private OffsetTracker tracker(TopicPartition partition) {
    OffsetTracker tracker = trackers.get(partition);
    if (tracker == null) {
      throw new IllegalStateException("no span for " + partition);
    }
    return tracker;
  }
}
