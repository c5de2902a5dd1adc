package io.postflight.sink;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the acknowledged is behind the end of the topic, in offsets. Records that wait in Kafka
 * Streams' buffers count, which the consumer's own lag leaves out.
 */
final class Lag {
  private final Trackers trackers;

  /** Per stream thread the ends of its partitions. */
  private final Map<Thread, Map<TopicPartition, Long>> ends = new ConcurrentHashMap<>();

  /** The first offset read of a partition, for as long as nothing of it was tracked. */
  private final Map<TopicPartition, Long> firstRead = new ConcurrentHashMap<>();

  Lag(Trackers trackers) {
    this.trackers = trackers;
  }

  void read(TopicPartition partition, long offset) {
    firstRead.putIfAbsent(partition, offset);
  }

  /** Takes the ends of all partitions that a thread has, and forgets those it had. */
  void ends(Thread thread, Map<TopicPartition, Long> itsEnds) {
    Map<TopicPartition, Long> before = ends.put(thread, Map.copyOf(itsEnds));
    if (before != null) {
      before.keySet().stream()
          .filter(partition -> !itsEnds.containsKey(partition))
          .forEach(firstRead::remove);
    }
    ends.keySet().removeIf(other -> !other.isAlive());
  }

  /** Of all partitions of this instance, together. */
  long records() {
    long sum = 0;
    for (Map<TopicPartition, Long> some : ends.values()) {
      for (Map.Entry<TopicPartition, Long> each : some.entrySet()) {
        sum += Math.max(0, each.getValue() - done(each.getKey(), each.getValue()));
      }
    }
    return sum;
  }

  private long done(TopicPartition partition, long end) {
    long below = trackers.of(partition).acknowledgedBelow();
    if (below == OffsetTracker.NOTHING) {
      return firstRead.getOrDefault(partition, end);
    }
    OffsetAndMetadata committed = trackers.committed(partition);
    return committed == null ? below : Math.max(below, committed.offset());
  }
}
