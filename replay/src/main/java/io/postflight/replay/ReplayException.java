package io.postflight.replay;

import io.postflight.schema.topic.KafkaFault;
import io.postflight.schema.topic.MissingTopicException;
import io.postflight.schema.topic.PartitionCountException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** A replay failed for a reason that its user can fix. */
public final class ReplayException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of failure it is. */
  public enum Reason {
    /** The request cannot be fulfilled: a topic is missing, a job is unknown. */
    INVALID,
    /** A required server is unavailable. */
    UNAVAILABLE
  }

  private final Reason reason;

  /** Creates a failure. */
  public ReplayException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  static ReplayException invalid(String message) {
    return new ReplayException(Reason.INVALID, message, null);
  }

  static ReplayException unavailable(String message) {
    return new ReplayException(Reason.UNAVAILABLE, message, null);
  }

  static ReplayException unavailable(String message, Throwable cause) {
    return new ReplayException(Reason.UNAVAILABLE, message, cause);
  }

  /** A failure of a Kafka client: unavailable only if waiting helps. */
  static ReplayException kafka(String message, KafkaException failure) {
    boolean wrongTopic =
        failure instanceof MissingTopicException || failure instanceof PartitionCountException;
    return KafkaFault.of(failure) == KafkaFault.UNAVAILABLE && !wrongTopic
        ? unavailable(message, failure)
        : new ReplayException(Reason.INVALID, message, failure);
  }

  /** What kind of failure it is. */
  public Reason reason() {
    return reason;
  }
}
