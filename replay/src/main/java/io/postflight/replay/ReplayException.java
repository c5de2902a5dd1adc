package io.postflight.replay;

import io.postflight.schema.topic.KafkaFault;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** A replay cannot go on, for a reason that its user can do something about. */
public final class ReplayException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of reason. */
  public enum Kind {
    /** What was asked for cannot be done: a topic is missing, nothing is known of a job. */
    INVALID,
    /** A server that is needed does not answer. */
    UNAVAILABLE
  }

  private final Kind kind;

  /** A failure of a kind, for a reason that the message gives. */
  public ReplayException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  static ReplayException invalid(String message) {
    return new ReplayException(Kind.INVALID, message, null);
  }

  static ReplayException unavailable(String message, @Nullable Throwable cause) {
    return new ReplayException(Kind.UNAVAILABLE, message, cause);
  }

  /** What a Kafka client failed with: only if Kafka is unavailable does waiting help. */
  static ReplayException kafka(String message, KafkaException failure) {
    return KafkaFault.of(failure) == KafkaFault.UNAVAILABLE
        ? unavailable(message, failure)
        : new ReplayException(Kind.INVALID, message, failure);
  }

  /** What kind of reason. */
  public Kind kind() {
    return kind;
  }
}
