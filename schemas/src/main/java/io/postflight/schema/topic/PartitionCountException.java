package io.postflight.schema.topic;

import org.apache.kafka.common.KafkaException;

/** A topic that must have exactly one partition has several. Retrying does not help. */
public final class PartitionCountException extends KafkaException {
  private static final long serialVersionUID = 1L;

  /** Names the topic and what to do. */
  public PartitionCountException(String topic, int partitions) {
    super(
        ("topic '%s' has %d partitions; exactly one is allowed: delete it, create it with"
                + " 'postflight topics apply', and copy its records")
            .formatted(topic, partitions));
  }
}
