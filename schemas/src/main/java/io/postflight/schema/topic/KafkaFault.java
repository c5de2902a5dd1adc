package io.postflight.schema.topic;

import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** What the failure of a Kafka client means for whoever waits for Kafka. */
public enum KafkaFault {
  /** Kafka does not answer, or not in time: wait and try again. */
  UNAVAILABLE,
  /** Kafka answers and refuses this client: credentials or rights are missing. */
  REFUSED,
  /** This client cannot be made, or cannot talk to these brokers: its settings have to change. */
  MISCONFIGURED;

  /** A host name may become resolvable later, so this one of all configuration errors may pass. */
  private static final String UNRESOLVED = "No resolvable bootstrap urls";

  /** The meaning of a failure, read off the types of its causes. */
  public static KafkaFault of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
        return REFUSED;
      }
      if (cause instanceof ConfigException || cause instanceof UnsupportedVersionException) {
        return String.valueOf(cause.getMessage()).contains(UNRESOLVED)
            ? UNAVAILABLE
            : MISCONFIGURED;
      }
    }
    return UNAVAILABLE;
  }
}
