package io.postflight.devstack.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postflight.devstack.simulator.Moment.Failure;
import io.postflight.devstack.simulator.Moment.Subject;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.time.Instant;
import java.util.List;

/** Our own JSON: one event, or an array of them. */
final class EventsVoice implements Voice {
  static final EventsVoice INSTANCE = new EventsVoice();

  private EventsVoice() {}

  @Override
  public boolean tellsSeveral() {
    return true;
  }

  @Override
  public byte[] tell(List<Moment> moments) {
    if (moments.size() == 1) {
      byte[] bytes = Json.plain(event(moments.get(0)));
      return moments.get(0).mistake() == RejectionReason.MALFORMED_BODY ? Voice.torn(bytes) : bytes;
    }
    ArrayNode events = JsonNodeFactory.instance.arrayNode();
    moments.forEach(moment -> events.add(event(moment)));
    return Json.plain(events);
  }

  private static ObjectNode event(Moment moment) {
    Subject subject = moment.subject();
    ObjectNode event = Json.object().put("userId", subject.user());
    event.put("eventTime", Instant.ofEpochMilli(moment.time()).toString());
    if (moment.status() == Status.ACTION) {
      event.put("type", moment.word());
      // The message id makes the action distinct where two of them share a user and a time.
      event.putObject("attributes").put("session", subject.messageId());
      return event;
    }
    event.put("messageId", subject.messageId()).put("status", moment.word());
    event.put("channel", subject.channel());
    if (moment.status() == Status.RECEIVED) {
      event.put("body", "Question " + subject.number() % 100).put("sender", subject.user());
    } else {
      event.put("recipient", subject.user() + "@example.org");
    }
    Failure failure = moment.failure();
    if (failure != null) {
      event
          .putObject("error")
          .put("code", failure.code())
          .put("title", failure.title())
          .put("detail", failure.detail());
    }
    if (subject.number() % 4 == 0) {
      event.putObject("attributes").put("campaign", "spring-" + subject.number() % 7);
    }
    return event;
  }
}
