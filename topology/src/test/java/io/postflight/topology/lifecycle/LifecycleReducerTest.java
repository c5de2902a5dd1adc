package io.postflight.topology.lifecycle;

import static io.postflight.topology.lifecycle.TestEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TimelineEntry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LifecycleReducerTest {
  private static final long T = 1_760_000_000_000L;
  private final Replay life = new Replay();

  @Test
  void the_first_event_fixes_birth_and_tier() {
    life.event(event(Status.DELIVERED, T)).event(event(Status.SENT, T - 9_000));

    assertThat(life.message().getCreatedAt()).isEqualTo(T);
    assertThat(life.message().getTier()).isEqualTo("30d");
    assertThat(life.message().getRevision()).isEqualTo(2);
  }

  @Test
  void a_late_sent_does_not_undo_delivered() {
    life.event(event(Status.DELIVERED, T)).event(event(Status.SENT, T + 1));

    assertThat(MessageStatus.of(life.message().getFacts())).isEqualTo(MessageStatus.DELIVERED);
  }

  @Test
  void a_message_is_listed_where_its_first_completing_event_stands_and_never_moves() {
    life.event(event(Status.SENT, T));
    assertThat(life.message().getListedAt()).isNull();

    life.event(event(Status.READ, T + 2_000));
    assertThat(life.message().getListedAt()).isEqualTo(T + 2_000);
    assertThat(life.message().getListingShards()).isEqualTo(2);
    assertThat(life.last.notes()).containsExactly(TransitionFlag.COMPLETED);

    life.event(event(Status.DELIVERED, T + 1_000));
    assertThat(life.message().getListedAt()).isEqualTo(T + 2_000);
    assertThat(life.notes.get(TransitionFlag.COMPLETED)).isEqualTo(1);
  }

  @Test
  void an_inbound_message_is_complete_at_once() {
    life.event(event(Status.RECEIVED, T));

    assertThat(life.message().getListedAt()).isEqualTo(T);
  }

  @Test
  void an_event_that_comes_again_changes_nothing_and_ends_in_the_same_row() {
    life.event(event(Status.SENT, T)).event(event(Status.SENT, T).receivedAt(T + 600_000));

    assertThat(life.revisions).hasSize(1);
    assertThat(life.last.notes()).containsExactly(TransitionFlag.DUPLICATE);
    assertThat(life.timeline).containsExactly(java.util.Map.entry("u1|" + T + "|SENT@" + T, T));
  }

  @Test
  void an_event_without_a_time_that_comes_again_minutes_later_keeps_its_first_time() {
    life.event(event(Status.SENT, T).id("form").arrivedAt(T))
        .event(event(Status.SENT, T).id("form").arrivedAt(T + 240_000));

    assertThat(life.timeline).containsExactly(java.util.Map.entry("u1|" + T + "|form", T));
    assertThat(life.message().getFacts().getTimes()).containsEntry("SENT", T);
    assertThat(life.revisions).hasSize(1);
  }

  @Test
  void a_time_that_was_not_believed_at_first_is_not_believed_when_told_again_by_a_better_clock() {
    long behind = T - 3_600_000;
    life.event(event(Status.SENT, behind).id("ahead").clampedTo(behind))
        .event(event(Status.SENT, T).id("ahead"));

    assertThat(life.timeline)
        .containsExactly(java.util.Map.entry("u1|" + behind + "|ahead", behind));
    assertThat(life.last.timeline().get(0).getEvent().getEventTimeSource())
        .isEqualTo(EventTimeSource.CLAMPED);
    assertThat(life.revisions).hasSize(1);
  }

  @Test
  void a_time_slightly_ahead_of_the_gateway_is_kept_when_told_again() {
    life.event(event(Status.SENT, T + 60_000).id("ahead").receivedAt(T))
        .event(event(Status.SENT, T + 60_000).id("ahead").receivedAt(T + 600_000));

    assertThat(life.timeline)
        .containsExactly(java.util.Map.entry("u1|" + (T + 60_000) + "|ahead", T));
  }

  @Test
  void a_time_that_was_believed_at_first_is_believed_when_told_again_by_a_clock_behind() {
    life.event(event(Status.SENT, T).id("early"))
        .event(event(Status.SENT, T).id("early").clampedTo(T - 3_600_000));

    assertThat(life.timeline).containsExactly(java.util.Map.entry("u1|" + T + "|early", T));
    assertThat(life.last.timeline().get(0).getEvent().getEventTimeSource())
        .isEqualTo(EventTimeSource.PROVIDER);
    assertThat(life.revisions).hasSize(1);
  }

  @Test
  void a_time_slightly_ahead_of_the_gateway_is_kept_when_told_again_by_a_clock_behind() {
    life.event(event(Status.SENT, T + 60_000).id("ahead").receivedAt(T))
        .event(event(Status.SENT, T + 60_000).id("ahead").clampedTo(T - 3_600_000));

    assertThat(life.timeline)
        .containsExactly(java.util.Map.entry("u1|" + (T + 60_000) + "|ahead", T));
    assertThat(life.last.timeline().get(0).getEvent().getEventTimeSource())
        .isEqualTo(EventTimeSource.PROVIDER);
  }

  @Test
  void an_annotation_alone_is_on_the_timeline_but_no_revision() {
    life.event(event(Status.ANNOTATION, T));

    assertThat(life.timeline).hasSize(1);
    assertThat(life.revisions).isEmpty();
    assertThat(life.state().getMessage().getRevision()).isZero();
  }

  @Test
  void what_an_annotation_told_is_in_the_first_revision() {
    life.event(event(Status.ANNOTATION, T).body("hello")).event(event(Status.SENT, T + 1));

    assertThat(life.message().getRevision()).isEqualTo(1);
    assertThat(Facts.text(life.message().getFacts(), Facts.BODY)).isEqualTo("hello");
  }

  @Test
  void an_entry_without_a_user_waits_until_the_life_knows_it() {
    life.event(event(Status.SENT, T).user(null));
    assertThat(life.timeline).isEmpty();
    assertThat(life.message().getRevision()).isEqualTo(1);

    life.event(event(Status.DELIVERED, T + 5).user("u7"));
    assertThat(life.timeline)
        .containsOnlyKeys("u7|" + T + "|SENT@" + T, "u7|" + (T + 5) + "|DELIVERED@" + (T + 5));
    assertThat(life.state().getPending()).isEmpty();
  }

  @Test
  void an_event_without_a_user_takes_the_users_of_its_life() {
    life.event(event(Status.SENT, T).user("u7")).event(event(Status.READ, T + 1).user(null));

    assertThat(life.timeline).containsKey("u7|" + (T + 1) + "|READ@" + (T + 1));
  }

  @Test
  void an_event_of_another_participant_stands_under_its_own_user() {
    life.event(event(Status.DELIVERED, T).user("u1"))
        .event(event(Status.DELIVERED, T + 1).user("u2"));

    assertThat(life.timeline)
        .containsKeys("u1|" + T + "|DELIVERED@" + T, "u2|" + (T + 1) + "|DELIVERED@" + (T + 1));
  }

  @Test
  void so_many_entries_wait_for_their_user_and_the_others_are_counted() {
    for (int i = 0; i < LifecycleReducer.MAX_PENDING + 3; i++) {
      life.event(event(Status.SENT, T + i).user(null));
    }

    assertThat(life.state().getPending()).hasSize(LifecycleReducer.MAX_PENDING);
    assertThat(life.notes.get(TransitionFlag.PENDING_OVERFLOW)).isEqualTo(3);
    assertThat(life.state().getPending().get(0).getEvent().getEventTime()).isEqualTo(T);
  }

  @Test
  void the_timeline_carries_no_bodies() {
    life.event(event(Status.RECEIVED, T).body("secret"));

    TimelineEntry entry = life.last.timeline().get(0);
    assertThat(entry.getEvent().getBody()).isNull();
    assertThat(entry.getEvent().getRecipient()).isNull();
    assertThat(Facts.text(life.message().getFacts(), Facts.BODY)).isEqualTo("secret");
  }

  @Test
  void failed_and_then_delivered_is_delivered_with_a_contradiction() {
    life.event(event(Status.FAILED, T)).event(event(Status.DELIVERED, T + 60_000));

    MessageRevision message = life.message();
    assertThat(MessageStatus.of(message.getFacts())).isEqualTo(MessageStatus.DELIVERED);
    assertThat(MessageStatus.contradiction(message.getFacts().getTimes())).isTrue();
    assertThat(message.getFacts().getError()).isNotNull();
  }

  @Test
  void a_life_without_an_answer_is_unconfirmed_when_its_wait_is_over() {
    life.event(event(Status.SENT, T));
    long deadline = T + 50 + Duration.ofDays(3).toMillis();
    assertThat(life.state().getDeadline()).isEqualTo(deadline);

    life.due();

    assertThat(life.message().getListedAt()).isEqualTo(deadline);
    assertThat(life.message().getRevision()).isEqualTo(2);
    assertThat(MessageStatus.of(life.message().getFacts())).isEqualTo(MessageStatus.UNCONFIRMED);
    assertThat(life.last.notes()).containsExactly(TransitionFlag.COMPLETED);
    assertThat(life.state().getDeadline()).isEqualTo(life.state().getForgetAt());
  }

  @Test
  void delivered_after_the_wait_is_a_new_revision_that_is_delivered() {
    life.event(event(Status.SENT, T)).due().event(event(Status.DELIVERED, T + 400_000_000));

    assertThat(life.message().getRevision()).isEqualTo(3);
    assertThat(MessageStatus.of(life.message().getFacts())).isEqualTo(MessageStatus.DELIVERED);
  }

  @Test
  void a_complete_life_is_forgotten_without_a_word() {
    life.event(event(Status.READ, T));
    assertThat(life.state().getDeadline()).isEqualTo(T + 50 + Duration.ofDays(30).toMillis());

    life.due();

    assertThat(life.state).isNull();
    assertThat(life.last.revision()).isNull();
    assertThat(life.last.timeline()).isEmpty();
  }

  @Test
  void annotations_alone_are_never_unconfirmed_but_a_status_after_the_wait_is_due_at_once() {
    life.event(event(Status.ANNOTATION, T)).due();
    assertThat(life.revisions).isEmpty();
    assertThat(life.state().getDeadline()).isEqualTo(life.state().getForgetAt());

    life.event(event(Status.SENT, T + 1));

    assertThat(life.state().getDeadline()).isEqualTo(T + 50 + Duration.ofDays(3).toMillis());
  }

  @Test
  void entries_that_never_learnt_their_user_are_counted_when_the_life_ends() {
    life.event(event(Status.READ, T).user(null)).due();

    assertThat(life.last.notes()).containsExactly(TransitionFlag.PENDING_DROPPED);
  }

  @Test
  void a_message_changes_at_most_999_times() {
    for (int i = 0; i < 1_010; i++) {
      life.event(event(Status.SENT, T - i));
    }

    assertThat(life.message().getRevision()).isEqualTo(999);
    assertThat(life.last.revision()).isNull();
    assertThat(life.notes.get(TransitionFlag.REVISIONS_EXHAUSTED)).isEqualTo(11);
    assertThat(life.last.timeline()).hasSize(1);
    assertThat(life.state().getAnchors()).hasSize(LifecycleReducer.MAX_ANCHORS);
  }

  @Test
  void a_life_that_has_grown_too_large_takes_the_status_and_leaves_the_text() {
    String large = "x".repeat(250_000);
    life.event(event(Status.SENT, T).user(null).body(large))
        .event(event(Status.READ, T + 1).user(large.substring(0, 100_000)));

    assertThat(life.last.notes()).contains(TransitionFlag.FACTS_TOO_LARGE);
    assertThat(MessageStatus.of(life.message().getFacts())).isEqualTo(MessageStatus.READ);
  }
}
