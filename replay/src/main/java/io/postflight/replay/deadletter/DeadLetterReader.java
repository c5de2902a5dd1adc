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

/** Reads what the bytes of a letter are, given where they were on their way to. */
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
   * @throws RegistryUnavailableException if the registry is away: no fault of the letter
   */
  DeadLetterContent read(DeadLetterRecord letter, Route.To to) {
    byte[] value = letter.value();
    if (to.kind() == Route.Kind.RAW) {
      return new DeadLetterContent.Raw(letter.provider());
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
      if (registryIsAway(undecodable)) {
        throw new RegistryUnavailableException(
            String.valueOf(undecodable.getMessage()), undecodable);
      }
      return new DeadLetterContent.Unreadable(String.valueOf(undecodable.getMessage()));
    }
  }

  /** Bytes of a record for its tier's topic. */
  byte[] bytes(String topic, TierRecord record) {
    return tiers.serializer().serialize(topic, record);
  }

  /** Who told it: as the headers say or, for what is no webhook, the bytes. */
  @Nullable String provider(DeadLetterRecord letter, Route route) {
    String header = letter.provider();
    return header != null || !(route instanceof Route.To to) ? header : read(letter, to).provider();
  }

  /**
   * Confluent's deserializer says with one exception that bytes are bad and that the registry is
   * away; the cause tells them apart.
   */
  private static boolean registryIsAway(SerializationException failure) {
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
