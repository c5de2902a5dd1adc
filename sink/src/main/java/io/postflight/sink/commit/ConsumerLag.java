package io.postflight.sink.commit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Lag of the acknowledged offsets behind the end of the topic. Includes the records in the buffers
 * of Kafka Streams, which the consumer's own lag leaves out.
 */
public final class ConsumerLag {
  private final PartitionOffsets partitionOffsets;

  /** End offsets of each stream thread's partitions. */
  private final Map<Thread, Map<TopicPartition, Long>> ends = new ConcurrentHashMap<>();

  /** Creates a lag over the tracked offsets of this instance. */
  public ConsumerLag(PartitionOffsets partitionOffsets) {
    this.partitionOffsets = partitionOffsets;
  }

  /** Replaces the end offsets of a thread's partitions. */
  public void ends(Thread thread, Map<TopicPartition, Long> partitionEnds) {
    Map<TopicPartition, Long> before = ends.put(thread, Map.copyOf(partitionEnds));
    if (before != null) {
      before.keySet().stream()
          .filter(partition -> !partitionEnds.containsKey(partition))
          .forEach(partitionOffsets::forgetFirstRead);
    }
    ends.keySet().removeIf(other -> !other.isAlive());
  }

  /** Lag of all partitions of this instance, in records. */
  public long records() {
    long sum = 0;
    for (Map<TopicPartition, Long> some : ends.values()) {
      for (Map.Entry<TopicPartition, Long> each : some.entrySet()) {
        sum += Math.max(0, each.getValue() - done(each.getKey(), each.getValue()));
      }
    }
    return sum;
  }

  private long done(TopicPartition partition, long end) {
    long below = partitionOffsets.of(partition).acknowledgedBelow();
    if (below == OffsetTracker.NOTHING) {
      Long first = partitionOffsets.firstRead(partition);
      return first == null ? end : first;
    }
    OffsetAndMetadata committed = partitionOffsets.committed(partition);
    return committed == null ? below : Math.max(below, committed.offset());
  }
}
