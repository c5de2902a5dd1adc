package io.postflight.schema.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/**
 * Canonical events and rejections as JSON, each an object on one line. Thread-safe; the static
 * methods write into a document of the caller.
 */
public final class EventJson {
  private final JsonFactory factory = new JsonFactory();

  /** The event as one line of JSON, without a line break. */
  public String event(MessageEvent event) {
    return line(out -> write(out, event));
  }

  /**
   * A rejection as one line of JSON, without a line break.
   *
   * @param index position of the entry in the body, from 0
   */
  public String rejection(String provider, int index, RejectionReason reason, String detail) {
    return line(out -> writeRejection(out, provider, index, reason, detail));
  }

  /** Writes the event as an object, without the reference to the raw record, which is internal. */
  public static void write(JsonGenerator out, MessageEvent event) throws IOException {
    out.writeStartObject();
    out.writeStringField("tenant", event.getTenant());
    JsonFields.text(out, "messageId", event.getMessageId());
    out.writeStringField("eventId", event.getEventId());
    JsonFields.text(out, "userId", event.getUserId());
    out.writeStringField("type", event.getType());
    out.writeStringField("provider", event.getProvider());
    out.writeStringField("channel", event.getChannel());
    out.writeStringField("direction", event.getDirection().name());
    out.writeStringField("status", event.getStatus().name());
    JsonFields.text(out, "providerStatus", event.getProviderStatus());
    JsonFields.time(out, "eventTime", event.getEventTime());
    out.writeStringField("eventTimeSource", event.getEventTimeSource().name());
    JsonFields.time(out, "receivedAt", event.getReceivedAt());
    JsonFields.error(out, event.getError());
    JsonFields.price(out, event.getPrice());
    JsonFields.text(out, "sender", event.getSender());
    JsonFields.text(out, "recipient", event.getRecipient());
    JsonFields.text(out, "body", event.getBody());
    JsonFields.attributes(out, event.getAttributes());
    out.writeEndObject();
  }

  /** Writes a rejection as an object. */
  public static void writeRejection(
      JsonGenerator out, String provider, int index, RejectionReason reason, String detail)
      throws IOException {
    out.writeStartObject();
    out.writeBooleanField("rejected", true);
    out.writeStringField("reason", reason.name());
    out.writeStringField("detail", detail);
    out.writeStringField("provider", provider);
    out.writeNumberField("index", index);
    out.writeEndObject();
  }

  @FunctionalInterface
  private interface Writing {
    void into(JsonGenerator out) throws IOException;
  }

  private String line(Writing writing) {
    StringWriter text = new StringWriter(512);
    try (JsonGenerator out = factory.createGenerator(text)) {
      writing.into(out);
    } catch (IOException e) {
      throw new UncheckedIOException("a StringWriter failed", e);
    }
    return text.toString();
  }
}
