package io.postflight.topology.adapter;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import java.util.Map;

/**
 * Infobip: delivery reports, seen reports and inbound messages in {@code results}, and tracking
 * events of email.
 *
 * <p>A status has a group and a name. The group decides, with one exception: {@code
 * DELIVERED_TO_OPERATOR} is in the group DELIVERED but has not reached the user.
 */
final class InfobipAdapter implements ProviderAdapter {
  private static final StatusNames GROUPS =
      new StatusNames(
          Map.ofEntries(
              Map.entry("accepted", Status.ACCEPTED),
              Map.entry("0", Status.ACCEPTED),
              Map.entry("pending", Status.SENT),
              Map.entry("1", Status.SENT),
              Map.entry("undeliverable", Status.FAILED),
              Map.entry("2", Status.FAILED),
              Map.entry("delivered", Status.DELIVERED),
              Map.entry("3", Status.DELIVERED),
              Map.entry("expired", Status.EXPIRED),
              Map.entry("4", Status.EXPIRED),
              Map.entry("rejected", Status.FAILED),
              Map.entry("5", Status.FAILED)));

  /** Of a user who opens an email or a link in it, and of one who does not want more. */
  private static final StatusNames TRACKED =
      new StatusNames(
          Map.of(
              "opened", Status.READ,
              "clicked", Status.READ,
              "unsubscribed", Status.ANNOTATION,
              "complained", Status.ANNOTATION));

  private static final WantedFields RESULT =
      WantedFields.of(
          "messageId",
          "bulkId",
          "to",
          "destination",
          "from",
          "sender",
          "sentAt",
          "doneAt",
          "seenAt",
          "receivedAt",
          "callbackData",
          "channel",
          "integrationType",
          "status.groupId",
          "status.groupName",
          "status.id",
          "status.name",
          "status.description",
          "error.id",
          "error.groupName",
          "error.name",
          "error.description",
          "price.pricePerMessage",
          "price.currency",
          "text",
          "cleanText",
          "keyword",
          "message.type",
          "message.text",
          "message.caption",
          "message.url",
          "message.id",
          "message.payload",
          "message.title",
          "contact.name");

  private static final WantedFields WANTED =
      WantedFields.of("notificationType", "messageId", "recipient", "sendDateTime", "domain", "url")
          .list("results", RESULT);

  private final JsonObjects objects;

  InfobipAdapter(JsonBodies json) {
    this.objects = new JsonObjects(json, WANTED);
  }

  @Override
  public String provider() {
    return "infobip";
  }

  @Override
  public void read(Payload payload, Entries entries) throws IOException {
    objects.read(payload, InfobipAdapter::body, entries);
  }

  private static void body(FieldValues body, Entries entries) throws IOException {
    if (body.get("notificationType") != null) {
      entries.add(tracked(body));
      return;
    }
    if (!body.isStructure("results")) {
      throw new MalformedBodyException("the body has no array 'results'");
    }
    if (body.list("results").isEmpty()) {
      entries.add(EventDraft.rejected(RejectionReason.UNSUPPORTED_EVENT, "'results' is empty"));
    }
    for (FieldValues result : body.list("results")) {
      entries.add(result.isObject() ? result(result) : JsonObjects.notAnObject("'results'"));
    }
  }

  private static EventDraft result(FieldValues result) {
    EventDraft draft = new EventDraft();
    draft
        .messageId(result.id(draft, "messageId"))
        .channel(Channels.of(result.first("channel", "integrationType"), "SMS"))
        .sender(result.id(draft, "from", "sender"))
        .recipient(result.id(draft, "to", "destination"))
        .attribute("bulkId", result.get("bulkId"))
        .attribute("callbackData", result.get("callbackData"))
        .price(Prices.of(result.get("price.pricePerMessage"), result.get("price.currency")));
    String group = result.text(draft, "status.groupName", "status.groupId");
    if (group != null) {
      return report(result, draft.userId(draft.recipient()), group);
    }
    if (result.has("seenAt")) {
      return draft
          .status(Status.READ, "SEEN")
          .userId(draft.recipient())
          .time(result.time(draft, "seenAt"));
    }
    if (result.has("receivedAt")) {
      return inbound(result, draft.userId(draft.sender()));
    }
    return draft.status(null, null);
  }

  private static EventDraft report(FieldValues result, EventDraft draft, String group) {
    String name = result.text(draft, "status.name");
    Status status = "DELIVERED_TO_OPERATOR".equals(name) ? Status.SENT : GROUPS.of(group);
    draft
        .status(status, name == null || status == null ? group : name)
        .time(result.time(draft, "doneAt", "sentAt"));
    String code = result.get("error.id");
    if (code != null && !code.equals("0")) {
      draft.error(Errors.of(code, result.get("error.name"), null, result.get("error.description")));
    } else if (status == Status.FAILED || status == Status.EXPIRED) {
      draft.error(
          Errors.of(
              result.get("status.id"),
              name == null ? group : name,
              null,
              result.get("status.description")));
    }
    return draft;
  }

  private static EventDraft inbound(FieldValues result, EventDraft draft) {
    String type = result.get("message.type");
    String text = result.get("text");
    return draft
        .status(Status.RECEIVED)
        .direction(Direction.INBOUND)
        .time(result.time(draft, "receivedAt"))
        .body(
            text == null ? result.first("message.text", "message.caption", "message.title") : text)
        .attribute("messageType", type == null ? "text" : MessageTypes.of(type))
        .attribute("mediaUrl", result.get("message.url"))
        .attribute("payload", result.first("message.payload", "message.id"))
        .attribute("profileName", result.get("contact.name"))
        .attribute("keyword", result.get("keyword"));
  }

  private static EventDraft tracked(FieldValues event) {
    EventDraft draft = new EventDraft();
    String word = event.text(draft, "notificationType");
    String recipient = event.id(draft, "recipient");
    return draft
        .messageId(event.id(draft, "messageId"))
        .status(TRACKED.of(word), word)
        .time(event.time(draft, "sendDateTime"))
        .channel("EMAIL")
        .userId(recipient)
        .recipient(recipient)
        .attribute("url", event.get("url"));
  }
}
