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
  private final Replay replay = new Replay();

  @Test
  void the_first_event_fixes_creation_time_and_tier() {
    replay.event(event(Status.DELIVERED, T)).event(event(Status.SENT, T - 9_000));

    assertThat(replay.message().getCreatedAt()).isEqualTo(T);
    assertThat(replay.message().getTier()).isEqualTo("30d");
    assertThat(replay.message().getRevision()).isEqualTo(2);
  }

  @Test
  void a_late_sent_does_not_undo_delivered() {
    replay.event(event(Status.DELIVERED, T)).event(event(Status.SENT, T + 1));

    assertThat(MessageStatus.of(replay.message().getFacts())).isEqualTo(MessageStatus.DELIVERED);
  }

  @Test
  void the_first_completing_event_fixes_the_position_in_the_listing() {
    replay.event(event(Status.SENT, T));
    assertThat(replay.message().getListedAt()).isNull();

    replay.event(event(Status.READ, T + 2_000));
    assertThat(replay.message().getListedAt()).isEqualTo(T + 2_000);
    assertThat(replay.message().getListingShards()).isEqualTo(2);
    assertThat(replay.last.flags()).containsExactly(TransitionFlag.COMPLETED);

    replay.event(event(Status.DELIVERED, T + 1_000));
    assertThat(replay.message().getListedAt()).isEqualTo(T + 2_000);
    assertThat(replay.flags.get(TransitionFlag.COMPLETED)).isEqualTo(1);
  }

  @Test
  void an_inbound_message_is_complete_at_once() {
    replay.event(event(Status.RECEIVED, T));

    assertThat(replay.message().getListedAt()).isEqualTo(T);
  }

  @Test
  void a_duplicate_changes_nothing_and_results_in_the_same_row() {
    replay.event(event(Status.SENT, T)).event(event(Status.SENT, T).receivedAt(T + 600_000));

    assertThat(replay.revisions).hasSize(1);
    assertThat(replay.last.flags()).containsExactly(TransitionFlag.DUPLICATE);
    assertThat(replay.timeline).containsExactly(java.util.Map.entry("u1|" + T + "|SENT@" + T, T));
  }

  @Test
  void a_duplicate_without_a_time_keeps_the_first_time() {
    replay
        .event(event(Status.SENT, T).id("form").arrivedAt(T))
        .event(event(Status.SENT, T).id("form").arrivedAt(T + 240_000));

    assertThat(replay.timeline).containsExactly(java.util.Map.entry("u1|" + T + "|form", T));
    assertThat(replay.message().getFacts().getTimes()).containsEntry("SENT", T);
    assertThat(replay.revisions).hasSize(1);
  }

  @Test
  void a_clamped_time_is_kept_for_a_duplicate_received_by_a_correct_clock() {
    long behind = T - 3_600_000;
    replay
        .event(event(Status.SENT, behind).id("ahead").clampedTo(behind))
        .event(event(Status.SENT, T).id("ahead"));

    assertThat(replay.timeline)
        .containsExactly(java.util.Map.entry("u1|" + behind + "|ahead", behind));
    assertThat(replay.last.timeline().get(0).getEvent().getEventTimeSource())
        .isEqualTo(EventTimeSource.CLAMPED);
    assertThat(replay.revisions).hasSize(1);
  }

  @Test
  void a_time_slightly_ahead_of_the_gateway_is_kept_for_a_duplicate() {
    replay
        .event(event(Status.SENT, T + 60_000).id("ahead").receivedAt(T))
        .event(event(Status.SENT, T + 60_000).id("ahead").receivedAt(T + 600_000));

    assertThat(replay.timeline)
        .containsExactly(java.util.Map.entry("u1|" + (T + 60_000) + "|ahead", T));
  }

  @Test
  void a_plausible_time_is_kept_for_a_duplicate_received_by_a_slow_clock() {
    replay
        .event(event(Status.SENT, T).id("early"))
        .event(event(Status.SENT, T).id("early").clampedTo(T - 3_600_000));

    assertThat(replay.timeline).containsExactly(java.util.Map.entry("u1|" + T + "|early", T));
    assertThat(replay.last.timeline().get(0).getEvent().getEventTimeSource())
        .isEqualTo(EventTimeSource.PROVIDER);
    assertThat(replay.revisions).hasSize(1);
  }

  @Test
  void a_time_slightly_ahead_of_the_gateway_is_kept_for_a_duplicate_received_by_a_slow_clock() {
    replay
        .event(event(Status.SENT, T + 60_000).id("ahead").receivedAt(T))
        .event(event(Status.SENT, T + 60_000).id("ahead").clampedTo(T - 3_600_000));

    assertThat(replay.timeline)
        .containsExactly(java.util.Map.entry("u1|" + (T + 60_000) + "|ahead", T));
    assertThat(replay.last.timeline().get(0).getEvent().getEventTimeSource())
        .isEqualTo(EventTimeSource.PROVIDER);
  }

  @Test
  void an_annotation_alone_is_on_the_timeline_but_no_revision() {
    replay.event(event(Status.ANNOTATION, T));

    assertThat(replay.timeline).hasSize(1);
    assertThat(replay.revisions).isEmpty();
    assertThat(replay.state().getMessage().getRevision()).isZero();
  }

  @Test
  void the_facts_of_an_annotation_are_in_the_first_revision() {
    replay.event(event(Status.ANNOTATION, T).body("hello")).event(event(Status.SENT, T + 1));

    assertThat(replay.message().getRevision()).isEqualTo(1);
    assertThat(Facts.text(replay.message().getFacts(), Facts.BODY)).isEqualTo("hello");
  }

  @Test
  void an_entry_without_a_user_is_pending_until_the_user_is_known() {
    replay.event(event(Status.SENT, T).user(null));
    assertThat(replay.timeline).isEmpty();
    assertThat(replay.message().getRevision()).isEqualTo(1);

    replay.event(event(Status.DELIVERED, T + 5).user("u7"));
    assertThat(replay.timeline)
        .containsOnlyKeys("u7|" + T + "|SENT@" + T, "u7|" + (T + 5) + "|DELIVERED@" + (T + 5));
    assertThat(replay.state().getPending()).isEmpty();
  }

  @Test
  void an_event_without_a_user_is_stored_under_the_user_of_its_message() {
    replay.event(event(Status.SENT, T).user("u7")).event(event(Status.READ, T + 1).user(null));

    assertThat(replay.timeline).containsKey("u7|" + (T + 1) + "|READ@" + (T + 1));
  }

  @Test
  void an_event_of_another_participant_is_stored_under_its_own_user() {
    replay
        .event(event(Status.DELIVERED, T).user("u1"))
        .event(event(Status.DELIVERED, T + 1).user("u2"));

    assertThat(replay.timeline)
        .containsKeys("u1|" + T + "|DELIVERED@" + T, "u2|" + (T + 1) + "|DELIVERED@" + (T + 1));
  }

  @Test
  void the_number_of_pending_entries_is_limited_and_others_are_counted() {
    for (int i = 0; i < LifecycleReducer.MAX_PENDING + 3; i++) {
      replay.event(event(Status.SENT, T + i).user(null));
    }

    assertThat(replay.state().getPending()).hasSize(LifecycleReducer.MAX_PENDING);
    assertThat(replay.flags.get(TransitionFlag.PENDING_OVERFLOW)).isEqualTo(3);
    assertThat(replay.state().getPending().get(0).getEvent().getEventTime()).isEqualTo(T);
  }

  @Test
  void timeline_entries_contain_no_body() {
    replay.event(event(Status.RECEIVED, T).body("secret"));

    TimelineEntry entry = replay.last.timeline().get(0);
    assertThat(entry.getEvent().getBody()).isNull();
    assertThat(entry.getEvent().getRecipient()).isNull();
    assertThat(Facts.text(replay.message().getFacts(), Facts.BODY)).isEqualTo("secret");
  }

  @Test
  void failed_and_then_delivered_is_delivered_with_a_contradiction() {
    replay.event(event(Status.FAILED, T)).event(event(Status.DELIVERED, T + 60_000));

    MessageRevision message = replay.message();
    assertThat(MessageStatus.of(message.getFacts())).isEqualTo(MessageStatus.DELIVERED);
    assertThat(MessageStatus.contradiction(message.getFacts().getTimes())).isTrue();
    assertThat(Facts.error(message.getFacts())).isNotNull();
  }

  @Test
  void a_message_without_a_completing_event_is_unconfirmed_after_its_timeout() {
    replay.event(event(Status.SENT, T));
    long deadline = T + 50 + Duration.ofDays(3).toMillis();
    assertThat(replay.state().getDeadline()).isEqualTo(deadline);

    replay.due();

    assertThat(replay.message().getListedAt()).isEqualTo(deadline);
    assertThat(replay.message().getRevision()).isEqualTo(2);
    assertThat(MessageStatus.of(replay.message().getFacts())).isEqualTo(MessageStatus.UNCONFIRMED);
    assertThat(replay.last.flags()).containsExactly(TransitionFlag.COMPLETED);
    assertThat(replay.state().getDeadline()).isEqualTo(replay.state().getForgetAt());
  }

  @Test
  void a_message_delivered_after_its_timeout_gets_a_new_revision() {
    replay.event(event(Status.SENT, T)).due().event(event(Status.DELIVERED, T + 400_000_000));

    assertThat(replay.message().getRevision()).isEqualTo(3);
    assertThat(MessageStatus.of(replay.message().getFacts())).isEqualTo(MessageStatus.DELIVERED);
  }

  @Test
  void the_state_of_a_complete_message_is_deleted_without_output() {
    replay.event(event(Status.READ, T));
    assertThat(replay.state().getDeadline()).isEqualTo(T + 50 + Duration.ofDays(30).toMillis());

    replay.due();

    assertThat(replay.state).isNull();
    assertThat(replay.last.revision()).isNull();
    assertThat(replay.last.timeline()).isEmpty();
  }

  @Test
  void annotations_alone_are_never_unconfirmed_but_a_status_after_the_timeout_is_due_at_once() {
    replay.event(event(Status.ANNOTATION, T)).due();
    assertThat(replay.revisions).isEmpty();
    assertThat(replay.state().getDeadline()).isEqualTo(replay.state().getForgetAt());

    replay.event(event(Status.SENT, T + 1));

    assertThat(replay.state().getDeadline()).isEqualTo(T + 50 + Duration.ofDays(3).toMillis());
  }

  @Test
  void pending_entries_are_counted_when_the_lifecycle_ends() {
    replay.event(event(Status.READ, T).user(null)).due();

    assertThat(replay.last.flags()).containsExactly(TransitionFlag.PENDING_DROPPED);
  }

  @Test
  void a_message_changes_at_most_999_times() {
    for (int i = 0; i < 1_010; i++) {
      replay.event(event(Status.SENT, T - i));
    }

    assertThat(replay.message().getRevision()).isEqualTo(999);
    assertThat(replay.last.revision()).isNull();
    assertThat(replay.flags.get(TransitionFlag.REVISIONS_EXHAUSTED)).isEqualTo(11);
    assertThat(replay.last.timeline()).hasSize(1);
    assertThat(replay.state().getAnchors()).hasSize(LifecycleReducer.MAX_ANCHORS);
  }

  @Test
  void of_an_event_that_makes_the_facts_too_large_only_the_status_is_applied() {
    String large = "x".repeat(250_000);
    replay
        .event(event(Status.SENT, T).user(null).body(large))
        .event(event(Status.READ, T + 1).user(large.substring(0, 100_000)));

    assertThat(replay.last.flags()).contains(TransitionFlag.FACTS_TOO_LARGE);
    assertThat(MessageStatus.of(replay.message().getFacts())).isEqualTo(MessageStatus.READ);
  }
}
