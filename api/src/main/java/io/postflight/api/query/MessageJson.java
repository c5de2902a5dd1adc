package io.postflight.api.query;

import com.fasterxml.jackson.core.JsonGenerator;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Edits;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.store.ListingItem;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message as JSON: facts and derived values. Keys without a value are omitted. */
final class MessageJson {
  private MessageJson() {}

  /** Writes all facts of a message. */
  static void write(JsonGenerator json, MessageRevision message) throws IOException {
    MessageFacts facts = message.getFacts();
    json.writeStartObject();
    json.writeStringField("messageId", message.getMessageId());
    text(json, "userId", Facts.text(facts, Facts.USER_ID));
    text(json, "channel", Facts.text(facts, Facts.CHANNEL));
    text(json, "provider", Facts.text(facts, Facts.PROVIDER));
    text(json, "direction", Facts.text(facts, Facts.DIRECTION));
    status(json, facts.getTimes(), facts.getUnconfirmedAt(), message.getCreatedAt());
    error(json, Facts.error(facts));
    price(json, facts.getPrice());
    text(json, "sender", Facts.text(facts, Facts.SENDER));
    text(json, "recipient", Facts.text(facts, Facts.RECIPIENT));
    text(json, "body", Edits.body(facts));
    time(json, "editedAt", facts.getEditedAt());
    time(json, "revokedAt", facts.getRevokedAt());
    attributes(json, facts);
    json.writeArrayFieldStart("redacted");
    for (String field : facts.getRedacted()) {
      json.writeString(field);
    }
    json.writeEndArray();
    json.writeNumberField("revision", message.getRevision());
    json.writeStringField("tier", message.getTier());
    json.writeEndObject();
  }

  /** Writes the listed facts of a message. */
  static void write(JsonGenerator json, ListingItem item) throws IOException {
    json.writeStartObject();
    json.writeStringField("messageId", item.messageId());
    text(json, "userId", item.userId());
    text(json, "channel", item.channel());
    text(json, "provider", item.provider());
    text(json, "direction", item.direction());
    status(json, item.times(), item.unconfirmedAt(), item.createdAt());
    errorCode(json, item.errorCode());
    json.writeNumberField("revision", item.revision());
    json.writeEndObject();
  }

  private static void status(
      JsonGenerator json, Map<String, Long> times, @Nullable Long unconfirmedAt, long createdAt)
      throws IOException {
    MessageStatus status = MessageStatus.of(times, unconfirmedAt);
    Long completedAt = MessageStatus.completedAt(times, unconfirmedAt);
    text(json, "status", status == null ? null : status.name());
    json.writeBooleanField("inflight", completedAt == null);
    json.writeBooleanField("contradiction", MessageStatus.contradiction(times));
    json.writeBooleanField("unconfirmed", status == MessageStatus.UNCONFIRMED);
    time(json, "createdAt", createdAt);
    time(json, "completedAt", completedAt);
    json.writeObjectFieldStart("times");
    for (Status each : Status.values()) {
      Long time = times.get(each.name());
      if (time != null) {
        time(json, each.name(), time);
      }
    }
    json.writeEndObject();
  }

  private static void error(JsonGenerator json, @Nullable EventError error) throws IOException {
    if (error == null) {
      return;
    }
    json.writeObjectFieldStart("error");
    text(json, "code", error.getCode());
    text(json, "title", error.getTitle());
    text(json, "detail", error.getDetail());
    json.writeEndObject();
  }

  private static void price(JsonGenerator json, @Nullable Price price) throws IOException {
    if (price == null) {
      return;
    }
    json.writeObjectFieldStart("price");
    text(json, "amount", price.getAmount());
    text(json, "currency", price.getCurrency());
    text(json, "category", price.getCategory());
    if (price.getBillable() != null) {
      json.writeBooleanField("billable", price.getBillable());
    }
    json.writeEndObject();
  }

  private static void attributes(JsonGenerator json, MessageFacts facts) throws IOException {
    json.writeObjectFieldStart("attributes");
    for (Map.Entry<String, String> each : Facts.attributes(facts).entrySet()) {
      json.writeStringField(each.getKey(), each.getValue());
    }
    json.writeEndObject();
  }

  /** Writes an error of which only the code is known. */
  static void errorCode(JsonGenerator json, @Nullable String code) throws IOException {
    if (code != null) {
      json.writeObjectFieldStart("error");
      json.writeStringField("code", code);
      json.writeEndObject();
    }
  }

  /** Writes a text unless it is null. */
  static void text(JsonGenerator json, String name, @Nullable String value) throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  private static void time(JsonGenerator json, String name, @Nullable Long millis)
      throws IOException {
    if (millis != null) {
      json.writeStringField(name, Instant.ofEpochMilli(millis).toString());
    }
  }
}
