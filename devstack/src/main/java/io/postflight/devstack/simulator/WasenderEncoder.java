package io.postflight.devstack.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postflight.devstack.simulator.SimulatedEvent.SimulatedSubject;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.util.List;

/** WASenderApi: one event in an envelope; statuses as numbers, times in milliseconds or seconds. */
final class WasenderEncoder implements PayloadEncoder {
  static final WasenderEncoder INSTANCE = new WasenderEncoder();

  private WasenderEncoder() {}

  @Override
  public boolean supportsBatches() {
    return false;
  }

  @Override
  public byte[] encode(List<SimulatedEvent> events) {
    SimulatedEvent event = events.get(0);
    byte[] bytes =
        SimulatorJson.plain(event.status() == Status.RECEIVED ? upsert(event) : update(event));
    return event.rejection() == RejectionReason.MALFORMED_BODY
        ? PayloadEncoder.truncated(bytes)
        : bytes;
  }

  private static ObjectNode update(SimulatedEvent event) {
    ObjectNode body = SimulatorJson.object().put("event", "messages.update");
    body.put("timestamp", event.time()).put("sessionId", event.subject().tenant() + "-session");
    ObjectNode data = body.putObject("data");
    key(data.putObject("key"), event.subject(), true);
    data.putObject("update").put("status", Integer.parseInt(event.providerStatus()));
    return body;
  }

  private static ObjectNode upsert(SimulatedEvent event) {
    SimulatedSubject subject = event.subject();
    String text = "Hello " + subject.number() % 1_000;
    ObjectNode body = SimulatorJson.object().put("event", "messages.upsert");
    body.put("timestamp", event.time() / 1_000);
    ObjectNode message = body.putObject("data").putArray("messages").addObject();
    key(message.putObject("key"), subject, false).put("cleanedSenderPn", subject.user());
    message.put("messageBody", text).putObject("message").put("conversation", text);
    return body;
  }

  private static ObjectNode key(ObjectNode key, SimulatedSubject subject, boolean fromMe) {
    return key.put("remoteJid", subject.user() + "@s.whatsapp.net")
        .put("id", subject.messageId())
        .put("fromMe", fromMe);
  }
}
