package io.postflight.devstack.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postflight.devstack.simulator.SimulatedEvent.Failure;
import io.postflight.devstack.simulator.SimulatedEvent.SimulatedSubject;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.util.List;
import java.util.Map;

/**
 * WhatsApp Cloud API: an entry for the account, one change per run of statuses or messages in the
 * batch, times as text in seconds.
 */
final class WhatsAppEncoder implements PayloadEncoder {
  static final WhatsAppEncoder INSTANCE = new WhatsAppEncoder();

  private static final List<String> NAMES = List.of("Zoë", "Andrés", "Kwame", "李雷", "Noor");
  private static final List<String> CATEGORIES =
      List.of("marketing", "utility", "service", "authentication");

  private WhatsAppEncoder() {}

  @Override
  public boolean supportsBatches() {
    return true;
  }

  @Override
  public Map<String, String> headers(SimulatedEvent first) {
    return Map.of("User-Agent", "facebookexternalua");
  }

  @Override
  public byte[] encode(List<SimulatedEvent> events) {
    SimulatedEvent first = events.get(0);
    ObjectNode body = SimulatorJson.object().put("object", "whatsapp_business_account");
    ObjectNode entry = body.putArray("entry").addObject();
    entry.put("id", account(first.subject().tenant()));
    ArrayNode changes = entry.putArray("changes");
    if (first.rejection() == RejectionReason.UNSUPPORTED_EVENT) {
      template(changes.addObject(), first);
    } else {
      addRuns(changes, events);
    }
    byte[] bytes = SimulatorJson.escaped(body);
    return first.rejection() == RejectionReason.MALFORMED_BODY
        ? PayloadEncoder.truncated(bytes)
        : bytes;
  }

  /** One change per run of statuses or messages, which keeps the order of the batch. */
  private static void addRuns(ArrayNode changes, List<SimulatedEvent> events) {
    for (int start = 0; start < events.size(); ) {
      boolean inbound = events.get(start).status() == Status.RECEIVED;
      int end = start;
      while (end < events.size() && (events.get(end).status() == Status.RECEIVED) == inbound) {
        end++;
      }
      change(changes.addObject(), events.subList(start, end), inbound);
      start = end;
    }
  }

  private static void change(ObjectNode change, List<SimulatedEvent> run, boolean inbound) {
    String tenant = run.get(0).subject().tenant();
    ObjectNode value = change.putObject("value").put("messaging_product", "whatsapp");
    value
        .putObject("metadata")
        .put("display_phone_number", "1555" + account(tenant).substring(0, 7))
        .put("phone_number_id", account(tenant + "/phone"));
    // A contact identifies a single user.
    if (run.size() == 1 && run.get(0).subject().number() % 3 == 0) {
      contact(value.putArray("contacts").addObject(), run.get(0).subject());
    }
    ArrayNode elements = value.putArray(inbound ? "messages" : "statuses");
    for (SimulatedEvent event : run) {
      if (inbound) {
        message(elements.addObject(), event);
      } else {
        status(elements.addObject(), event);
      }
    }
    change.put("field", "messages");
  }

  private static void contact(ObjectNode contact, SimulatedSubject subject) {
    contact.putObject("profile").put("name", NAMES.get(subject.number() % NAMES.size()));
    contact.put("wa_id", subject.user());
  }

  private static void status(ObjectNode status, SimulatedEvent event) {
    SimulatedSubject subject = event.subject();
    if (event.rejection() != RejectionReason.MISSING_MESSAGE_ID) {
      status.put("id", subject.messageId());
    }
    status.put("status", event.providerStatus()).put("timestamp", seconds(event));
    status.put("recipient_id", subject.user());
    Failure failure = event.failure();
    if (failure != null) {
      ObjectNode error = status.putArray("errors").addObject();
      error.put("code", Integer.parseInt(failure.code())).put("title", failure.title());
      error.putObject("error_data").put("details", failure.detail());
    } else if (subject.number() % 2 == 0 && event.status() != Status.ANNOTATION) {
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

  private static void message(ObjectNode message, SimulatedEvent event) {
    SimulatedSubject subject = event.subject();
    message.put("from", subject.user()).put("id", subject.messageId());
    message.put("timestamp", seconds(event)).put("type", "text");
    message.putObject("text").put("body", "¿Where is order " + subject.number() % 10_000 + "? 🙂");
  }

  private static void template(ObjectNode change, SimulatedEvent event) {
    change
        .putObject("value")
        .put("event", "APPROVED")
        .put("message_template_id", event.subject().number())
        .put("message_template_name", "order_update")
        .put("message_template_language", "en");
    change.put("field", "message_template_status_update");
  }

  private static String seconds(SimulatedEvent event) {
    return Long.toString(event.time() / 1_000);
  }

  /** A deterministic number of fifteen digits for a name. */
  private static String account(String name) {
    return Long.toString(
        SeededRandom.of(name.hashCode(), 0).between(100_000_000_000_000L, 999_999_999_999_999L));
  }
}
