package io.postflight.schema.serde;

import org.apache.kafka.common.errors.RetriableException;

/**
 * The schema registry is unavailable or rejects requests (connection refused, timeout, 5xx, 401,
 * 403, 429). An infrastructure fault, never one of the record: the call is retried.
 */
public final class RegistryUnavailableException extends RetriableException {
  public RegistryUnavailableException(String message) {
    super(message);
  }

  public RegistryUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
