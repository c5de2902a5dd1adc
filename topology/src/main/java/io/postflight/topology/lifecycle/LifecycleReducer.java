package io.postflight.topology.lifecycle;

import io.postflight.schema.erasure.RedactableFields;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageAlias;
import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.schema.state.LifecycleState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reduces the events of a message into its state: pure functions, without clock and Kafka.
 *
 * <p>The facts of a message are a join ({@link Facts}), so they depend neither on the order of its
 * events nor on duplicates. Four values do depend on the order of processing; they are fixed here
 * and are part of the output records, so that writing these again gives the same rows:
 *
 * <ul>
 *   <li>{@code created_at}, the anchor of the first event;
 *   <li>{@code listed_at}, the anchor of the first completing event, or of the completion timeout;
 *   <li>{@code revision}, which counts the changes;
 *   <li>anchor and time of the first delivery of each event ({@link FirstSeen}): a duplicate is
 *       forwarded with them, so that it ends in the row of the first delivery.
 * </ul>
 *
 * <p>A message has one deadline at a time: the completion timeout while it is in flight, then the
 * end of the retention of its state.
 */
public final class LifecycleReducer {
  /** The write timestamp of a message row has room for this many revisions per millisecond. */
  static final int MAX_REVISION = 999;

  static final int MAX_ANCHORS = 64;
  static final int MAX_PENDING = 32;
  static final int MAX_USERS = 256;

  /** Bounds the size of a record and of a state; a single event is below 256 KiB. */
  static final long MAX_FACTS_SIZE = 300_000;

  static final long MAX_PENDING_SIZE = 200_000;

  private final LifecycleRules rules;

  /**
   * @param rules timeouts and retention
   */
  public LifecycleReducer(LifecycleRules rules) {
    this.rules = rules;
  }

  /**
   * Applies an event to the state of its message.
   *
   * @param state the state so far; null: this is the first event
   * @param arrived an event with a message_id
   * @param placement of rows of the event's tenant
   * @param redacted fields that are redacted when the message is created; ignored for later events
   */
  public Transition reduce(
      @Nullable LifecycleState state,
      MessageEvent arrived,
      Placement placement,
      Collection<String> redacted) {
    Set<TransitionFlag> flags = EnumSet.noneOf(TransitionFlag.class);
    LifecycleState current = state == null ? initialState(arrived, placement, redacted) : state;

    FirstSeen firstSeen = FirstSeen.of(current);
    Long firstAnchor = firstSeen.anchorOf(arrived.getEventId());
    long anchor;
    MessageEvent event;
    if (firstAnchor == null) {
      anchor = anchorOf(arrived);
      event = arrived;
      firstSeen = firstSeen.with(event, anchor, flags);
    } else {
      anchor = firstAnchor;
      event = firstSeen.asFirstSeen(arrived, anchor);
      flags.add(TransitionFlag.DUPLICATE);
    }

    MessageRevision before = current.getMessage();
    MessageFacts facts = addFacts(before.getFacts(), event, flags);
    MessageRevision after = revise(before, facts, anchor, placement, flags);

    List<TimelineEntry> pending = new ArrayList<>(current.getPending());
    List<TimelineEntry> ready = place(event, anchor, facts, placement, pending, flags);

    LifecycleState next =
        new LifecycleState(
            after,
            deadline(current, after, event.getChannel()),
            current.getForgetAt(),
            firstSeen.anchors(),
            firstSeen.times(),
            pending,
            users(current, event, facts, flags));
    return new Transition(next, emitted(before, after), ready, flags);
  }

  /**
   * Applies the deadline of a message.
   *
   * @param current the state whose {@code deadline} has passed
   * @param placement of rows of its tenant
   */
  public Transition due(LifecycleState current, Placement placement) {
    Set<TransitionFlag> flags = EnumSet.noneOf(TransitionFlag.class);
    if (current.getDeadline() >= current.getForgetAt()) {
      if (!current.getPending().isEmpty()) {
        flags.add(TransitionFlag.PENDING_DROPPED);
      }
      return new Transition(null, null, List.of(), flags);
    }
    MessageRevision before = current.getMessage();
    MessageRevision after = before;
    if (MessageStatus.of(before.getFacts()) != null && before.getListedAt() == null) {
      MessageFacts facts =
          Facts.join(before.getFacts(), Facts.unconfirmedAt(current.getDeadline()));
      after = revise(before, facts, current.getDeadline(), placement, flags);
    }
    // A message that has only annotations has no status and is not listed.
    LifecycleState next =
        new LifecycleState(
            after,
            current.getForgetAt(),
            current.getForgetAt(),
            current.getAnchors(),
            current.getFirstTimes(),
            current.getPending(),
            current.getUsers());
    return new Transition(next, emitted(before, after), List.of(), flags);
  }

  /**
   * Redacts fields of a message, for its later events too.
   *
   * @param placement of rows of its tenant
   */
  public Transition redact(LifecycleState current, Collection<String> fields, Placement placement) {
    Set<TransitionFlag> flags = EnumSet.noneOf(TransitionFlag.class);
    MessageRevision before = current.getMessage();
    MessageFacts facts = Facts.join(before.getFacts(), Facts.redacted(fields));
    // A redaction never completes a message, so the anchor is not used.
    MessageRevision after = revise(before, facts, before.getCreatedAt(), placement, flags);
    List<TimelineEntry> pending = new ArrayList<>(current.getPending().size());
    for (TimelineEntry waiting : current.getPending()) {
      MessageEvent event = waiting.getEvent();
      pending.add(
          new TimelineEntry(
              EventCopies.forTimeline(
                  event, event.getUserId(), event.getAliases(), facts.getRedacted()),
              waiting.getAnchor(),
              waiting.getShards()));
    }
    LifecycleState next =
        new LifecycleState(
            after,
            current.getDeadline(),
            current.getForgetAt(),
            current.getAnchors(),
            current.getFirstTimes(),
            pending,
            current.getUsers());
    return new Transition(next, emitted(before, after), List.of(), flags);
  }

  /** min(event_time, received_at): the write timestamp and the start of retention. */
  public static long anchorOf(MessageEvent event) {
    return Math.min(event.getEventTime(), event.getReceivedAt());
  }

  private LifecycleState initialState(
      MessageEvent event, Placement placement, Collection<String> redacted) {
    String messageId = Objects.requireNonNull(event.getMessageId(), "message_id");
    MessageRevision initial =
        new MessageRevision(
            event.getTenant(),
            messageId,
            placement.tier(),
            anchorOf(event),
            null,
            0,
            1,
            redacted.isEmpty() ? Facts.NONE : Facts.redacted(redacted));
    return new LifecycleState(
        initial,
        event.getReceivedAt() + rules.completionTimeoutMillis(event.getChannel()),
        event.getReceivedAt() + rules.retainMillis(),
        Map.of(),
        Map.of(),
        List.of(),
        List.of());
  }

  private static MessageFacts addFacts(
      MessageFacts known, MessageEvent event, Set<TransitionFlag> flags) {
    MessageFacts joined = Facts.join(known, Facts.of(event));
    if (EstimatedSize.of(joined) <= MAX_FACTS_SIZE) {
      return joined;
    }
    flags.add(TransitionFlag.FACTS_TOO_LARGE);
    // The text usually is the largest field.
    MessageEvent shorter = RedactableFields.without(List.of(Facts.BODY), event);
    MessageFacts withoutBody = Facts.join(known, Facts.of(shorter));
    return EstimatedSize.of(withoutBody) <= MAX_FACTS_SIZE
        ? withoutBody
        : Facts.join(known, Facts.of(EventCopies.essentials(event)));
  }

  /** The message with these facts; with a new revision if it has a status. */
  private static MessageRevision revise(
      MessageRevision before,
      MessageFacts facts,
      long anchor,
      Placement placement,
      Set<TransitionFlag> flags) {
    if (facts.equals(before.getFacts())) {
      return before;
    }
    Long listedAt = before.getListedAt();
    int listingShards = before.getListingShards();
    if (listedAt == null && MessageStatus.complete(facts)) {
      listedAt = anchor;
      listingShards = placement.listingShards().applyAsInt(anchor);
      flags.add(TransitionFlag.COMPLETED);
    }
    int revision = before.getRevision();
    if (MessageStatus.of(facts) != null) {
      if (revision < MAX_REVISION) {
        revision++;
      } else {
        flags.add(TransitionFlag.REVISIONS_EXHAUSTED);
      }
    }
    return new MessageRevision(
        before.getTenant(),
        before.getMessageId(),
        before.getTier(),
        before.getCreatedAt(),
        listedAt,
        revision,
        listingShards,
        facts);
  }

  private static @Nullable MessageRevision emitted(MessageRevision before, MessageRevision after) {
    return after.getRevision() > before.getRevision() ? after : null;
  }

  /** Returns the entries that can be written now; the others are added to {@code pending}. */
  private static List<TimelineEntry> place(
      MessageEvent event,
      long anchor,
      MessageFacts facts,
      Placement placement,
      List<TimelineEntry> pending,
      Set<TransitionFlag> flags) {
    String owner = Facts.text(facts, Facts.USER_ID);
    Filing filing = Filing.of(event, facts);
    TimelineEntry entry =
        new TimelineEntry(
            EventCopies.forTimeline(
                event, filing.user(), named(filing.alias()), facts.getRedacted()),
            anchor,
            placement.timelineShards().applyAsInt(event.getEventTime()));
    if (filing.user() == null || owner == null) {
      await(entry, pending, flags);
      return List.of();
    }
    List<TimelineEntry> ready = new ArrayList<>(pending.size() + 1);
    for (TimelineEntry waiting : pending) {
      ready.add(
          new TimelineEntry(
              EventCopies.forTimeline(
                  waiting.getEvent(), owner, named(MessageAlias.of(facts)), facts.getRedacted()),
              waiting.getAnchor(),
              waiting.getShards()));
    }
    pending.clear();
    ready.add(entry);
    return ready;
  }

  private static List<String> named(@Nullable String alias) {
    return alias == null ? List.of() : List.of(alias);
  }

  private static void await(
      TimelineEntry entry, List<TimelineEntry> pending, Set<TransitionFlag> flags) {
    String eventId = entry.getEvent().getEventId();
    for (TimelineEntry waiting : pending) {
      if (waiting.getEvent().getEventId().equals(eventId)) {
        return;
      }
    }
    if (pending.size() >= MAX_PENDING
        || EstimatedSize.of(pending) + EstimatedSize.of(entry) > MAX_PENDING_SIZE) {
      flags.add(TransitionFlag.PENDING_OVERFLOW);
    } else {
      pending.add(entry);
    }
  }

  /** Users other than the message's own under whom its records were sent. */
  private static List<String> users(
      LifecycleState current, MessageEvent event, MessageFacts facts, Set<TransitionFlag> flags) {
    String own = Facts.text(facts, Facts.USER_ID);
    List<String> users = current.getUsers();
    users = with(users, Filing.of(event, facts).user(), own, flags);
    return with(users, Facts.text(current.getMessage().getFacts(), Facts.USER_ID), own, flags);
  }

  /** {@code users} itself if there is no user to add. */
  private static List<String> with(
      List<String> users, @Nullable String user, @Nullable String own, Set<TransitionFlag> flags) {
    if (user == null || user.equals(own) || users.contains(user)) {
      return users;
    }
    if (users.size() >= MAX_USERS) {
      flags.add(TransitionFlag.USERS_EXHAUSTED);
      return users;
    }
    List<String> more = new ArrayList<>(users);
    more.add(user);
    Collections.sort(more);
    return more;
  }

  /**
   * The next deadline of the message. If its first status arrives after the completion timeout,
   * which starts with its first event, possibly an annotation, the deadline is due immediately.
   */
  private long deadline(LifecycleState current, MessageRevision after, String channel) {
    long forgetAt = current.getForgetAt();
    if (after.getListedAt() != null) {
      return forgetAt;
    }
    boolean waiting = current.getDeadline() < forgetAt;
    return waiting || MessageStatus.of(after.getFacts()) == null
        ? current.getDeadline()
        : forgetAt - rules.retainMillis() + rules.completionTimeoutMillis(channel);
  }
}
