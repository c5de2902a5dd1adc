package io.postflight.schema.serde;

import org.apache.kafka.common.KafkaException;

/**
 * The registry rejects a schema (incompatible with an earlier version, or invalid), or does not
 * have a schema that the configuration requires. A fault of the deployment that retrying does not
 * fix.
 */
public final class SchemaRefusedException extends KafkaException {
  public SchemaRefusedException(String message) {
    super(message);
  }
}
