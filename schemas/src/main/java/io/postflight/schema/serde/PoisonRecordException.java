package io.postflight.schema.serde;

import org.apache.kafka.common.errors.SerializationException;

/**
 * A record whose bytes can never be read, whoever tries and however often: no magic byte, too
 * short, a schema id that no registry knows, or bytes that do not decode. It belongs in {@code
 * dead.letters}.
 */
public final class PoisonRecordException extends SerializationException {
  public PoisonRecordException(String message) {
    super(message);
  }

  public PoisonRecordException(String message, Throwable cause) {
    super(message, cause);
  }
}
