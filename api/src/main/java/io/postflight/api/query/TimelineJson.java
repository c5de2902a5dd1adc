package io.postflight.api.query;

import com.fasterxml.jackson.core.JsonGenerator;
import io.postflight.store.TimelineItem;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** A timeline item in the JSON form of an event. */
final class TimelineJson {
  private TimelineJson() {}

  static void write(JsonGenerator json, String tenant, PersonItem of) throws IOException {
    TimelineItem item = of.event();
    json.writeStartObject();
    json.writeStringField("tenant", tenant);
    MessageJson.text(json, "messageId", item.messageId());
    json.writeStringField("eventId", item.eventId());
    json.writeStringField("userId", of.userId());
    if (item.alias() != null) {
      json.writeArrayFieldStart("aliases");
      json.writeString(item.alias());
      json.writeEndArray();
    }
    json.writeStringField("type", item.type());
    json.writeStringField("provider", item.provider());
    json.writeStringField("channel", item.channel());
    json.writeStringField("direction", item.direction().name());
    json.writeStringField("status", item.status().name());
    MessageJson.text(json, "providerStatus", item.providerStatus());
    json.writeStringField("eventTime", Instant.ofEpochMilli(item.eventTime()).toString());
    json.writeStringField("eventTimeSource", item.eventTimeSource().name());
    MessageJson.errorCode(json, item.errorCode());
    if (!item.attributes().isEmpty()) {
      json.writeObjectFieldStart("attributes");
      for (Map.Entry<String, String> each : new TreeMap<>(item.attributes()).entrySet()) {
        json.writeStringField(each.getKey(), each.getValue());
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }
}
