package io.postflight.devstack.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postflight.devstack.simulator.Moment.Subject;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.util.List;

/** WASenderApi: one event in an envelope; numbers as words, milliseconds or seconds. */
final class WasenderVoice implements Voice {
  static final WasenderVoice INSTANCE = new WasenderVoice();

  private WasenderVoice() {}

  @Override
  public boolean tellsSeveral() {
    return false;
  }

  @Override
  public byte[] tell(List<Moment> moments) {
    Moment moment = moments.get(0);
    byte[] bytes = Json.plain(moment.status() == Status.RECEIVED ? upsert(moment) : update(moment));
    return moment.mistake() == RejectionReason.MALFORMED_BODY ? Voice.torn(bytes) : bytes;
  }

  private static ObjectNode update(Moment moment) {
    ObjectNode body = Json.object().put("event", "messages.update");
    body.put("timestamp", moment.time()).put("sessionId", moment.subject().tenant() + "-session");
    ObjectNode data = body.putObject("data");
    key(data.putObject("key"), moment.subject(), true);
    data.putObject("update").put("status", Integer.parseInt(moment.word()));
    return body;
  }

  private static ObjectNode upsert(Moment moment) {
    Subject subject = moment.subject();
    String text = "Hello " + subject.number() % 1_000;
    ObjectNode body = Json.object().put("event", "messages.upsert");
    body.put("timestamp", moment.time() / 1_000);
    ObjectNode message = body.putObject("data").putArray("messages").addObject();
    key(message.putObject("key"), subject, false).put("cleanedSenderPn", subject.user());
    message.put("messageBody", text).putObject("message").put("conversation", text);
    return body;
  }

  private static ObjectNode key(ObjectNode key, Subject subject, boolean fromMe) {
    return key.put("remoteJid", subject.user() + "@s.whatsapp.net")
        .put("id", subject.messageId())
        .put("fromMe", fromMe);
  }
}
