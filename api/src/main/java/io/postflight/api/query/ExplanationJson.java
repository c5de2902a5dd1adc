package io.postflight.api.query;

import com.fasterxml.jackson.core.JsonGenerator;
import io.postflight.schema.explain.ExplainedEvent;
import io.postflight.schema.explain.ExplainedFact;
import java.io.IOException;
import java.time.Instant;

/** An explained message as JSON. */
final class ExplanationJson {
  private ExplanationJson() {}

  static void write(JsonGenerator json, Explanations.ExplainedMessage explained)
      throws IOException {
    json.writeStartObject();
    json.writeFieldName("message");
    MessageJson.write(json, explained.message());
    json.writeArrayFieldStart("facts");
    for (ExplainedFact fact : explained.explanation().facts()) {
      json.writeStartObject();
      json.writeStringField("fact", fact.fact());
      json.writeStringField("value", fact.value());
      MessageJson.text(json, "event", fact.event());
      json.writeStringField("why", fact.why());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeBooleanField("eventsComplete", explained.eventsComplete());
    json.writeArrayFieldStart("events");
    for (ExplainedEvent event : explained.explanation().events()) {
      write(json, event);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, ExplainedEvent event) throws IOException {
    json.writeStartObject();
    json.writeStringField("eventId", event.eventId());
    MessageJson.text(json, "providerStatus", event.providerStatus());
    json.writeStringField("status", event.status().name());
    json.writeStringField("eventTime", Instant.ofEpochMilli(event.eventTime()).toString());
    Long receivedAt = event.receivedAt();
    if (receivedAt != null) {
      json.writeStringField("receivedAt", Instant.ofEpochMilli(receivedAt).toString());
    }
    json.writeStringField("outcome", event.outcome().name());
    json.writeStringField("detail", event.detail());
    json.writeEndObject();
  }
}
