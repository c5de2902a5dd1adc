package io.postflight.topology.adapter;

import io.postflight.schema.event.EventError;
import io.postflight.schema.event.Status;
import io.postflight.schema.text.AsciiCase;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The events of SES, of both of its forms ({@code notificationType} and {@code eventType}): one
 * entry for each recipient that the event names, or for each that the email was sent to. What a
 * reader of an email does names nobody: if the email had several recipients, it has one entry
 * without a user.
 */
final class SesEvents {
  private static final StatusNames STATUSES =
      new StatusNames(
          Map.ofEntries(
              Map.entry("send", Status.ACCEPTED),
              Map.entry("deliverydelay", Status.SENDING),
              Map.entry("delivery", Status.DELIVERED),
              Map.entry("open", Status.READ),
              Map.entry("click", Status.READ),
              Map.entry("bounce", Status.FAILED),
              Map.entry("reject", Status.FAILED),
              Map.entry("rendering failure", Status.FAILED),
              Map.entry("complaint", Status.ANNOTATION),
              Map.entry("subscription", Status.ANNOTATION)));

  /** Events of what a reader did, by lower-case name. */
  private static final Set<String> OF_READERS = Set.of("open", "click", "subscription");

  /** Of an event, since each entry repeats what they share; SES sends to 50 at a time. */
  private static final int MAX_RECIPIENTS = 1000;

  /** An object, or an address alone. */
  private static final WantedFields RECIPIENT =
      WantedFields.of(FieldValues.SCALAR, "emailAddress", "status", "diagnosticCode");

  private SesEvents() {}

  /** The fields of SES, and others. */
  static WantedFields with(String... others) {
    String[] own = {
      "notificationType",
      "mail",
      "mail.messageId",
      "mail.timestamp",
      "mail.source",
      "mail.commonHeaders.subject",
      "bounce.bounceType",
      "bounce.bounceSubType",
      "bounce.timestamp",
      "bounce.feedbackId",
      "complaint.timestamp",
      "complaint.feedbackId",
      "complaint.complaintFeedbackType",
      "delivery.timestamp",
      "delivery.smtpResponse",
      "deliveryDelay.timestamp",
      "deliveryDelay.delayType",
      "open.timestamp",
      "click.timestamp",
      "click.link",
      "reject.reason",
      "failure.errorMessage",
      "subscription.timestamp"
    };
    return WantedFields.of(Stream.of(own, others).flatMap(Stream::of).toArray(String[]::new))
        .list("bounce.bouncedRecipients", RECIPIENT)
        .list("complaint.complainedRecipients", RECIPIENT)
        .list("deliveryDelay.delayedRecipients", RECIPIENT)
        .list("delivery.recipients", RECIPIENT)
        .list("mail.destination", RECIPIENT);
  }

  /** Adds the entries of one event. */
  static void read(FieldValues event, Entries entries) throws IOException {
    String kind = event.first("notificationType", "eventType");
    String word = kind == null ? "" : AsciiCase.lower(kind);
    if (word.equals("received")) {
      entries.add(
          EventDraft.rejected(
              RejectionReason.UNSUPPORTED_EVENT, "the event is of an email that SES received"));
      return;
    }
    List<FieldValues> recipients = recipients(event, word);
    if (recipients.size() > MAX_RECIPIENTS) {
      entries.add(
          EventDraft.rejected(
              RejectionReason.TOO_LARGE,
              "the event has more than " + MAX_RECIPIENTS + " recipients"));
      return;
    }
    if (recipients.isEmpty()) {
      entries.add(entry(event, kind, null, false));
    }
    boolean several = recipients.size() > 1 || event.list("mail.destination").size() > 1;
    for (FieldValues recipient : recipients) {
      entries.add(entry(event, kind, recipient, several));
    }
  }

  private static List<FieldValues> recipients(FieldValues event, String word) {
    List<FieldValues> named =
        switch (word) {
          case "bounce" -> event.list("bounce.bouncedRecipients");
          case "complaint" -> event.list("complaint.complainedRecipients");
          case "deliverydelay" -> event.list("deliveryDelay.delayedRecipients");
          case "delivery" -> event.list("delivery.recipients");
          default -> List.of();
        };
    List<FieldValues> all = event.list("mail.destination");
    boolean unnamed = OF_READERS.contains(word) && all.size() > 1;
    return named.isEmpty() && !unnamed ? all : named;
  }

  private static EventDraft entry(
      FieldValues event, @Nullable String kind, @Nullable FieldValues recipient, boolean several) {
    EventDraft draft = new EventDraft();
    String address = address(draft, recipient);
    return draft
        .messageId(event.id(draft, "mail.messageId"))
        .status(STATUSES.of(kind), kind)
        .participant(several ? address : null)
        .ownEventId(event.first("bounce.feedbackId", "complaint.feedbackId"))
        .time(
            event.time(
                draft,
                "bounce.timestamp",
                "complaint.timestamp",
                "delivery.timestamp",
                "deliveryDelay.timestamp",
                "open.timestamp",
                "click.timestamp",
                "subscription.timestamp",
                "mail.timestamp"))
        .channel("EMAIL")
        .userId(address)
        .recipient(address)
        .sender(event.get("mail.source"))
        .error(error(event, recipient))
        .attribute("bounceType", event.get("bounce.bounceType"))
        .attribute("bounceSubType", event.get("bounce.bounceSubType"))
        .attribute("delayType", event.get("deliveryDelay.delayType"))
        .attribute("complaintType", event.get("complaint.complaintFeedbackType"))
        .attribute("response", event.get("delivery.smtpResponse"))
        .attribute("subject", event.get("mail.commonHeaders.subject"))
        .attribute("url", event.get("click.link"));
  }

  private static @Nullable String address(EventDraft draft, @Nullable FieldValues recipient) {
    if (recipient == null) {
      return null;
    }
    return recipient.isObject()
        ? recipient.id(draft, "emailAddress")
        : recipient.id(draft, FieldValues.SCALAR);
  }

  private static @Nullable EventError error(FieldValues event, @Nullable FieldValues recipient) {
    String type = event.get("bounce.bounceType");
    if (type != null) {
      return recipient == null
          ? Errors.of(null, type)
          : Errors.of(recipient.get("status"), type, null, recipient.get("diagnosticCode"));
    }
    String reason = event.first("reject.reason", "failure.errorMessage");
    return reason == null ? null : Errors.of(null, reason);
  }
}
