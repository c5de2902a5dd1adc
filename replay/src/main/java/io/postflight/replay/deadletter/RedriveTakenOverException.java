package io.postflight.replay.deadletter;

import org.apache.kafka.common.KafkaException;

/** Another redrive of the same deployment has begun: of two, the later one goes on. */
public final class RedriveTakenOverException extends KafkaException {
  private static final long serialVersionUID = 1L;

  RedriveTakenOverException(Throwable cause) {
    super("another redrive of these dead letters has begun and goes on instead of this one", cause);
  }
}
