package io.postflight.schema.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.serde.TrustedRecords;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Any order, any grouping, any repetition: the same facts. */
class JoinIsASemilatticeTest {
  static {
    TrustedRecords.trust(); // Avro copies trusted records only
  }

  @Provide
  Arbitrary<MessageFacts> facts() {
    return LifecycleArbitraries.facts();
  }

  @Provide
  Arbitrary<MessageEvent> events() {
    return LifecycleArbitraries.events();
  }

  @Provide
  Arbitrary<Set<String>> redactions() {
    return LifecycleArbitraries.redactions();
  }

  @Property(tries = 2000)
  void join_is_commutative(@ForAll("facts") MessageFacts a, @ForAll("facts") MessageFacts b) {
    assertThat(Facts.join(a, b)).isEqualTo(Facts.join(b, a));
  }

  @Property(tries = 2000)
  void join_is_associative(
      @ForAll("facts") MessageFacts a,
      @ForAll("facts") MessageFacts b,
      @ForAll("facts") MessageFacts c) {
    assertThat(Facts.join(Facts.join(a, b), c)).isEqualTo(Facts.join(a, Facts.join(b, c)));
  }

  @Property
  void join_with_itself_or_with_nothing_is_the_same_instance(@ForAll("facts") MessageFacts a) {
    assertThat(Facts.join(a, a)).isSameAs(a);
    assertThat(Facts.join(a, Facts.NONE)).isSameAs(a);
    assertThat(Facts.join(Facts.NONE, a)).isEqualTo(a);
  }

  @Property(tries = 2000)
  void a_join_that_adds_nothing_returns_the_same_instance(
      @ForAll("facts") MessageFacts a, @ForAll("facts") MessageFacts b) {
    MessageFacts joined = Facts.join(a, b);

    assertThat(Facts.join(joined, a)).isSameAs(joined);
    assertThat(Facts.join(joined, b)).isSameAs(joined);
    if (joined.equals(a)) {
      assertThat(joined).isSameAs(a);
    }
  }

  @Property
  void arguments_are_not_changed(@ForAll("facts") MessageFacts a, @ForAll("facts") MessageFacts b) {
    MessageFacts aBefore = MessageFacts.newBuilder(a).build();
    MessageFacts bBefore = MessageFacts.newBuilder(b).build();

    Facts.join(a, b);

    assertThat(a).isEqualTo(aBefore);
    assertThat(b).isEqualTo(bBefore);
  }

  @Property(tries = 100)
  void all_orders_of_a_few_events_end_in_the_same_facts(
      @ForAll("events") MessageEvent a,
      @ForAll("events") MessageEvent b,
      @ForAll("events") MessageEvent c,
      @ForAll("events") MessageEvent d,
      @ForAll("redactions") Set<String> redacted) {
    List<MessageFacts> parts =
        List.of(Facts.of(a), Facts.of(b), Facts.of(c), Facts.of(d), Facts.redacted(redacted));
    MessageFacts expected = fold(parts);

    assertThat(Arbitraries.shuffle(parts).allValues().orElseThrow())
        .hasSize(120)
        .allSatisfy(order -> assertThat(fold(order)).isEqualTo(expected));
  }

  @Property
  void repeating_and_shuffling_many_events_changes_nothing(
      @ForAll @Size(min = 1, max = 12) List<@From("events") MessageEvent> events,
      @ForAll @IntRange(max = 30) int repeats,
      @ForAll Random random) {
    List<MessageFacts> once = events.stream().map(Facts::of).toList();
    List<MessageFacts> often = new ArrayList<>(once);
    for (int i = 0; i < repeats; i++) {
      often.add(once.get(random.nextInt(once.size())));
    }
    Collections.shuffle(often, random);

    MessageFacts facts = fold(often);

    assertThat(facts).isEqualTo(fold(once));
    assertThat(MessageStatus.of(facts)).isEqualTo(MessageStatus.of(fold(once)));
  }

  private static MessageFacts fold(List<MessageFacts> parts) {
    return parts.stream().reduce(Facts.NONE, Facts::join);
  }
}
