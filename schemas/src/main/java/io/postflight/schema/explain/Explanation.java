package io.postflight.schema.explain;

import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import io.postflight.schema.explain.ExplainedEvent.EventOutcome;
import io.postflight.schema.lifecycle.Edits;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.message.EventFacts;
import io.postflight.schema.message.MessageEdit;
import io.postflight.schema.message.MessageFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Explains a message by the rules of the join ({@link Facts}): which event each fact stems from,
 * and what became of each delivery.
 *
 * @param facts in the order of their names, those of the lifecycle first
 * @param events in the order of their arrival; those of which only the row is known by their time
 */
public record Explanation(List<ExplainedFact> facts, List<ExplainedEvent> events) {
  private static final String FIRST = "of the first event that has one";

  /** Copies the lists. */
  public Explanation {
    facts = List.copyOf(facts);
    events = List.copyOf(events);
  }

  /**
   * Explains a message.
   *
   * @param facts of the message, without redacted ones
   * @param deliveries of its events, in the order of arrival; may be incomplete
   */
  public static Explanation of(MessageFacts facts, List<Delivery> deliveries) {
    List<ExplainedFact> explained = new ArrayList<>();
    MessageStatus status = MessageStatus.of(facts.getTimes(), facts.getUnconfirmedAt());
    if (status != null) {
      explained.add(new ExplainedFact("status", status.name(), null, ofStatus(facts, status)));
    }
    for (Status each : Status.values()) {
      Long time = facts.getTimes().get(each.name());
      if (time != null) {
        explained.add(
            new ExplainedFact(
                "status." + each, time(time), first(deliveries, each, time), "earliest"));
      }
    }
    if (facts.getUnconfirmedAt() != null) {
      explained.add(
          new ExplainedFact(
              "unconfirmedAt",
              time(facts.getUnconfirmedAt()),
              null,
              "no event completed it before"));
    }
    ofEdits(facts, deliveries, explained);
    ofEvents(facts, explained);
    Price price = facts.getPrice();
    if (price != null) {
      explained.add(
          new ExplainedFact(
              "price", text(price), priced(deliveries, price), "most complete, then greatest"));
    }
    return new Explanation(explained, outcomes(explained, deliveries));
  }

  private static String ofStatus(MessageFacts facts, MessageStatus status) {
    if (status == MessageStatus.UNCONFIRMED) {
      return "no event completed the message in time";
    }
    List<String> others =
        facts.getTimes().keySet().stream()
            .filter(each -> !each.equals(status.name()))
            .sorted()
            .toList();
    String why = others.isEmpty() ? "the only status" : "precedes " + String.join(", ", others);
    return MessageStatus.contradiction(facts.getTimes())
        ? why + "; evidence of delivery contradicts the failure"
        : why;
  }

  private static void ofEdits(
      MessageFacts facts, List<Delivery> deliveries, List<ExplainedFact> explained) {
    MessageEdit edit = facts.getEdit();
    if (facts.getEditedAt() != null) {
      explained.add(
          new ExplainedFact(
              "editedAt",
              time(facts.getEditedAt()),
              first(deliveries, facts.getEditedAt(), Edits.EDIT),
              "latest edit"));
    }
    if (edit != null) {
      explained.add(new ExplainedFact("body", edit.getBody(), edit.getEventId(), "newest edit"));
    }
    if (facts.getRevokedAt() != null) {
      explained.add(
          new ExplainedFact(
              "revokedAt",
              time(facts.getRevokedAt()),
              first(deliveries, facts.getRevokedAt(), Edits.REVOKE),
              "earliest revocation"));
    }
  }

  private static void ofEvents(MessageFacts facts, List<ExplainedFact> explained) {
    Map<String, ExplainedFact> byName = new TreeMap<>();
    for (EventFacts event : facts.getEvents()) {
      event
          .getTexts()
          .forEach(
              (name, value) -> {
                boolean edited = name.equals(Facts.BODY) && facts.getEdit() != null;
                String fact = edited ? "bodyBeforeEdit" : publicName(name);
                if (!name.equals(Facts.ALIAS)) {
                  byName.put(fact, new ExplainedFact(fact, value, event.getEventId(), FIRST));
                }
              });
      if (event.getError() != null) {
        String code = event.getError().getCode();
        byName.put(
            "error",
            new ExplainedFact("error", code == null ? "" : code, event.getEventId(), FIRST));
      }
    }
    explained.addAll(byName.values());
  }

  private static String publicName(String name) {
    return name.equals(Facts.USER_ID) ? "userId" : name;
  }

  private static List<ExplainedEvent> outcomes(
      List<ExplainedFact> facts, List<Delivery> deliveries) {
    Map<String, List<String>> won = new HashMap<>();
    Map<String, ExplainedFact> byName = new HashMap<>();
    for (ExplainedFact fact : facts) {
      byName.put(fact.fact(), fact);
      if (fact.event() != null) {
        won.computeIfAbsent(fact.event(), first -> new ArrayList<>()).add(fact.fact());
      }
    }
    Map<String, Delivery> first = new HashMap<>();
    List<ExplainedEvent> explained = new ArrayList<>(deliveries.size());
    for (Delivery delivery : deliveries) {
      Delivery before = first.putIfAbsent(delivery.eventId(), delivery);
      explained.add(
          before == null
              ? outcome(delivery, won.getOrDefault(delivery.eventId(), List.of()), byName)
              : explained(
                  delivery,
                  EventOutcome.DUPLICATE,
                  before.receivedAt() == null
                      ? "delivered before"
                      : "first delivered at " + time(before.receivedAt())));
    }
    return explained;
  }

  private static ExplainedEvent outcome(
      Delivery delivery, List<String> won, Map<String, ExplainedFact> facts) {
    boolean advances = Facts.advancesLifecycle(delivery.status());
    if (!won.isEmpty()) {
      return explained(
          delivery,
          advances ? EventOutcome.APPLIED : EventOutcome.ANNOTATION,
          "has " + String.join(", ", won));
    }
    if (!advances) {
      return explained(
          delivery, EventOutcome.ANNOTATION, "does not advance the lifecycle, and adds no fact");
    }
    ExplainedFact earlier = facts.get("status." + delivery.status());
    return explained(
        delivery,
        EventOutcome.SUPERSEDED,
        earlier == null || earlier.event() == null
            ? "another event has " + delivery.status()
            : delivery.status() + " is of " + earlier.event() + ", at " + earlier.value());
  }

  private static ExplainedEvent explained(Delivery delivery, EventOutcome outcome, String detail) {
    return new ExplainedEvent(
        delivery.eventId(),
        delivery.status(),
        delivery.providerStatus(),
        delivery.eventTime(),
        delivery.receivedAt(),
        outcome,
        detail);
  }

  /** Of the events with a status and a time the one with the least id. */
  private static @Nullable String first(List<Delivery> deliveries, Status status, long time) {
    return least(deliveries, each -> each.status() == status && each.eventTime() == time);
  }

  private static @Nullable String first(
      List<Delivery> deliveries, long time, String providerStatus) {
    return least(
        deliveries,
        each -> each.eventTime() == time && providerStatus.equals(each.providerStatus()));
  }

  private static @Nullable String priced(List<Delivery> deliveries, Price price) {
    return least(deliveries, each -> price.equals(each.price()));
  }

  private static @Nullable String least(List<Delivery> deliveries, Predicate<Delivery> wanted) {
    return deliveries.stream()
        .filter(wanted)
        .map(Delivery::eventId)
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  private static String text(Price price) {
    StringBuilder text = new StringBuilder();
    for (String part : new String[] {price.getAmount(), price.getCurrency(), price.getCategory()}) {
      if (part != null) {
        text.append(text.isEmpty() ? "" : " ").append(part);
      }
    }
    return text.toString();
  }

  private static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}
