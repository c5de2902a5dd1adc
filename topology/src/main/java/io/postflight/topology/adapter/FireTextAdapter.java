package io.postflight.topology.adapter;

import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.io.IOException;
import java.util.Map;

/**
 * FireText: delivery receipts as forms or query strings. The message's id is the {@code reference}
 * that it was sent with; inbound messages have none. Times have no zone and are read as UTC.
 */
final class FireTextAdapter implements ProviderAdapter {
  /** Delivered, declined, and pending with the network. */
  private static final StatusNames STATUSES =
      new StatusNames(Map.of("0", Status.DELIVERED, "1", Status.FAILED, "2", Status.SENT));

  private static final String NO_ERROR = "000";

  @Override
  public String provider() {
    return "firetext";
  }

  @Override
  public void read(Payload payload, Entries entries) throws IOException {
    Fields form = Fields.of(FormBody.read(payload));
    if (form.get("status") != null || form.get("reference") != null) {
      entries.add(receipt(form));
    } else if (form.first("message", "source") != null) {
      entries.add(
          EventDraft.rejected(
              RejectionReason.UNSUPPORTED_EVENT, "an inbound message of FireText has no id"));
    } else {
      throw new MalformedBodyException("the body is not a form of FireText");
    }
  }

  private static EventDraft receipt(Fields form) {
    EventDraft draft = new EventDraft();
    String word = form.get("status");
    String mobile = form.get("mobile");
    String code = form.get("code");
    Status status = STATUSES.of(word);
    if (code != null && !code.equals(NO_ERROR) && status != Status.DELIVERED) {
      draft.error(Errors.of(code, null));
    }
    return draft
        .messageId(form.get("reference"))
        .status(status, word)
        .time(form.time(draft, "time"))
        .channel("SMS")
        .userId(mobile)
        .recipient(mobile);
  }
}
