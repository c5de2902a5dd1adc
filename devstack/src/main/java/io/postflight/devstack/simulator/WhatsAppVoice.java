package io.postflight.devstack.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postflight.devstack.simulator.Moment.Failure;
import io.postflight.devstack.simulator.Moment.Subject;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.util.List;
import java.util.Map;

/**
 * WhatsApp Cloud API: an entry for the account, a change for each run of statuses or of messages in
 * the batch, seconds as text.
 */
final class WhatsAppVoice implements Voice {
  static final WhatsAppVoice INSTANCE = new WhatsAppVoice();

  private static final List<String> NAMES = List.of("Zoë", "Andrés", "Kwame", "李雷", "Noor");
  private static final List<String> CATEGORIES =
      List.of("marketing", "utility", "service", "authentication");

  private WhatsAppVoice() {}

  @Override
  public boolean tellsSeveral() {
    return true;
  }

  @Override
  public Map<String, String> headers(Moment first) {
    return Map.of("User-Agent", "facebookexternalua");
  }

  @Override
  public byte[] tell(List<Moment> moments) {
    Moment first = moments.get(0);
    ObjectNode body = Json.object().put("object", "whatsapp_business_account");
    ObjectNode entry = body.putArray("entry").addObject();
    entry.put("id", account(first.subject().tenant()));
    ArrayNode changes = entry.putArray("changes");
    if (first.mistake() == RejectionReason.UNSUPPORTED_EVENT) {
      template(changes.addObject(), first);
    } else {
      addRuns(changes, moments);
    }
    byte[] bytes = Json.escaped(body);
    return first.mistake() == RejectionReason.MALFORMED_BODY ? Voice.torn(bytes) : bytes;
  }

  /** One change per run of statuses or messages, so that the order of the batch stays. */
  private static void addRuns(ArrayNode changes, List<Moment> moments) {
    for (int start = 0; start < moments.size(); ) {
      boolean inbound = moments.get(start).status() == Status.RECEIVED;
      int end = start;
      while (end < moments.size() && (moments.get(end).status() == Status.RECEIVED) == inbound) {
        end++;
      }
      change(changes.addObject(), moments.subList(start, end), inbound);
      start = end;
    }
  }

  private static void change(ObjectNode change, List<Moment> run, boolean inbound) {
    String tenant = run.get(0).subject().tenant();
    ObjectNode value = change.putObject("value").put("messaging_product", "whatsapp");
    value
        .putObject("metadata")
        .put("display_phone_number", "1555" + account(tenant).substring(0, 7))
        .put("phone_number_id", account(tenant + "/phone"));
    // One contact cannot speak for several people.
    if (run.size() == 1 && run.get(0).subject().number() % 3 == 0) {
      contact(value.putArray("contacts").addObject(), run.get(0).subject());
    }
    ArrayNode elements = value.putArray(inbound ? "messages" : "statuses");
    for (Moment moment : run) {
      if (inbound) {
        message(elements.addObject(), moment);
      } else {
        status(elements.addObject(), moment);
      }
    }
    change.put("field", "messages");
  }

  private static void contact(ObjectNode contact, Subject subject) {
    contact.putObject("profile").put("name", NAMES.get(subject.number() % NAMES.size()));
    contact.put("wa_id", subject.user());
  }

  private static void status(ObjectNode status, Moment moment) {
    Subject subject = moment.subject();
    if (moment.mistake() != RejectionReason.MISSING_MESSAGE_ID) {
      status.put("id", subject.messageId());
    }
    status.put("status", moment.word()).put("timestamp", seconds(moment));
    status.put("recipient_id", subject.user());
    Failure failure = moment.failure();
    if (failure != null) {
      ObjectNode error = status.putArray("errors").addObject();
      error.put("code", Integer.parseInt(failure.code())).put("title", failure.title());
      error.putObject("error_data").put("details", failure.detail());
    } else if (subject.number() % 2 == 0 && moment.status() != Status.ANNOTATION) {
      String category = CATEGORIES.get(subject.number() / 2 % CATEGORIES.size());
      ObjectNode conversation = status.putObject("conversation");
      conversation.put("id", account(subject.user() + "/" + category));
      conversation.putObject("origin").put("type", category);
      status
          .putObject("pricing")
          .put("billable", !category.equals("service"))
          .put("pricing_model", "PMP")
          .put("category", category);
    }
  }

  private static void message(ObjectNode message, Moment moment) {
    Subject subject = moment.subject();
    message.put("from", subject.user()).put("id", subject.messageId());
    message.put("timestamp", seconds(moment)).put("type", "text");
    message.putObject("text").put("body", "¿Where is order " + subject.number() % 10_000 + "? 🙂");
  }

  private static void template(ObjectNode change, Moment moment) {
    change
        .putObject("value")
        .put("event", "APPROVED")
        .put("message_template_id", moment.subject().number())
        .put("message_template_name", "order_update")
        .put("message_template_language", "en");
    change.put("field", "message_template_status_update");
  }

  private static String seconds(Moment moment) {
    return Long.toString(moment.time() / 1_000);
  }

  /** A stable number of fifteen digits for a name. */
  private static String account(String name) {
    return Long.toString(
        Draw.of(name.hashCode(), 0).between(100_000_000_000_000L, 999_999_999_999_999L));
  }
}
