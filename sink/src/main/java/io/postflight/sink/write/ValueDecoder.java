package io.postflight.sink.write;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.PoisonRecordException;
import io.postflight.schema.serde.RegistryOutage;
import io.postflight.schema.serde.RegistryUnavailableException;
import io.postflight.store.ErasureValidator;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Deserializes values, and distinguishes bytes that can never be decoded from an unavailable schema
 * registry, also with Confluent's deserializer.
 */
public final class ValueDecoder {
  private ValueDecoder() {}

  /**
   * Deserializes a value.
   *
   * @throws PoisonRecordException if there is none, or it can never be decoded
   * @throws RegistryUnavailableException if the schema registry is unavailable
   */
  public static <T> T decode(
      Deserializer<T> deserializer, String topic, Headers headers, byte @Nullable [] value) {
    if (value == null) {
      throw new PoisonRecordException("the record has no value");
    }
    try {
      return deserializer.deserialize(topic, headers, value);
    } catch (PoisonRecordException poison) {
      throw poison;
    } catch (SerializationException failure) {
      String why = String.valueOf(failure.getMessage());
      throw RegistryOutage.isCauseOf(failure)
          ? new RegistryUnavailableException(why, failure)
          : new PoisonRecordException(why, failure);
    }
  }

  /**
   * Deserializes a record of a tier topic. A command that this version does not fully understand is
   * not applied in part: it becomes a dead letter, to be redriven by a version that understands it.
   *
   * @throws PoisonRecordException also if its command is invalid
   * @throws RegistryUnavailableException if the schema registry is unavailable
   */
  public static TierRecord decodeTierRecord(
      Deserializer<TierRecord> deserializer,
      String topic,
      Headers headers,
      byte @Nullable [] value) {
    TierRecord record = decode(deserializer, topic, headers, value);
    Erasure command = record.getCommand();
    if (command == null) {
      return record;
    }
    if (record.getMessage() != null
        || !record.getTimeline().isEmpty()
        || record.getIdentity() != null) {
      throw new PoisonRecordException(
          "erasure '" + command.getId() + "' has rows; a command must not have rows");
    }
    try {
      ErasureValidator.require(command);
    } catch (IllegalArgumentException invalid) {
      throw new PoisonRecordException(String.valueOf(invalid.getMessage()), invalid);
    }
    return record;
  }
}
