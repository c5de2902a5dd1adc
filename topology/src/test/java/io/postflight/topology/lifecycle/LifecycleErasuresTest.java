package io.postflight.topology.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureScope;
import io.postflight.schema.erasure.Period;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.schema.serde.TrustedRecords;
import io.postflight.schema.state.LifecycleState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Histories of commands and events, and the events that are dropped. */
class LifecycleErasuresTest {
  static {
    TrustedRecords.trust(); // Avro copies trusted records only
  }

  private static final long T = 1_760_000_000_000L;

  private final KnownCommands retained = new KnownCommands();

  private static final class KnownCommands implements RetainedCommands {
    private final Map<String, Erasure> known = new HashMap<>();

    void add(Erasure command) {
      known.put(
          command.getUserId() != null
              ? "u" + command.getUserId()
              : (command.getFields().isEmpty() ? "m" : "r") + command.getMessageId(),
          command);
    }

    @Override
    public @Nullable Erasure ofMessage(String tenant, String messageId) {
      return known.get("m" + messageId);
    }

    @Override
    public @Nullable Erasure ofUser(
        String tenant, @Nullable String userId, @Nullable String alias, long time) {
      Erasure by = known.get("u" + userId);
      return by == null ? known.get("u" + alias) : by;
    }

    @Override
    public @Nullable Erasure ofRedaction(String tenant, String messageId) {
      return known.get("r" + messageId);
    }
  }

  // First events.

  @Test
  void without_a_retained_command_every_event_is_accepted() {
    assertThat(decision(null, event(T))).isEqualTo(EventDecision.accepted(List.of()));
  }

  @Test
  void a_first_event_of_an_erased_message_is_dropped_whenever_it_happened() {
    retained.add(message(T));

    assertThat(kind(null, event(T - 1))).isEqualTo(EventDecision.DecisionKind.DROPPED);
    assertThat(kind(null, event(T + 1))).isEqualTo(EventDecision.DecisionKind.DROPPED);
  }

  @Test
  void a_first_event_at_or_before_its_users_erasure_creates_no_message() {
    retained.add(user("u1", T));

    assertThat(kind(null, event(T - 1))).isEqualTo(EventDecision.DecisionKind.SUPPRESSED);
    assertThat(kind(null, event(T))).isEqualTo(EventDecision.DecisionKind.SUPPRESSED);
    assertThat(kind(null, event(T + 1))).isEqualTo(EventDecision.DecisionKind.ACCEPTED);
  }

  @Test
  void the_earlier_of_event_time_and_arrival_counts() {
    retained.add(user("u1", T));

    assertThat(kind(null, TestEvents.event(Status.SENT, T + 500).receivedAt(T)))
        .isEqualTo(EventDecision.DecisionKind.SUPPRESSED);
    assertThat(kind(null, TestEvents.event(Status.SENT, T - 500).receivedAt(T + 9_000)))
        .isEqualTo(EventDecision.DecisionKind.SUPPRESSED);
  }

  @Test
  void a_message_is_created_without_fields_redacted_before() {
    retained.add(redaction(T, "body", "sender"));

    assertThat(decision(null, event(T + 1)).redacted()).containsExactly("body", "sender");
  }

  // Later events.

  @Test
  void a_message_created_before_its_users_erasure_is_erased_by_any_event() {
    retained.add(user("u1", T));

    assertThat(kind(state(T, "u1"), event(T + 10))).isEqualTo(EventDecision.DecisionKind.ERASED);
    assertThat(kind(state(T, "u1"), event(T + 10).user("u2")))
        .isEqualTo(EventDecision.DecisionKind.ERASED);
    assertThat(kind(state(T, "u1"), event(T + 10).user(null)))
        .isEqualTo(EventDecision.DecisionKind.ERASED);
  }

  @Test
  void a_message_created_after_its_users_erasure_drops_earlier_events_only() {
    retained.add(user("u1", T));

    assertThat(kind(state(T + 1, "u1"), event(T + 10)))
        .isEqualTo(EventDecision.DecisionKind.ACCEPTED);
    assertThat(kind(state(T + 1, "u1"), event(T))).isEqualTo(EventDecision.DecisionKind.DROPPED);
    assertThat(kind(state(T + 1, "u1"), event(T).user(null)))
        .isEqualTo(EventDecision.DecisionKind.DROPPED);
  }

  @Test
  void of_another_participant_only_their_events_are_dropped() {
    retained.add(user("u2", T));

    assertThat(kind(state(T, "u1"), event(T + 10).user("u2")))
        .isEqualTo(EventDecision.DecisionKind.DROPPED);
    assertThat(kind(state(T, "u1"), event(T + 10))).isEqualTo(EventDecision.DecisionKind.ACCEPTED);
    assertThat(kind(state(T + 1, "u1"), event(T + 10).user("u2")))
        .isEqualTo(EventDecision.DecisionKind.ACCEPTED);
  }

  @Test
  void a_message_whose_user_turns_out_to_be_erased_is_erased() {
    retained.add(user("u1", T));

    assertThat(kind(state(T, null), event(T + 10))).isEqualTo(EventDecision.DecisionKind.ERASED);
    assertThat(kind(state(T, null), event(T + 10).user(null)))
        .isEqualTo(EventDecision.DecisionKind.ACCEPTED);
    assertThat(kind(state(T + 1, null), event(T + 10)))
        .isEqualTo(EventDecision.DecisionKind.ACCEPTED);
    assertThat(kind(state(T + 1, null), event(T))).isEqualTo(EventDecision.DecisionKind.ONLY_USER);
  }

  @Test
  void of_pending_entries_of_an_erased_user_only_later_ones_are_written() {
    retained.add(user("u1", T));
    Transition transition =
        new Transition(
            null,
            null,
            List.of(entry("u1", T), entry("u1", T + 1), entry("u2", T)),
            java.util.Set.of());

    assertThat(LifecycleErasures.permitted(transition, retained).timeline())
        .containsExactly(entry("u1", T + 1), entry("u2", T));
  }

  // Retained and forwarded commands.

  @Test
  void of_two_commands_the_later_is_kept_with_the_fields_of_both() {
    Erasure merged = LifecycleErasures.merged(redaction(T, "body"), redaction(T + 1, "error"));

    assertThat(merged.getFields()).containsExactly("body", "error");
    assertThat(merged.getAt()).isEqualTo(T + 1);
    assertThat(LifecycleErasures.merged(merged, redaction(T, "body"))).isSameAs(merged);
    assertThat(LifecycleErasures.merged(merged, redaction(T + 1, "error"))).isSameAs(merged);
  }

  @Test
  void rows_of_a_message_are_erased_under_every_user_and_not_before_its_creation() {
    LifecycleState state =
        new Replay()
            .event(event(T))
            .event(event(T + 1).user("u3"))
            .event(event(T + 2).user("u2"))
            .state();

    Erasure command = LifecycleErasures.onRows(state, user("u1", T - 5));

    assertThat(command.getMessageId()).isEqualTo("m1");
    assertThat(command.getUserId()).isNull();
    assertThat(command.getUsers()).containsExactly("u1", "u2", "u3");
    assertThat(command.getAt()).isEqualTo(T);
  }

  @Test
  void the_copy_under_a_users_key_names_only_this_user() {
    LifecycleState state = new Replay().event(event(T)).event(event(T + 1).user("u2")).state();
    Erasure command = LifecycleErasures.onRows(state, message(T + 5));

    Map<String, Erasure> copies = LifecycleErasures.copies(command, Map.of());

    assertThat(copies.keySet()).containsExactly("acme|m1", "acme|u1", "acme|u2");
    assertThat(copies.values())
        .extracting(Erasure::getUsers)
        .containsExactly(List.of(), List.of("u1"), List.of("u2"));
    assertThat(copies.values())
        .allSatisfy(
            copy ->
                assertThat(Erasure.newBuilder(copy).setUsers(command.getUsers()).build())
                    .isEqualTo(command));
  }

  @Test
  void of_an_erased_user_only_rows_newer_than_the_users_command_are_searched() {
    LifecycleState state =
        new Replay().event(inGroup(event(T))).event(inGroup(event(T + 1).user("u2"))).state();

    assertThat(searchedFrom(state, user("u1", T + 5))).containsExactly(null, T + 5, null);
  }

  @Test
  void rows_that_the_users_command_may_leave_are_searched_from_the_messages_earliest_event() {
    LifecycleState state =
        new Replay().event(event(T)).event(event(T - 7)).event(event(T + 1).user("u2")).state();
    Erasure scoped =
        Erasure.newBuilder(user("u1", T + 5))
            .setScope(new ErasureScope(List.of(), List.of(new Period(T, T + 3))))
            .build();

    assertThat(searchedFrom(state, scoped)).containsExactly(null, T - 7, T - 7);
  }

  @Test
  void of_a_message_that_is_erased_by_itself_whole_timelines_are_searched() {
    LifecycleState state = new Replay().event(event(T)).state();

    assertThat(searchedFrom(state, message(T + 5))).containsExactly(null, null);
  }

  private static List<@Nullable Long> searchedFrom(LifecycleState state, Erasure by) {
    List<@Nullable Long> from = new ArrayList<>();
    LifecycleErasures.copies(
            LifecycleErasures.onRows(state, by), LifecycleErasures.timelinesFrom(state, by))
        .values()
        .forEach(copy -> from.add(copy.getTimelineFrom()));
    return from;
  }

  private static MessageEvent inGroup(TestEvents event) {
    return MessageEvent.newBuilder(event.build()).setAttributes(Map.of(Facts.GROUP, "g1")).build();
  }

  @Test
  void a_command_for_the_rows_of_a_message_contains_its_listing_position() {
    Replay replay = new Replay().event(TestEvents.event(Status.SENT, T));
    assertThat(LifecycleErasures.onRows(replay.state(), message(T + 9)).getListedAt()).isNull();

    LifecycleState complete = replay.event(event(T + 5)).state();
    Erasure command = LifecycleErasures.onRows(complete, message(T + 9));

    assertThat(command.getListedAt()).isEqualTo(T + 5);
    assertThat(command.getListingShards()).isEqualTo(complete.getMessage().getListingShards());
  }

  // Redaction, and the users of a message.

  @Test
  void a_redaction_is_one_revision_and_applies_to_later_events() {
    LifecycleReducer states = new LifecycleReducer(Replay.RULES);
    Placement placement = new Placement("30d", time -> 4, time -> 2);
    LifecycleState state = new Replay().event(event(T).body("secret")).state();

    Transition transition = states.redact(state, List.of("body"), placement);
    LifecycleState redacted = Objects.requireNonNull(transition.next());

    assertThat(Objects.requireNonNull(transition.revision()).getRevision()).isEqualTo(2);
    assertThat(redacted.getDeadline()).isEqualTo(state.getDeadline());
    assertThat(states.redact(redacted, List.of("body"), placement).revision()).isNull();
    Transition later =
        states.reduce(redacted, event(T + 5).body("secret").build(), placement, List.of());
    assertThat(Facts.texts(Objects.requireNonNull(later.next()).getMessage().getFacts()))
        .doesNotContainKey("body");
  }

  @Test
  void pending_entries_are_redacted() {
    LifecycleReducer states = new LifecycleReducer(Replay.RULES);
    LifecycleState state =
        new Replay().event(TestEvents.event(Status.FAILED, T).user(null)).state();
    assertThat(state.getPending().get(0).getEvent().getError()).isNotNull();

    Transition transition =
        states.redact(state, List.of("error"), new Placement("30d", time -> 4, time -> 2));

    assertThat(Objects.requireNonNull(transition.next()).getPending().get(0).getEvent().getError())
        .isNull();
  }

  @Test
  void previous_users_of_a_message_are_kept() {
    // The user known from the earliest event is the message's.
    Replay replay = new Replay().event(event(T + 10).user("u2")).event(event(T).user("u1"));

    assertThat(replay.state().getUsers()).containsExactly("u2");
  }

  @Test
  void the_number_of_users_of_a_message_is_limited() {
    Replay replay = new Replay();
    for (int i = 0; i <= LifecycleReducer.MAX_USERS + 1; i++) {
      replay.event(event(T + i).user("u" + i));
    }

    assertThat(replay.state().getUsers()).hasSize(LifecycleReducer.MAX_USERS);
    assertThat(replay.flags).containsEntry(TransitionFlag.USERS_EXHAUSTED, 1);
  }

  private EventDecision.DecisionKind kind(@Nullable LifecycleState state, TestEvents event) {
    return decision(state, event).kind();
  }

  private EventDecision decision(@Nullable LifecycleState state, TestEvents event) {
    EventDecision decision = LifecycleErasures.ofEvent(state, event.build(), "m1", retained);
    if (decision.kind().isFinal()) {
      return decision;
    }
    Replay after = new Replay();
    after.state = state;
    after.event(event);
    return LifecycleErasures.ofTransition(decision, state, after.state(), retained);
  }

  private static TestEvents event(long time) {
    return TestEvents.event(Status.DELIVERED, time);
  }

  private static LifecycleState state(long createdAt, @Nullable String user) {
    return new Replay().event(TestEvents.event(Status.SENT, createdAt).user(user)).state();
  }

  private static TimelineEntry entry(String user, long anchor) {
    MessageEvent event = event(anchor).user(user).build();
    return new TimelineEntry(event, anchor, 4);
  }

  private static Erasure message(long at) {
    return command("m1", null, at, List.of());
  }

  private static Erasure user(String user, long at) {
    return command(null, user, at, List.of());
  }

  private static Erasure redaction(long at, String... fields) {
    return command("m1", null, at, List.of(fields));
  }

  private static Erasure command(
      @Nullable String message, @Nullable String user, long at, List<String> fields) {
    return Erasure.newBuilder()
        .setId("e" + at)
        .setTenant("acme")
        .setMessageId(message)
        .setUserId(user)
        .setUsers(new ArrayList<>())
        .setFields(fields)
        .setAt(at)
        .build();
  }
}
