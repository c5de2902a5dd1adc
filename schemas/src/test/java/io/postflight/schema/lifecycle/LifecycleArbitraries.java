package io.postflight.schema.lifecycle;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import io.postflight.schema.message.MessageFacts;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.jspecify.annotations.Nullable;

/**
 * Events and facts of few values, so that equal times, ids and names are frequent: they reveal an
 * order that is not total.
 */
final class LifecycleArbitraries {
  private static final List<String> REDACTABLE =
      List.of("body", "sender", "error", "price", "attributes", "attributes.a", "user_id");

  private LifecycleArbitraries() {}

  static Arbitrary<MessageEvent> events() {
    return Combinators.combine(
            Combinators.combine(
                    Arbitraries.of(Status.class),
                    Arbitraries.of("edit", "revoke", "warning").injectNull(0.2))
                .as(Reported::new),
            Arbitraries.longs().between(1, 4),
            Arbitraries.of("e1", "e2", "e3"),
            texts(),
            texts(),
            errors().injectNull(0.5),
            prices().injectNull(0.5),
            Arbitraries.maps(Arbitraries.of("a", "b"), Arbitraries.of("", "1", "2")))
        .as(
            (reported, time, id, sender, body, error, price, attributes) ->
                event(reported, time, id, sender, body, error, price, attributes));
  }

  /** A status, and the provider's own. */
  private record Reported(Status status, @Nullable String providerStatus) {}

  /** Facts that can occur: any join of events, redactions and timeouts. */
  static Arbitrary<MessageFacts> facts() {
    return Arbitraries.oneOf(
            events().map(Facts::of),
            redactions().map(Facts::redacted),
            Arbitraries.longs().between(1, 4).map(Facts::unconfirmedAt))
        .list()
        .ofMaxSize(5)
        .map(parts -> parts.stream().reduce(Facts.NONE, Facts::join));
  }

  static Arbitrary<Set<String>> redactions() {
    return Arbitraries.of(REDACTABLE).set().ofMaxSize(3);
  }

  static Arbitrary<Price> prices() {
    return Combinators.combine(
            Arbitraries.of("", "1", "1.0", "2", "-1", "free").injectNull(0.3),
            Arbitraries.of("", "USD", "EUR").injectNull(0.3),
            Arbitraries.of("", "service").injectNull(0.3),
            Arbitraries.of(true, false).injectNull(0.3))
        .as(Price::new);
  }

  static MessageEvent event(Status status, long time, String id) {
    return event(status, time, id, null, null, null, null, Map.of());
  }

  static MessageEvent event(
      Status status,
      long time,
      String id,
      @Nullable String sender,
      @Nullable String body,
      @Nullable EventError error,
      @Nullable Price price,
      Map<String, String> attributes) {
    return event(new Reported(status, null), time, id, sender, body, error, price, attributes);
  }

  /** An annotation that edits the message. */
  static MessageEvent edit(long time, String id, @Nullable String body) {
    return event(
        new Reported(Status.ANNOTATION, Edits.EDIT), time, id, null, body, null, null, Map.of());
  }

  /** An annotation that revokes the message. */
  static MessageEvent revocation(long time, String id) {
    return event(
        new Reported(Status.ANNOTATION, Edits.REVOKE), time, id, null, null, null, null, Map.of());
  }

  private static MessageEvent event(
      Reported reported,
      long time,
      String id,
      @Nullable String sender,
      @Nullable String body,
      @Nullable EventError error,
      @Nullable Price price,
      Map<String, String> attributes) {
    return new MessageEvent(
        "acme",
        "m1",
        id,
        "u1",
        "message." + reported.status(),
        "whatsapp",
        "WHATSAPP",
        Direction.OUTBOUND,
        reported.status(),
        reported.providerStatus(),
        time,
        EventTimeSource.PROVIDER,
        time + 1,
        error,
        price,
        sender,
        null,
        body,
        attributes,
        null,
        List.of(),
        List.of());
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.of("", "x", "y").injectNull(0.4);
  }

  private static Arbitrary<EventError> errors() {
    return Combinators.combine(texts(), texts(), texts()).as(EventError::new);
  }
}
