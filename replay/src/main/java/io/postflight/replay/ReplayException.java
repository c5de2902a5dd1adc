package io.postflight.replay;

import io.postflight.schema.topic.KafkaFault;
import io.postflight.schema.topic.MissingTopicException;
import io.postflight.schema.topic.PartitionCountException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** A replay failed for a reason that its user can fix. */
public final class ReplayException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Kind of failure. */
  public enum ReplayFailureKind {
    /** The request cannot be fulfilled: a topic is missing, a job is unknown. */
    INVALID,
    /** A required server is unavailable. */
    UNAVAILABLE
  }

  private final ReplayFailureKind kind;

  /** Creates a failure of a kind. */
  public ReplayException(ReplayFailureKind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  static ReplayException invalid(String message) {
    return new ReplayException(ReplayFailureKind.INVALID, message, null);
  }

  static ReplayException unavailable(String message) {
    return new ReplayException(ReplayFailureKind.UNAVAILABLE, message, null);
  }

  static ReplayException unavailable(String message, Throwable cause) {
    return new ReplayException(ReplayFailureKind.UNAVAILABLE, message, cause);
  }

  /** A failure of a Kafka client: unavailable only if waiting helps. */
  static ReplayException kafka(String message, KafkaException failure) {
    boolean wrongTopic =
        failure instanceof MissingTopicException || failure instanceof PartitionCountException;
    return KafkaFault.of(failure) == KafkaFault.UNAVAILABLE && !wrongTopic
        ? unavailable(message, failure)
        : new ReplayException(ReplayFailureKind.INVALID, message, failure);
  }

  /** Kind of failure. */
  public ReplayFailureKind kind() {
    return kind;
  }
}
