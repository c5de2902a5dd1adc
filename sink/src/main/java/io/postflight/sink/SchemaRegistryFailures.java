package io.postflight.sink;

import org.apache.kafka.common.errors.SerializationException;

/** Distinguishes an unavailable schema registry from bytes that cannot be decoded. */
public final class SchemaRegistryFailures {
  private static final String REGISTRY_FAULT = "RestClientException";
  private static final String UNKNOWN_SCHEMA = "40403";

  private SchemaRegistryFailures() {}

  /**
   * Whether a deserializer failed because the registry is unavailable. Confluent's deserializer
   * throws the same exception for invalid bytes and for an unavailable registry; the cause
   * distinguishes them.
   */
  public static boolean registryUnavailable(SerializationException failure) {
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause.getClass().getSimpleName().equals(REGISTRY_FAULT)) {
        return !String.valueOf(cause.getMessage()).contains(UNKNOWN_SCHEMA);
      }
      if (cause instanceof java.net.SocketException
          || cause instanceof java.net.SocketTimeoutException
          || cause instanceof java.net.UnknownHostException) {
        return true;
      }
    }
    return false;
  }
}
