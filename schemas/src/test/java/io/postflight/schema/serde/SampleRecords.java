package io.postflight.schema.serde;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.RawReference;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;

/** Whole records, every field set. */
final class SampleRecords {
  private SampleRecords() {}

  static MessageEvent event() {
    return new MessageEvent(
        "acme",
        "wamid.HBgMNTkzOTkwMDAwNTI1",
        "q83vEjRWeJCrze8SNFZ4kA",
        "593990000525",
        "message.failed",
        "whatsapp",
        "WHATSAPP",
        Direction.OUTBOUND,
        Status.FAILED,
        "failed",
        1_760_659_226_000L,
        EventTimeSource.PROVIDER,
        1_760_659_227_123L,
        new EventError("131047", "Re-engagement message", "More than 24 hours — ¡adiós! 🙈"),
        new Price("0.0125", "USD", "marketing", true),
        "15550001111",
        "593990000525",
        "señal",
        Map.of("conversationId", "c-1", "empty", ""),
        new RawReference(3, 1_234_567L, 0),
        List.of("DE.777"),
        List.of());
  }

  static TierRecord tierRecord() {
    MessageEvent event = event();
    return new TierRecord(
        "acme",
        List.of(new TimelineEntry(event, event.getEventTime(), 4)),
        new MessageRevision(
            "acme", "wamid.1", "30d", 1L, 2L, 1, 8, Facts.join(Facts.of(event), Facts.NONE)),
        event.getReceivedAt(),
        null,
        1L,
        null);
  }

  /** As Avro itself writes it. */
  static byte[] avro(MessageEvent event) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new SpecificDatumWriter<>(MessageEvent.class).write(event, encoder);
    encoder.flush();
    return out.toByteArray();
  }
}
