package io.postflight.topology.lifecycle;

import static io.postflight.topology.lifecycle.TestEvents.edit;
import static io.postflight.topology.lifecycle.TestEvents.event;
import static io.postflight.topology.lifecycle.TestEvents.revocation;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Edits;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.TimelineEntry;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Edits and revocations of a message, before it and after it. */
class LifecycleEditsTest {
  private static final long T = 1_760_000_000_000L;
  private static final Placement PLACEMENT = new Placement("30d", time -> 4, time -> 2);

  private final Replay replay = new Replay();

  private static TestEvents original() {
    return event(Status.RECEIVED, T).body("at five");
  }

  @Test
  void an_edit_is_a_new_revision_with_the_new_text() {
    replay.event(original()).event(edit(T + 60_000, "at six"));

    assertThat(replay.message().getRevision()).isEqualTo(2);
    assertThat(Edits.body(facts())).isEqualTo("at six");
    assertThat(facts().getEditedAt()).isEqualTo(T + 60_000);
    assertThat(Facts.text(facts(), Facts.BODY)).isEqualTo("at five");
    assertThat(MessageStatus.of(facts())).isEqualTo(MessageStatus.RECEIVED);
  }

  @Test
  void an_edit_that_arrives_before_its_message_applies_to_it() {
    replay.event(edit(T + 60_000, "at six"));
    assertThat(replay.revisions).isEmpty();
    assertThat(replay.timeline).hasSize(1);

    replay.event(original());

    assertThat(replay.message().getRevision()).isEqualTo(1);
    assertThat(Edits.body(facts())).isEqualTo("at six");
    assertThat(replay.message().getListedAt()).isEqualTo(T);
  }

  @Test
  void the_newest_edit_counts_in_any_order() {
    List<TestEvents> edits =
        List.of(edit(T + 3, "c"), edit(T + 1, "a"), edit(T + 2, "b"), edit(T + 1, "a"));

    edits.forEach(replay::event);
    replay.event(original());

    assertThat(Edits.body(facts())).isEqualTo("c");
    assertThat(facts().getEditedAt()).isEqualTo(T + 3);
  }

  @Test
  void an_edit_whose_text_is_unknown_leaves_the_text_known_before() {
    replay
        .event(original())
        .event(edit(T + 1, "at six"))
        .event(event(Status.ANNOTATION, T + 2).word(Edits.EDIT));

    assertThat(Edits.body(facts())).isEqualTo("at six");
    assertThat(facts().getEditedAt()).isEqualTo(T + 2);
  }

  @Test
  void the_earliest_revocation_counts() {
    replay.event(revocation(T + 9)).event(original()).event(revocation(T + 5));

    assertThat(facts().getRevokedAt()).isEqualTo(T + 5);
    assertThat(MessageStatus.of(facts())).isEqualTo(MessageStatus.RECEIVED);
  }

  @Test
  void another_annotation_is_no_edit() {
    replay.event(original()).event(event(Status.ANNOTATION, T + 5).body("other").word("warning"));

    assertThat(Edits.body(facts())).isEqualTo("at five");
    assertThat(facts().getEditedAt()).isNull();
  }

  @Test
  void an_edit_is_on_the_timeline_without_its_text() {
    replay.event(original()).event(edit(T + 60_000, "at six"));

    assertThat(replay.last.timeline())
        .singleElement()
        .extracting(TimelineEntry::getEvent)
        .satisfies(
            event -> {
              assertThat(event.getProviderStatus()).isEqualTo(Edits.EDIT);
              assertThat(event.getBody()).isNull();
            });
  }

  @Test
  void redacting_the_body_redacts_its_edits_too_also_later_ones() {
    replay.event(original()).event(edit(T + 1, "at six"));
    LifecycleReducer reducer = new LifecycleReducer(Replay.RULES);

    Transition redacted = reducer.redact(replay.state(), List.of(Facts.BODY), PLACEMENT);
    MessageFacts facts = Objects.requireNonNull(redacted.revision()).getFacts();
    assertThat(facts.getEdit()).isNull();
    assertThat(Edits.body(facts)).isNull();
    assertThat(facts.getEditedAt()).isEqualTo(T + 1);

    Transition later =
        reducer.reduce(redacted.next(), edit(T + 9, "at seven").build(), PLACEMENT, List.of());
    assertThat(bodyOf(later)).isNull();
  }

  @Test
  void an_edit_that_is_too_large_keeps_its_time() {
    replay.event(original().body("x".repeat(200_000))).event(edit(T + 1, "y".repeat(200_000)));

    assertThat(replay.last.flags()).contains(TransitionFlag.FACTS_TOO_LARGE);
    assertThat(facts().getEditedAt()).isEqualTo(T + 1);
    assertThat(Edits.body(facts())).startsWith("x");
  }

  @Test
  void an_oversized_edit_that_arrives_first_costs_its_message_the_text_only() {
    replay
        .event(edit(T + 1, "y".repeat(200_000)).id("edit"))
        .event(event(Status.FAILED, T).body("x".repeat(200_000)));

    assertThat(replay.last.flags()).contains(TransitionFlag.FACTS_TOO_LARGE);
    assertThat(Facts.text(facts(), Facts.RECIPIENT)).isEqualTo("u1");
    assertThat(Facts.error(facts())).isNotNull();
    assertThat(MessageStatus.of(facts())).isEqualTo(MessageStatus.FAILED);
  }

  private static @Nullable String bodyOf(Transition transition) {
    return transition.revision() == null ? null : Edits.body(transition.revision().getFacts());
  }

  private MessageFacts facts() {
    return replay.state().getMessage().getFacts();
  }
}
