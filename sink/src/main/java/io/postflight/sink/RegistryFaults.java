package io.postflight.sink;

import org.apache.kafka.common.errors.SerializationException;

/** Tells a schema registry that is away from bytes that nobody can read. */
public final class RegistryFaults {
  private static final String REGISTRY_FAULT = "RestClientException";
  private static final String UNKNOWN_SCHEMA = "40403";

  private RegistryFaults() {}

  /**
   * Whether a deserializer failed since the registry is away. Confluent's own says with one
   * exception that bytes are bad and that the registry is away; the cause tells them apart.
   */
  public static boolean registryIsAway(SerializationException failure) {
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
