package io.postflight.replay.deadletter;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.serde.PoisonRecordException;
import io.postflight.sink.write.ValueDecoder;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/** Decodes the bytes of a dead letter according to their topic. */
final class DeadLetterReader implements AutoCloseable {
  private final Serde<MessageEvent> events;
  private final Serde<TierRecord> tiers;

  DeadLetterReader(AvroSerdes serdes) {
    events = serdes.value(MessageEvent.class);
    tiers = serdes.value(TierRecord.class);
  }

  /**
   * Reads.
   *
   * @throws io.postflight.schema.serde.RegistryUnavailableException if the registry is unavailable
   */
  DeadLetterContent read(DeadLetterRecord deadLetter, Route.To to) {
    if (to.kind() == Route.RouteKind.RAW) {
      return new DeadLetterContent.RawContent(deadLetter.provider());
    }
    try {
      return to.kind() == Route.RouteKind.EVENTS
          ? new DeadLetterContent.EventContent(decode(events, deadLetter, to))
          : new DeadLetterContent.RowsContent(decode(tiers, deadLetter, to));
    } catch (PoisonRecordException poison) {
      return new DeadLetterContent.UnreadableContent(String.valueOf(poison.getMessage()));
    }
  }

  private static <T> T decode(Serde<T> serde, DeadLetterRecord deadLetter, Route.To to) {
    return ValueDecoder.decode(
        serde.deserializer(), to.topic(), deadLetter.recordHeaders(), deadLetter.value());
  }

  /** Serializes an event for the topic of events. */
  byte[] bytes(String topic, MessageEvent event) {
    return events.serializer().serialize(topic, event);
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

  @Override
  public void close() {
    events.close();
    tiers.close();
  }
}
