package io.postflight.topology.adapter;

import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import java.util.Map;

/**
 * SendGrid's Event Webhook: an array of events of emails.
 *
 * <p>SendGrid delivers at least once, and one {@code sg_event_id} may be on two different events:
 * the event's own id has the kind of event in it.
 */
final class SendGridAdapter implements ProviderAdapter {
  private static final StatusNames STATUSES =
      new StatusNames(
          Map.ofEntries(
              Map.entry("processed", Status.ACCEPTED),
              Map.entry("deferred", Status.SENDING),
              Map.entry("delivered", Status.DELIVERED),
              Map.entry("open", Status.READ),
              Map.entry("click", Status.READ),
              Map.entry("bounce", Status.FAILED),
              Map.entry("blocked", Status.FAILED),
              Map.entry("dropped", Status.FAILED),
              Map.entry("spamreport", Status.ANNOTATION),
              Map.entry("unsubscribe", Status.ANNOTATION),
              Map.entry("group_unsubscribe", Status.ANNOTATION),
              Map.entry("group_resubscribe", Status.ANNOTATION)));

  private static final WantedFields WANTED =
      WantedFields.of(
          "event",
          "email",
          "timestamp",
          "sg_event_id",
          "sg_message_id",
          "smtp-id",
          "status",
          "reason",
          "response",
          "type",
          "bounce_classification",
          "attempt",
          "url",
          "asm_group_id");

  private final JsonObjects objects;

  SendGridAdapter(JsonBodies json) {
    this.objects = new JsonObjects(json, WANTED);
  }

  @Override
  public String provider() {
    return "sendgrid";
  }

  @Override
  public void read(Payload payload, Entries entries) throws IOException {
    objects.read(payload, (event, into) -> into.add(event(event)), entries);
  }

  private static EventDraft event(FieldValues event) {
    EventDraft draft = new EventDraft();
    String word = event.text(draft, "event");
    if ("account_status_change".equals(word)) {
      return EventDraft.rejected(
          RejectionReason.UNSUPPORTED_EVENT, "the event concerns the account, not a message");
    }
    String email = event.id(draft, "email");
    String own = event.id(draft, "sg_event_id");
    Status status = STATUSES.of(word);
    draft
        .messageId(event.id(draft, "sg_message_id", "smtp-id"))
        .ownEventId(own == null ? null : word + ':' + own)
        .status(status, word)
        .time(event.time(draft, "timestamp"))
        .channel("EMAIL")
        .userId(email)
        .recipient(email)
        .attribute("smtpId", event.get("smtp-id"))
        .attribute("bounceType", event.get("type"))
        .attribute("bounceClassification", event.get("bounce_classification"))
        .attribute("attempt", event.get("attempt"))
        .attribute("unsubscribeGroup", event.get("asm_group_id"))
        .attribute("url", event.get("url"));
    String reason = event.first("reason", "response");
    if (status == Status.FAILED) {
      draft.error(Errors.of(event.get("status"), reason));
    } else {
      draft.attribute("response", reason);
    }
    return draft;
  }
}
