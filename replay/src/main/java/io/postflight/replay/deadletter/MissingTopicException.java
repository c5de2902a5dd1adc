package io.postflight.replay.deadletter;

import org.apache.kafka.common.KafkaException;

/** A topic that is needed does not exist. */
public final class MissingTopicException extends KafkaException {
  private static final long serialVersionUID = 1L;

  MissingTopicException(String topic) {
    super("topic '" + topic + "' is missing ('postflight topics apply' makes it)");
  }
}
