package io.postflight.schema.serde;

import java.io.IOException;
import java.util.Arrays;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Distinguishes an unavailable schema registry from records that cannot be serialized or
 * deserialized.
 *
 * <p>Our serdes throw {@link RegistryUnavailableException}. Confluent's throw one exception for
 * both, or a timeout; the cause distinguishes them: a response of the registry with an error, or an
 * {@link IOException}, unless Avro has thrown it because the bytes of a record end too early.
 */
public final class RegistryOutage {
  private static final String ERROR_RESPONSE = "RestClientException";

  /** In messages of an error response: the schema does not exist, or is refused. */
  private static final String PERMANENT = "(?s).*error code: (40403|409|422\\d\\d).*";

  private static final String AVRO_DECODER = "org.apache.avro.io.";

  private RegistryOutage() {}

  /** Whether a serializer or deserializer failed because the registry is unavailable. */
  public static boolean isCauseOf(Throwable failure) {
    boolean ofSerde = false;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RegistryUnavailableException) {
        return true;
      }
      if (cause instanceof PoisonRecordException) {
        return false;
      }
      if (cause.getClass().getSimpleName().equals(ERROR_RESPONSE)) {
        return !String.valueOf(cause.getMessage()).matches(PERMANENT);
      }
      ofSerde |= cause instanceof SerializationException || cause instanceof TimeoutException;
      if (ofSerde && cause instanceof IOException) {
        return Arrays.stream(cause.getStackTrace())
            .noneMatch(frame -> frame.getClassName().startsWith(AVRO_DECODER));
      }
    }
    return false;
  }
}
