package io.postflight.schema.topic;

import io.postflight.schema.serde.RegistryOutage;
import java.util.concurrent.TimeoutException;
import javax.security.auth.login.LoginException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** Classifies failures of Kafka clients. */
public enum KafkaFault {
  /** Kafka is unavailable or does not respond in time: retry. */
  UNAVAILABLE,
  /** Kafka rejects this client: credentials or permissions are missing. */
  REFUSED,
  /** The client cannot be created, or is not compatible with the brokers: fix its settings. */
  MISCONFIGURED,
  /** Any other failure, such as a missing key store: waiting does not help. */
  FAILED;

  /** The only transient configuration error: a host name may become resolvable later. */
  private static final String UNRESOLVED = "No resolvable bootstrap urls";

  /** In the text of a failure of the token endpoint that is not retried, such as a 401. */
  private static final String REJECTED_TOKEN_REQUEST = "UnretryableException";

  /** What a login module reports if reading the token failed with an I/O error. */
  private static final String NO_TOKEN = "An internal error occurred while retrieving token";

  /** Classifies a failure by the types of its causes. */
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
      if (cause instanceof LoginException && isOfTokenEndpoint(cause)) {
        return String.valueOf(cause.getMessage()).contains(REJECTED_TOKEN_REQUEST)
            ? REFUSED
            : UNAVAILABLE;
      }
    }
    return isTransient(failure) ? UNAVAILABLE : FAILED;
  }

  /**
   * Whether a login failed because no token could be read from an OAuth endpoint. The Java platform
   * reports a failure of a login module only as the text of its stack trace.
   */
  private static boolean isOfTokenEndpoint(Throwable login) {
    String text = String.valueOf(login.getMessage());
    return text.contains("JwtRetriever.retrieve(") || text.startsWith(NO_TOKEN);
  }

  private static boolean isTransient(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RetriableException
          || cause instanceof UnknownServerException
          || cause instanceof TimeoutException) {
        return true;
      }
    }
    return RegistryOutage.isCauseOf(failure);
  }
}
