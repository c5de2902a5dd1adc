package io.postflight.operations.normalize;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.RawReference;
import io.postflight.schema.serde.TrustedRecords;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * An event that is compared.
 *
 * @param side where it is from
 * @param event the event
 * @param headers those of the record to append; empty unless the present adapters made it
 */
record ComparedEvent(EventSide side, MessageEvent event, Headers headers) {
  /** Where an event is from. */
  enum EventSide {
    /** The present adapters made it. */
    PRESENT,
    /** A record of {@code events}, whose webhook was read. */
    EXISTING,
    /** A record of {@code events}, whose webhook is outside of the range that was read. */
    OUTSIDE
  }

  private static final EventSide[] SIDES = EventSide.values();

  /** By arrival, then by position in {@code raw.webhooks}. */
  static final Comparator<MessageEvent> ORDER =
      Comparator.<MessageEvent>comparingLong(MessageEvent::getReceivedAt)
          .thenComparing(
              MessageEvent::getRaw,
              Comparator.nullsFirst(
                  Comparator.comparingInt(RawReference::getPartition)
                      .thenComparingLong(RawReference::getOffset)
                      .thenComparingInt(RawReference::getIndex)))
          .thenComparing(MessageEvent::getEventId);

  private static final SpecificDatumWriter<MessageEvent> WRITER = writer();

  /** What precedes a record's Avro encoding in Confluent's format. */
  private static final int SCHEMA_PREFIX_BYTES = 5;

  private static final SpecificDatumReader<MessageEvent> READER =
      new SpecificDatumReader<>(MessageEvent.class);

  private static SpecificDatumWriter<MessageEvent> writer() {
    TrustedRecords.trust();
    return new SpecificDatumWriter<>(MessageEvent.class);
  }

  /**
   * Identifies an event. An event that a provider sends again has the same id and another time of
   * arrival; one that was redriven has both, and another reference to its webhook.
   */
  record Identity(String tenant, String eventId, long receivedAt) {}

  Identity identity() {
    return new Identity(event.getTenant(), event.getEventId(), event.getReceivedAt());
  }

  /** This as bytes, for {@link #decoded}. */
  byte[] encoded() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder out = EncoderFactory.get().directBinaryEncoder(bytes, null);
    out.writeEnum(side.ordinal());
    out.writeInt(headers.toArray().length);
    for (Header header : headers) {
      out.writeString(header.key());
      out.writeString(new String(header.value(), StandardCharsets.UTF_8));
    }
    WRITER.write(event, out);
    return bytes.toByteArray();
  }

  /** Bytes of an event as the value of a record. */
  static int recordBytes(MessageEvent event) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    WRITER.write(event, EncoderFactory.get().directBinaryEncoder(bytes, null));
    return SCHEMA_PREFIX_BYTES + bytes.size();
  }

  static ComparedEvent decoded(byte[] bytes) throws IOException {
    BinaryDecoder in = DecoderFactory.get().binaryDecoder(bytes, null);
    EventSide side = SIDES[in.readEnum()];
    Headers headers = new RecordHeaders();
    for (int left = in.readInt(); left > 0; left--) {
      String name = in.readString();
      headers.add(name, in.readString().getBytes(StandardCharsets.UTF_8));
    }
    return new ComparedEvent(side, READER.read(null, in), headers);
  }
}
