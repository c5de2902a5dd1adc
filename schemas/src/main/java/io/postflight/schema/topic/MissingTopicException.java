package io.postflight.schema.topic;

import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** A topic that is needed does not exist. */
public final class MissingTopicException extends UnknownTopicOrPartitionException {
  private static final long serialVersionUID = 1L;

  /** Names the topic and the command that creates it. */
  public MissingTopicException(String topic) {
    super("topic '" + topic + "' is missing ('postflight topics apply' creates it)");
  }
}
