package io.postflight.api.query;

import com.fasterxml.jackson.core.JsonGenerator;
import io.postflight.store.TimelineItem;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A timeline item in the JSON form of an event. */
final class TimelineJson {
  private TimelineJson() {}

  static void write(JsonGenerator json, String tenant, String userId, TimelineItem item)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("tenant", tenant);
    text(json, "messageId", item.messageId());
    json.writeStringField("eventId", item.eventId());
    json.writeStringField("userId", userId);
    json.writeStringField("type", item.type());
    json.writeStringField("provider", item.provider());
    json.writeStringField("channel", item.channel());
    json.writeStringField("direction", item.direction().name());
    json.writeStringField("status", item.status().name());
    text(json, "providerStatus", item.providerStatus());
    json.writeStringField("eventTime", Instant.ofEpochMilli(item.eventTime()).toString());
    json.writeStringField("eventTimeSource", item.eventTimeSource().name());
    if (item.errorCode() != null) {
      json.writeObjectFieldStart("error");
      json.writeStringField("code", item.errorCode());
      json.writeEndObject();
    }
    if (!item.attributes().isEmpty()) {
      json.writeObjectFieldStart("attributes");
      for (Map.Entry<String, String> each : new TreeMap<>(item.attributes()).entrySet()) {
        json.writeStringField(each.getKey(), each.getValue());
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void text(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }
}
