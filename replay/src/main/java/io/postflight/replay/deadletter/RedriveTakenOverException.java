package io.postflight.replay.deadletter;

import org.apache.kafka.common.KafkaException;

/** Another redrive of the same deployment has started and fenced this one. */
public final class RedriveTakenOverException extends KafkaException {
  private static final long serialVersionUID = 1L;

  RedriveTakenOverException(Throwable cause) {
    super("another redrive of these dead letters has started; this one was fenced", cause);
  }
}
