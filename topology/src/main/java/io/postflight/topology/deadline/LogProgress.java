package io.postflight.topology.deadline;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** How far a topic reaches, and how far its consumers have come. */
interface LogProgress {
  /** The end of every partition of a topic: the offset that the next record will get. */
  Map<TopicPartition, Long> ends(String topic);

  /**
   * Whether the pipeline has processed and committed all that stands before these ends, so that no
   * record is left to be read there.
   */
  boolean passed(Map<TopicPartition, Long> ends);
}
