package io.postflight.topology.lifecycle;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.identity.Aliases;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageAlias;
import io.postflight.schema.lifecycle.MessageTimes;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.schema.state.LifecycleState;
import io.postflight.schema.topic.RecordKeys;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The effect of privacy commands on messages and events: pure functions, without clock and Kafka.
 *
 * <ul>
 *   <li>An erased message stays erased: all of its later events are dropped.
 *   <li>The erasure of a user at T covers everything created at or before T: each message that
 *       belongs to the user and was created by then, and each event that happened by then. Messages
 *       created later are not affected.
 *   <li>If a message has no state yet, the event's anchor is its creation time. The message of an
 *       erased user is then suppressed at creation, and the command is retained for the message, so
 *       that an event after T cannot create it.
 *   <li>Whose a message is may become known after the erasure, or may change: so the state after an
 *       event is checked too, and a dropped event still shows whose the message is.
 *   <li>A message that belongs to one user may have events of others (a group). The erasure of such
 *       a participant drops only the participant's events.
 *   <li>Redacted fields are a fact of the message; fields redacted before the message is created
 *       are joined in at creation.
 * </ul>
 *
 * <p>State of a message and a retained erasure of that message never exist at the same time.
 */
public final class LifecycleErasures {
  private LifecycleErasures() {}

  /**
   * Decides whether an event may be applied to the state of its message.
   *
   * @param state of the event's message; null: there is none
   * @param event of a message
   */
  static EventDecision ofEvent(
      @Nullable LifecycleState state,
      MessageEvent event,
      String messageId,
      RetainedCommands retained) {
    String tenant = event.getTenant();
    if (state != null) {
      return ofLaterEvent(state, event, retained);
    }
    Erasure message = retained.ofMessage(tenant, messageId);
    if (message != null) {
      return EventDecision.of(EventDecision.DecisionKind.DROPPED, message);
    }
    Erasure user = ofAction(event, retained);
    if (user != null) {
      return EventDecision.of(EventDecision.DecisionKind.SUPPRESSED, user);
    }
    Erasure redaction = retained.ofRedaction(tenant, messageId);
    return EventDecision.accepted(redaction == null ? List.of() : redaction.getFields());
  }

  private static EventDecision ofLaterEvent(
      LifecycleState state, MessageEvent event, RetainedCommands retained) {
    Erasure erased = ofState(state, retained);
    if (erased != null) {
      return EventDecision.of(EventDecision.DecisionKind.ERASED, erased);
    }
    boolean own = event.getUserId() == null;
    Erasure by =
        retained.ofUser(
            event.getTenant(),
            own ? user(state) : event.getUserId(),
            own ? alias(state) : Aliases.identifying(event),
            event.getEventTime());
    long anchor = LifecycleReducer.anchorOf(event);
    if (by == null || by.getAt() < Math.min(state.getMessage().getCreatedAt(), anchor)) {
      return EventDecision.accepted(List.of());
    }
    return EventDecision.of(
        own ? EventDecision.DecisionKind.DROPPED : EventDecision.DecisionKind.ONLY_USER, by);
  }

  /**
   * Decides again once the state after the event is known: the event may show that the message is
   * an erased user's. So it does not matter whether the erasure or the event is processed first.
   *
   * @param decision about the event, not final
   * @param before the state before the event; null: there was none
   * @param next the state after it
   */
  static EventDecision ofTransition(
      EventDecision decision,
      @Nullable LifecycleState before,
      LifecycleState next,
      RetainedCommands retained) {
    if (before != null && isSamePerson(before, next)) {
      return decision.by() == null
          ? decision
          : EventDecision.of(EventDecision.DecisionKind.DROPPED, decision.by());
    }
    Erasure erased = ofState(next, retained);
    if (erased == null) {
      return decision;
    }
    return EventDecision.of(
        before == null ? EventDecision.DecisionKind.SUPPRESSED : EventDecision.DecisionKind.ERASED,
        erased);
  }

  private static boolean isSamePerson(LifecycleState before, LifecycleState next) {
    return Objects.equals(user(before), user(next)) && Objects.equals(alias(before), alias(next));
  }

  /** The command that erases a message because of its user; null: none. */
  static @Nullable Erasure ofState(LifecycleState state, RetainedCommands retained) {
    MessageRevision message = state.getMessage();
    long createdAt = message.getCreatedAt();
    Erasure by = retained.ofUser(message.getTenant(), user(state), alias(state), createdAt);
    return by != null && createdAt <= by.getAt() ? by : null;
  }

  /** The command that covers an event by its own user and its own time; null: none. */
  static @Nullable Erasure ofAction(MessageEvent event, RetainedCommands retained) {
    Erasure by =
        retained.ofUser(
            event.getTenant(), event.getUserId(), Aliases.identifying(event), event.getEventTime());
    return by != null && LifecycleReducer.anchorOf(event) <= by.getAt() ? by : null;
  }

  /**
   * The transition without the entries of erased users. A pending entry may belong to a user who
   * was erased after it happened, although the message counts as created later.
   */
  static Transition permitted(Transition transition, RetainedCommands retained) {
    List<TimelineEntry> permitted = new ArrayList<>(transition.timeline().size());
    for (TimelineEntry entry : transition.timeline()) {
      MessageEvent event = entry.getEvent();
      Erasure by =
          retained.ofUser(
              event.getTenant(),
              event.getUserId(),
              Aliases.identifying(event),
              event.getEventTime());
      if (by == null || by.getAt() < entry.getAnchor()) {
        permitted.add(entry);
      }
    }
    return permitted.size() == transition.timeline().size()
        ? transition
        : new Transition(transition.next(), transition.revision(), permitted, transition.flags());
  }

  /**
   * Merges two commands on one subject: the later one, with the users and fields of both.
   *
   * @param known the retained command; null: none
   * @return {@code known} itself if the command adds nothing
   */
  static Erasure merged(@Nullable Erasure known, Erasure command) {
    if (known == null) {
      return command;
    }
    Erasure later = command.getAt() > known.getAt() ? command : known;
    Erasure merged =
        Erasure.newBuilder(later)
            .setUsers(union(known.getUsers(), command.getUsers()))
            .setFields(union(known.getFields(), command.getFields()))
            .build();
    return merged.equals(known) ? known : merged;
  }

  /**
   * The command that erases or redacts the rows of a message. Its time is not before the message
   * was created, so that the deletes are newer than every row. It contains the message's place in
   * the listing: once the message's row is deleted this is found nowhere else, and the row may be
   * deleted before the listing row is written, since the command is sent under several keys.
   */
  static Erasure onRows(LifecycleState state, Erasure by) {
    Set<String> users = new TreeSet<>(state.getUsers());
    String own = user(state);
    if (own != null) {
      users.add(own);
    }
    users.addAll(by.getUsers());
    MessageRevision message = state.getMessage();
    return ofMessage(by, message.getMessageId())
        .setUsers(List.copyOf(users))
        .setAt(Math.max(by.getAt(), message.getCreatedAt()))
        .setListedAt(message.getListedAt())
        .setListingShards(message.getListingShards())
        .setTimelineFrom(null)
        .build();
  }

  /** The erasure of a message that was suppressed at creation. */
  static Erasure onSuppressed(String messageId, Erasure by) {
    return ofMessage(by, messageId).setUsers(List.of()).setFields(List.of()).build();
  }

  private static Erasure.Builder ofMessage(Erasure by, String messageId) {
    return Erasure.newBuilder(by)
        .setMessageId(messageId)
        .setUserId(null)
        .setScope(null)
        .setRoot(null)
        .setUsedAt(null)
        .setDerived(null);
  }

  /** The command without the users whose timelines may hold rows. */
  static Erasure withoutUsers(Erasure command) {
    return command.getUsers().isEmpty()
        ? command
        : Erasure.newBuilder(command).setUsers(List.of()).build();
  }

  /**
   * The copies of a command that are sent to a tier, one for each key under which the tier's topic
   * may hold records of its subject: a copy must follow the last of each. A user's timeline is
   * written under the user's key only, so the copy there names no other user, and the copy under
   * the message's key names none; otherwise each copy would read all timelines of the message's
   * users.
   *
   * @param timelinesFrom by user the time from which rows of the message are searched for; of other
   *     users the whole timeline is searched
   */
  public static Map<String, Erasure> copies(Erasure command, Map<String, Long> timelinesFrom) {
    Map<String, Erasure> copies = new LinkedHashMap<>();
    String tenant = command.getTenant();
    if (command.getMessageId() != null) {
      copies.put(RecordKeys.ofMessage(tenant, command.getMessageId()), withoutUsers(command));
    }
    if (command.getUserId() != null) {
      copies.put(RecordKeys.ofUser(tenant, command.getUserId()), command);
    }
    for (String user : command.getUsers()) {
      copies.put(
          RecordKeys.ofUser(tenant, user),
          Erasure.newBuilder(command)
              .setUsers(List.of(user))
              .setTimelineFrom(timelinesFrom.get(user))
              .build());
    }
    return copies;
  }

  /**
   * From which time the rows of a message that is erased because of its user have to be searched
   * for on timelines, so that the sink does not search all of a timeline for each message.
   *
   * <p>A user's command without a scope deletes all older rows under its id. One with a scope may
   * leave rows of the message that are not in its periods: then, and under other ids of the person,
   * the message's earliest event counts. Rows of an earlier lifecycle are older, but the user's
   * command covers those that are the person's. Other members of a group have no command, so their
   * whole timelines are searched.
   *
   * @param by the command; on a message: there is no such time
   * @return epoch milliseconds by user
   */
  static Map<String, Long> timelinesFrom(LifecycleState state, Erasure by) {
    Map<String, Long> from = new HashMap<>();
    String own = user(state);
    String erased = by.getUserId();
    if (own == null || erased == null) {
      return from;
    }
    long earliest = MessageTimes.earliest(state.getMessage());
    from.put(own, earliest);
    from.put(erased, by.getScope() == null ? by.getAt() : earliest);
    if (!Filing.isInGroup(state.getMessage().getFacts())) {
      state.getUsers().forEach(former -> from.putIfAbsent(former, earliest));
    }
    return from;
  }

  private static @Nullable String alias(LifecycleState state) {
    return MessageAlias.of(state.getMessage().getFacts());
  }

  private static @Nullable String user(LifecycleState state) {
    return Facts.text(state.getMessage().getFacts(), Facts.USER_ID);
  }

  private static List<String> union(Collection<String> some, Collection<String> more) {
    TreeSet<String> all = new TreeSet<>(some);
    all.addAll(more);
    return List.copyOf(all);
  }
}
