package io.postflight.schema.lifecycle;

import static io.postflight.schema.lifecycle.LifecycleArbitraries.edit;
import static io.postflight.schema.lifecycle.LifecycleArbitraries.event;
import static io.postflight.schema.lifecycle.LifecycleArbitraries.revocation;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.EventError;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import io.postflight.schema.message.MessageFacts;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FactsTest {
  @Provide
  Arbitrary<MessageFacts> facts() {
    return LifecycleArbitraries.facts();
  }

  @Provide
  Arbitrary<Set<String>> redactions() {
    return LifecycleArbitraries.redactions();
  }

  @Test
  void a_late_sent_does_not_undo_delivered() {
    MessageFacts facts = facts(event(Status.DELIVERED, 2, "d"), event(Status.SENT, 9, "s"));

    assertThat(MessageStatus.of(facts)).isEqualTo(MessageStatus.DELIVERED);
    assertThat(facts.getTimes()).isEqualTo(Map.of("DELIVERED", 2L, "SENT", 9L));
  }

  @Test
  void of_two_times_of_one_status_the_earliest_is_kept() {
    MessageFacts facts = facts(event(Status.SENT, 5, "a"), event(Status.SENT, 3, "b"));

    assertThat(facts.getTimes()).isEqualTo(Map.of("SENT", 3L));
  }

  @Test
  void of_two_values_the_earlier_events_is_kept() {
    MessageFacts facts =
        facts(
            event(Status.DELIVERED, 2, "b", "late", null, null, null, Map.of()),
            event(Status.SENT, 1, "a", "early", null, null, null, Map.of()));

    assertThat(Facts.text(facts, Facts.SENDER)).isEqualTo("early");
  }

  @Test
  void within_one_second_the_rank_decides() {
    MessageFacts facts =
        facts(
            event(Status.READ, 1, "a", "of read", null, null, null, Map.of()),
            event(Status.SENT, 1, "b", "of sent", null, null, null, Map.of()));

    assertThat(Facts.text(facts, Facts.SENDER)).isEqualTo("of sent");
  }

  @Test
  void an_annotation_does_not_advance_the_lifecycle_but_its_facts_count() {
    MessageFacts facts =
        facts(event(Status.ANNOTATION, 1, "a", "me", null, null, null, Map.of("k", "v")));

    assertThat(facts.getTimes()).isEmpty();
    assertThat(MessageStatus.of(facts)).isNull();
    assertThat(Facts.text(facts, "attributes.k")).isEqualTo("v");
  }

  @Test
  void all_fields_of_the_earliest_error_are_kept() {
    EventError first = new EventError("1", null, null);
    EventError second = new EventError("2", "title", "detail");
    MessageFacts facts =
        facts(
            event(Status.FAILED, 2, "b", null, null, second, null, Map.of()),
            event(Status.FAILED, 1, "a", null, null, first, null, Map.of()));

    assertThat(Facts.error(facts)).isEqualTo(first);
  }

  @Test
  void a_more_complete_price_takes_precedence_over_a_greater_one() {
    assertThat(price(new Price("9", null, null, null), new Price("1", "USD", null, null)))
        .isEqualTo(new Price("1", "USD", null, null));
  }

  @Test
  void of_equally_complete_prices_the_greater_is_kept_as_a_number() {
    assertThat(price(new Price("9", "USD", null, null), new Price("10", "USD", null, null)))
        .isEqualTo(new Price("10", "USD", null, null));
    assertThat(price(new Price("0.5", "USD", null, null), new Price("junk", "USD", null, null)))
        .isEqualTo(new Price("0.5", "USD", null, null));
  }

  @Test
  void null_and_empty_are_distinguished() {
    Price noAmount = new Price(null, "", null, null);
    Price noCurrency = new Price("", null, null, null);

    assertThat(price(noAmount, noCurrency)).isEqualTo(price(noCurrency, noAmount));
  }

  @Test
  void the_text_of_the_newest_edit_is_the_body() {
    MessageFacts facts =
        facts(
            edit(3, "b", "third"),
            event(Status.RECEIVED, 1, "a", null, "first", null, null, Map.of()),
            edit(2, "c", "second"));

    assertThat(Edits.body(facts)).isEqualTo("third");
    assertThat(Facts.text(facts, Facts.BODY)).isEqualTo("first");
    assertThat(facts.getEditedAt()).isEqualTo(3);
  }

  @Test
  void edits_of_one_time_are_ordered_by_their_ids() {
    assertThat(Edits.body(facts(edit(2, "y", "of y"), edit(2, "x", "of x")))).isEqualTo("of y");
    assertThat(Edits.body(facts(edit(2, "x", "of x"), edit(2, "y", "of y")))).isEqualTo("of y");
  }

  @Test
  void the_earliest_revocation_is_kept() {
    assertThat(facts(revocation(5, "a"), revocation(3, "b")).getRevokedAt()).isEqualTo(3);
    assertThat(facts(revocation(3, "a")).getEditedAt()).isNull();
  }

  @Property(tries = 1000)
  void redacted_fields_stay_empty(
      @ForAll("facts") MessageFacts before,
      @ForAll("redactions") Set<String> names,
      @ForAll("facts") MessageFacts after) {
    MessageFacts facts = Facts.join(Facts.join(before, Facts.redacted(names)), after);

    assertThat(facts.getRedacted()).containsAll(names).isSorted().doesNotHaveDuplicates();
    assertThat(Facts.texts(facts).keySet()).noneMatch(facts.getRedacted()::contains);
    if (names.contains("attributes")) {
      assertThat(Facts.texts(facts).keySet()).noneMatch(name -> name.startsWith("attributes."));
    }
    if (names.contains("body")) {
      assertThat(Edits.body(facts)).isNull();
    }
    if (names.contains("error")) {
      assertThat(Facts.error(facts)).isNull();
    }
    if (names.contains("price")) {
      assertThat(facts.getPrice()).isNull();
    }
  }

  @Property
  void redacting_changes_nothing_else(@ForAll("facts") MessageFacts before) {
    MessageFacts facts = Facts.join(before, Facts.redacted(List.of("body")));

    assertThat(facts.getTimes()).isEqualTo(before.getTimes());
    assertThat(facts.getEditedAt()).isEqualTo(before.getEditedAt());
    assertThat(facts.getRevokedAt()).isEqualTo(before.getRevokedAt());
    assertThat(Facts.error(facts)).isEqualTo(Facts.error(before));
    assertThat(facts.getPrice()).isEqualTo(before.getPrice());
    assertThat(Facts.text(facts, Facts.SENDER)).isEqualTo(Facts.text(before, Facts.SENDER));
  }

  private static MessageFacts facts(MessageEvent... events) {
    return Arrays.stream(events).map(Facts::of).reduce(Facts.NONE, Facts::join);
  }

  private static @Nullable Price price(Price... prices) {
    return Arrays.stream(prices)
        .map(p -> Facts.of(event(Status.SENT, 1, "s", null, null, null, p, Map.of())))
        .reduce(Facts.NONE, Facts::join)
        .getPrice();
  }
}
