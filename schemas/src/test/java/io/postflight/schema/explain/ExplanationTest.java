package io.postflight.schema.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.explain.ExplainedEvent.EventOutcome;
import io.postflight.schema.lifecycle.Edits;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageFacts;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An explanation")
class ExplanationTest {
  private static final MessageEvent SENT = event("e1", Status.SENT, 10, null, null);
  private static final MessageEvent DELIVERED = event("e2", Status.DELIVERED, 20, null, null);
  private static final MessageEvent FAILED = event("e3", Status.FAILED, 30, null, null);
  private static final MessageEvent EDIT = event("e4", Status.ANNOTATION, 40, Edits.EDIT, "new");
  private static final MessageEvent OLD_EDIT = event("e5", Status.ANNOTATION, 35, Edits.EDIT, "?");

  @Test
  void namesTheEventAndTheRuleOfEachFact() {
    Explanation explained = explain(FAILED, EDIT, DELIVERED, SENT, OLD_EDIT);

    assertThat(fact(explained, "status").value()).isEqualTo("DELIVERED");
    assertThat(fact(explained, "status").why()).contains("FAILED", "contradicts");
    assertThat(fact(explained, "status.FAILED").event()).isEqualTo("e3");
    assertThat(fact(explained, "userId").event()).isEqualTo("e1");
    assertThat(fact(explained, "body").value()).isEqualTo("new");
    assertThat(fact(explained, "body").event()).isEqualTo("e4");
    assertThat(fact(explained, "editedAt").event()).isEqualTo("e4");
  }

  @Test
  void givesEachDeliveryAnOutcome() {
    MessageEvent again = event("e6", Status.DELIVERED, 25, null, null);
    Explanation explained = explain(DELIVERED, SENT, DELIVERED, again, OLD_EDIT, EDIT);

    assertThat(explained.events())
        .extracting(ExplainedEvent::outcome)
        .containsExactly(
            EventOutcome.APPLIED,
            EventOutcome.APPLIED,
            EventOutcome.DUPLICATE,
            EventOutcome.SUPERSEDED,
            EventOutcome.ANNOTATION,
            EventOutcome.ANNOTATION);
    assertThat(explained.events().get(3).detail()).contains("e2");
    assertThat(explained.events().get(5).detail()).contains("body", "editedAt");
  }

  @Test
  void ofAMessageThatTimedOutStatesIt() {
    MessageFacts facts = Facts.join(Facts.of(SENT), Facts.unconfirmedAt(500));
    Explanation explained = Explanation.of(facts, List.of(Delivery.of(SENT)));

    assertThat(fact(explained, "status").value()).isEqualTo("UNCONFIRMED");
    assertThat(fact(explained, "unconfirmedAt").event()).isNull();
  }

  @Test
  void doesNotDependOnWhichDeliveriesAreKnown() {
    MessageFacts facts = Facts.join(Facts.of(SENT), Facts.of(DELIVERED));
    Explanation explained = Explanation.of(facts, List.of());

    assertThat(fact(explained, "status.SENT").event()).isNull();
    assertThat(fact(explained, "userId").event()).isEqualTo("e1");
    assertThat(explained.events()).isEmpty();
  }

  private static Explanation explain(MessageEvent... events) {
    MessageFacts facts = Stream.of(events).map(Facts::of).reduce(Facts.NONE, Facts::join);
    return Explanation.of(facts, Stream.of(events).map(Delivery::of).toList());
  }

  private static ExplainedFact fact(Explanation explained, String name) {
    return explained.facts().stream()
        .filter(each -> each.fact().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static MessageEvent event(
      String id, Status status, long time, @Nullable String word, @Nullable String body) {
    return MessageEvent.newBuilder()
        .setTenant("acme")
        .setMessageId("m-1")
        .setEventId(id)
        .setUserId("u-1")
        .setType("message.any")
        .setProvider("events")
        .setChannel("SMS")
        .setDirection(Direction.OUTBOUND)
        .setStatus(status)
        .setProviderStatus(word)
        .setEventTime(time)
        .setEventTimeSource(EventTimeSource.PROVIDER)
        .setReceivedAt(time + 1)
        .setBody(body)
        .setAttributes(Map.of())
        .build();
  }
}
