package io.postflight.topology.deadline;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** End offsets of a topic, and the progress of a consumer group. */
interface LogProgress {
  /** The end offset of every partition of a topic: the offset of the next record. */
  Map<TopicPartition, Long> ends(String topic);

  /** Whether the group has processed and committed all records before these offsets. */
  boolean passed(Map<TopicPartition, Long> ends);
}
