package io.postflight.schema.serde;

import org.apache.kafka.common.errors.SerializationException;

/**
 * A record that can never be deserialized: no magic byte, too short, an unknown schema id, or bytes
 * that cannot be decoded. It is sent to {@code dead.letters}.
 */
public final class PoisonRecordException extends SerializationException {
  public PoisonRecordException(String message) {
    super(message);
  }

  public PoisonRecordException(String message, Throwable cause) {
    super(message, cause);
  }
}
