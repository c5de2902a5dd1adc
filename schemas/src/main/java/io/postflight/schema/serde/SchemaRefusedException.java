package io.postflight.schema.serde;

import org.apache.kafka.common.KafkaException;

/**
 * The registry does not take a schema (incompatible with an earlier version, invalid), or has none
 * where the configuration says that there is one. A fault of the deployment: neither the record nor
 * waiting will mend it.
 */
public final class SchemaRefusedException extends KafkaException {
  public SchemaRefusedException(String message) {
    super(message);
  }
}
