package io.postflight.devstack.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postflight.devstack.simulator.SimulatedEvent.Failure;
import io.postflight.devstack.simulator.SimulatedEvent.SimulatedSubject;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.time.Instant;
import java.util.List;

/** Postflight's own JSON format: one event, or an array of events. */
final class EventsEncoder implements PayloadEncoder {
  static final EventsEncoder INSTANCE = new EventsEncoder();

  private EventsEncoder() {}

  @Override
  public boolean supportsBatches() {
    return true;
  }

  @Override
  public byte[] encode(List<SimulatedEvent> events) {
    if (events.size() == 1) {
      byte[] bytes = SimulatorJson.plain(json(events.get(0)));
      return events.get(0).rejection() == RejectionReason.MALFORMED_BODY
          ? PayloadEncoder.truncated(bytes)
          : bytes;
    }
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    events.forEach(event -> array.add(json(event)));
    return SimulatorJson.plain(array);
  }

  private static ObjectNode json(SimulatedEvent event) {
    SimulatedSubject subject = event.subject();
    ObjectNode json = SimulatorJson.object().put("userId", subject.user());
    json.put("eventTime", Instant.ofEpochMilli(event.time()).toString());
    if (event.status() == Status.ACTION) {
      json.put("type", event.providerStatus());
      // The message id keeps two actions of one user at one time distinct.
      json.putObject("attributes").put("session", subject.messageId());
      return json;
    }
    json.put("messageId", subject.messageId()).put("status", event.providerStatus());
    json.put("channel", subject.channel());
    if (event.status() == Status.RECEIVED) {
      json.put("body", "Question " + subject.number() % 100).put("sender", subject.user());
    } else {
      json.put("recipient", subject.user() + "@example.org");
    }
    Failure failure = event.failure();
    if (failure != null) {
      json.putObject("error")
          .put("code", failure.code())
          .put("title", failure.title())
          .put("detail", failure.detail());
    }
    if (subject.number() % 4 == 0) {
      json.putObject("attributes").put("campaign", "spring-" + subject.number() % 7);
    }
    return json;
  }
}
