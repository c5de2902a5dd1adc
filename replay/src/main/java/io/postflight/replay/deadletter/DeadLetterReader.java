package io.postflight.replay.deadletter;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.serde.PoisonRecordException;
import io.postflight.schema.serde.RegistryUnavailableException;
import java.io.IOException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/** Decodes the bytes of a dead letter according to their topic. */
final class DeadLetterReader implements AutoCloseable {
  private static final String REGISTRY_FAULT = "RestClientException";
  private static final String UNKNOWN_SCHEMA = "40403";

  private final Serde<MessageEvent> events;
  private final Serde<TierRecord> tiers;

  DeadLetterReader(AvroSerdes serdes) {
    events = serdes.value(MessageEvent.class);
    tiers = serdes.value(TierRecord.class);
  }

  /**
   * Reads.
   *
   * @throws RegistryUnavailableException if the registry is unavailable
   */
  DeadLetterContent read(DeadLetterRecord deadLetter, Route.To to) {
    byte[] value = deadLetter.value();
    if (to.kind() == Route.Kind.RAW) {
      return new DeadLetterContent.Raw(deadLetter.provider());
    }
    if (value == null) {
      return new DeadLetterContent.Unreadable("the record has no value");
    }
    try {
      return to.kind() == Route.Kind.EVENTS
          ? new DeadLetterContent.Event(events.deserializer().deserialize(to.topic(), value))
          : new DeadLetterContent.Rows(tiers.deserializer().deserialize(to.topic(), value));
    } catch (PoisonRecordException poison) {
      return new DeadLetterContent.Unreadable(String.valueOf(poison.getMessage()));
    } catch (SerializationException undecodable) {
      if (isRegistryUnavailable(undecodable)) {
        throw new RegistryUnavailableException(
            String.valueOf(undecodable.getMessage()), undecodable);
      }
      return new DeadLetterContent.Unreadable(String.valueOf(undecodable.getMessage()));
    }
  }

  /** Serializes a record for its tier topic. */
  byte[] bytes(String topic, TierRecord record) {
    return tiers.serializer().serialize(topic, record);
  }

  /** The provider, from the headers or, if it is not a webhook, the bytes. */
  @Nullable String provider(DeadLetterRecord deadLetter, Route route) {
    String header = deadLetter.provider();
    return header != null || !(route instanceof Route.To to)
        ? header
        : read(deadLetter, to).provider();
  }

  /**
   * Confluent's deserializer throws one exception for invalid bytes and for an unavailable
   * registry; its cause distinguishes them.
   */
  private static boolean isRegistryUnavailable(SerializationException failure) {
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause.getClass().getSimpleName().equals(REGISTRY_FAULT)) {
        return !String.valueOf(cause.getMessage()).contains(UNKNOWN_SCHEMA);
      }
      if (cause instanceof IOException) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    events.close();
    tiers.close();
  }
}
