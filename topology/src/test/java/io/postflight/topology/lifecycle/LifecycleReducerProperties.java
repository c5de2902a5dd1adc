package io.postflight.topology.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Edits;
import io.postflight.schema.lifecycle.MessageStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** Rows depend neither on the order of events nor on duplicates. */
class LifecycleReducerProperties {
  private static final long T = 1_760_000_000_000L;

  @Provide
  Arbitrary<MessageEvent> events() {
    return Combinators.combine(
            Arbitraries.of(Status.class).filter(status -> status != Status.ACTION),
            Arbitraries.integers().between(0, 5),
            Arbitraries.of("a", "b", "c"),
            Arbitraries.of("u1", ""),
            Arbitraries.of(Edits.EDIT, Edits.REVOKE, "warning"))
        .as(
            (status, second, body, user, word) ->
                // The content is part of the id: events with equal ids are equal.
                TestEvents.event(status, T + second * 1_000L)
                    .id(status + "-" + second + "-" + body + "-" + user + "-" + word)
                    .word(word)
                    .body(body)
                    .user(user.isEmpty() ? null : user)
                    .build());
  }

  @Property
  void every_order_of_the_same_events_ends_in_the_same_facts_and_rows(
      @ForAll("events") MessageEvent first,
      @ForAll @Size(max = 4) List<@From("events") MessageEvent> others) {
    List<MessageEvent> events = new ArrayList<>(others);
    events.add(first);
    Replay expected = Replay.of(events);

    for (List<MessageEvent> order : permutations(events)) {
      Replay replay = Replay.of(order);

      assertThat(replay.state().getMessage().getFacts())
          .isEqualTo(expected.state().getMessage().getFacts());
      assertThat(replay.timeline).isEqualTo(expected.timeline);
      assertLastRevisionIsComplete(replay);
    }
  }

  @Property
  void duplicates_anywhere_change_no_row(
      @ForAll @Size(min = 1, max = 8) List<@From("events") MessageEvent> events,
      @ForAll Random random) {
    Replay once = Replay.of(events);
    List<MessageEvent> repeated = new ArrayList<>(events);
    for (int i = 0; i < 12; i++) {
      int from = random.nextInt(repeated.size());
      int to = from + 1 + random.nextInt(repeated.size() - from);
      repeated.add(to, repeated.get(from));
    }

    Replay replay = Replay.of(repeated);

    assertThat(replay.timeline).isEqualTo(once.timeline);
    assertThat(replay.revisions).isEqualTo(once.revisions);
    assertThat(replay.state().getAnchors()).isEqualTo(once.state().getAnchors());
  }

  @Property
  void a_message_completes_once_and_only_if_its_facts_are_complete(
      @ForAll @Size(min = 1, max = 8) List<@From("events") MessageEvent> events) {
    Replay replay = Replay.of(events);

    boolean complete = MessageStatus.complete(replay.state().getMessage().getFacts());
    assertThat(replay.flags.getOrDefault(TransitionFlag.COMPLETED, 0)).isEqualTo(complete ? 1 : 0);
    assertThat(replay.state().getMessage().getListedAt() != null).isEqualTo(complete);
  }

  @Property
  void revisions_count_up_from_one_without_gaps(
      @ForAll @Size(min = 1, max = 10) List<@From("events") MessageEvent> events) {
    Replay replay = Replay.of(events);

    for (int i = 0; i < replay.revisions.size(); i++) {
      assertThat(replay.revisions.get(i).getRevision()).isEqualTo(i + 1);
      assertThat(replay.revisions.get(i).getCreatedAt())
          .isEqualTo(replay.revisions.get(0).getCreatedAt());
    }
  }

  private static void assertLastRevisionIsComplete(Replay replay) {
    boolean moved = MessageStatus.of(replay.state().getMessage().getFacts()) != null;
    if (moved) {
      assertThat(replay.message()).isEqualTo(replay.state().getMessage());
    } else {
      assertThat(replay.revisions).isEmpty();
    }
  }

  private static List<List<MessageEvent>> permutations(List<MessageEvent> events) {
    if (events.isEmpty()) {
      return List.of(List.of());
    }
    List<List<MessageEvent>> all = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      List<MessageEvent> rest = new ArrayList<>(events);
      MessageEvent head = rest.remove(i);
      for (List<MessageEvent> tail : permutations(rest)) {
        List<MessageEvent> order = new ArrayList<>();
        order.add(head);
        order.addAll(tail);
        all.add(order);
      }
    }
    return all;
  }
}
