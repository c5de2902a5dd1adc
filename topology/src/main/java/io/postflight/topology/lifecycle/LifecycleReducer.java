package io.postflight.topology.lifecycle;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.lifecycle.Facts;
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
 * The fold of a life: pure, without clock and without Kafka.
 *
 * <p>What is known of a message is a join ({@link Facts}), so it depends neither on the order of
 * its events nor on repetitions. Four things do depend on the order of processing, are fixed by it
 * and travel in the records, so that whoever writes them writes the same rows however often:
 *
 * <ul>
 *   <li>{@code created_at}, the anchor of the first event;
 *   <li>{@code listed_at}, the anchor of the first completing event, or the end of the wait;
 *   <li>{@code revision}, which counts the changes;
 *   <li>the anchor and the time first used for each event_id ({@link FirstSeen}): a repetition is
 *       passed on with them, so that it ends in the row of its first arrival.
 * </ul>
 *
 * <p>A life has one deadline at a time: the end of the wait while it is in flight, then the moment
 * to forget it.
 */
public final class LifecycleReducer {
  /** A message row's write timestamp leaves room for so many revisions below a millisecond. */
  static final int MAX_REVISION = 999;

  static final int MAX_ANCHORS = 64;
  static final int MAX_PENDING = 32;
  static final int MAX_USERS = 256;

  /** Bounds of what one record and one state can come to; an event itself is below 256 KiB. */
  static final long MAX_FACTS_WEIGHT = 300_000;

  static final long MAX_PENDING_WEIGHT = 200_000;

  private final LifecycleRules rules;

  /**
   * @param rules waits and memory
   */
  public LifecycleReducer(LifecycleRules rules) {
    this.rules = rules;
  }

  /**
   * What follows from an event of a message.
   *
   * @param state the life so far; null: this is its first event
   * @param arrived an event with a message_id
   * @param placement where rows of the event's tenant go
   * @param redacted fields that the message loses at birth; without meaning for a later event
   */
  public Transition fold(
      @Nullable LifecycleState state,
      MessageEvent arrived,
      Placement placement,
      Collection<String> redacted) {
    Set<TransitionFlag> notes = EnumSet.noneOf(TransitionFlag.class);
    LifecycleState life = state == null ? newborn(arrived, placement, redacted) : state;

    FirstSeen tellings = FirstSeen.of(life);
    Long firstAnchor = tellings.anchorOf(arrived.getEventId());
    long anchor;
    MessageEvent event;
    if (firstAnchor == null) {
      anchor = anchorOf(arrived);
      event = arrived;
      tellings = tellings.with(event, anchor, notes);
    } else {
      anchor = firstAnchor;
      event = tellings.asFirstTold(arrived, anchor);
      notes.add(TransitionFlag.DUPLICATE);
    }

    MessageRevision before = life.getMessage();
    MessageFacts facts = learn(before.getFacts(), event, notes);
    MessageRevision after = revise(before, facts, anchor, placement, notes);

    List<TimelineEntry> pending = new ArrayList<>(life.getPending());
    List<TimelineEntry> ready = place(event, anchor, facts, placement, pending, notes);

    LifecycleState next =
        new LifecycleState(
            after,
            deadline(life, after, event.getChannel()),
            life.getForgetAt(),
            tellings.anchors(),
            tellings.times(),
            pending,
            users(life, event, facts, notes));
    return new Transition(next, emitted(before, after), ready, notes);
  }

  /**
   * What follows from a life's deadline having passed.
   *
   * @param life the life, whose {@code deadline} is the one that passed
   * @param placement where rows of its tenant go
   */
  public Transition due(LifecycleState life, Placement placement) {
    Set<TransitionFlag> notes = EnumSet.noneOf(TransitionFlag.class);
    if (life.getDeadline() >= life.getForgetAt()) {
      if (!life.getPending().isEmpty()) {
        notes.add(TransitionFlag.PENDING_DROPPED);
      }
      return new Transition(null, null, List.of(), notes);
    }
    MessageRevision before = life.getMessage();
    MessageRevision after = before;
    if (MessageStatus.of(before.getFacts()) != null && before.getListedAt() == null) {
      MessageFacts facts = Facts.join(before.getFacts(), Facts.unconfirmedAt(life.getDeadline()));
      after = revise(before, facts, life.getDeadline(), placement, notes);
    }
    // A life of which only annotations are known is no message to be listed; it just ages.
    LifecycleState next =
        new LifecycleState(
            after,
            life.getForgetAt(),
            life.getForgetAt(),
            life.getAnchors(),
            life.getFirstTimes(),
            life.getPending(),
            life.getUsers());
    return new Transition(next, emitted(before, after), List.of(), notes);
  }

  /**
   * What follows from fields of a message being redacted: they are gone for good, whatever events
   * come.
   *
   * @param placement where rows of its tenant go
   */
  public Transition redact(LifecycleState life, Collection<String> fields, Placement placement) {
    Set<TransitionFlag> notes = EnumSet.noneOf(TransitionFlag.class);
    MessageRevision before = life.getMessage();
    MessageFacts facts = Facts.join(before.getFacts(), Facts.redacted(fields));
    // A redaction completes no message, so that no anchor is looked at.
    MessageRevision after = revise(before, facts, before.getCreatedAt(), placement, notes);
    List<TimelineEntry> pending = new ArrayList<>(life.getPending().size());
    for (TimelineEntry waiting : life.getPending()) {
      MessageEvent event = waiting.getEvent();
      pending.add(
          new TimelineEntry(
              EventCopies.forTimeline(event, event.getUserId(), facts.getRedacted()),
              waiting.getAnchor(),
              waiting.getShards()));
    }
    LifecycleState next =
        new LifecycleState(
            after,
            life.getDeadline(),
            life.getForgetAt(),
            life.getAnchors(),
            life.getFirstTimes(),
            pending,
            life.getUsers());
    return new Transition(next, emitted(before, after), List.of(), notes);
  }

  /** min(event_time, received_at): the write timestamp and the start of retention. */
  public static long anchorOf(MessageEvent event) {
    return Math.min(event.getEventTime(), event.getReceivedAt());
  }

  private LifecycleState newborn(
      MessageEvent event, Placement placement, Collection<String> redacted) {
    String messageId = Objects.requireNonNull(event.getMessageId(), "message_id");
    MessageRevision unborn =
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
        unborn,
        event.getReceivedAt() + rules.waitMillis(event.getChannel()),
        event.getReceivedAt() + rules.retainMillis(),
        Map.of(),
        Map.of(),
        List.of(),
        List.of());
  }

  private static MessageFacts learn(
      MessageFacts known, MessageEvent event, Set<TransitionFlag> notes) {
    MessageFacts joined = Facts.join(known, Facts.of(event));
    if (EstimatedSize.of(joined) <= MAX_FACTS_WEIGHT) {
      return joined;
    }
    notes.add(TransitionFlag.FACTS_TOO_LARGE);
    return Facts.join(known, Facts.of(EventCopies.essentials(event)));
  }

  /** The message with these facts; a revision further if that is to be told to others. */
  private static MessageRevision revise(
      MessageRevision before,
      MessageFacts facts,
      long anchor,
      Placement placement,
      Set<TransitionFlag> notes) {
    if (facts.equals(before.getFacts())) {
      return before;
    }
    Long listedAt = before.getListedAt();
    int listingShards = before.getListingShards();
    if (listedAt == null && MessageStatus.complete(facts)) {
      listedAt = anchor;
      listingShards = placement.listingShards().applyAsInt(anchor);
      notes.add(TransitionFlag.COMPLETED);
    }
    int revision = before.getRevision();
    if (MessageStatus.of(facts) != null) {
      if (revision < MAX_REVISION) {
        revision++;
      } else {
        notes.add(TransitionFlag.REVISIONS_EXHAUSTED);
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

  /** Entries that can be written now; the others wait in {@code pending}, which is changed. */
  private static List<TimelineEntry> place(
      MessageEvent event,
      long anchor,
      MessageFacts facts,
      Placement placement,
      List<TimelineEntry> pending,
      Set<TransitionFlag> notes) {
    String lifeUser = Facts.text(facts, Facts.USER_ID);
    String user = event.getUserId() == null ? lifeUser : event.getUserId();
    TimelineEntry entry =
        new TimelineEntry(
            EventCopies.forTimeline(event, user, facts.getRedacted()),
            anchor,
            placement.timelineShards().applyAsInt(event.getEventTime()));
    if (user == null || lifeUser == null) {
      await(entry, pending, notes);
      return List.of();
    }
    List<TimelineEntry> ready = new ArrayList<>(pending.size() + 1);
    for (TimelineEntry waiting : pending) {
      ready.add(
          new TimelineEntry(
              EventCopies.forTimeline(waiting.getEvent(), lifeUser, facts.getRedacted()),
              waiting.getAnchor(),
              waiting.getShards()));
    }
    pending.clear();
    ready.add(entry);
    return ready;
  }

  private static void await(
      TimelineEntry entry, List<TimelineEntry> pending, Set<TransitionFlag> notes) {
    String eventId = entry.getEvent().getEventId();
    for (TimelineEntry waiting : pending) {
      if (waiting.getEvent().getEventId().equals(eventId)) {
        return;
      }
    }
    if (pending.size() >= MAX_PENDING
        || EstimatedSize.of(pending) + EstimatedSize.of(entry) > MAX_PENDING_WEIGHT) {
      notes.add(TransitionFlag.PENDING_OVERFLOW);
    } else {
      pending.add(entry);
    }
  }

  /** Users other than the life's own under whom records of it went, or go now. */
  private static List<String> users(
      LifecycleState life, MessageEvent event, MessageFacts facts, Set<TransitionFlag> notes) {
    String own = Facts.text(facts, Facts.USER_ID);
    List<String> users = life.getUsers();
    users = with(users, event.getUserId(), own, notes);
    return with(users, Facts.text(life.getMessage().getFacts(), Facts.USER_ID), own, notes);
  }

  /** {@code users} itself if there is nobody to be added. */
  private static List<String> with(
      List<String> users, @Nullable String user, @Nullable String own, Set<TransitionFlag> notes) {
    if (user == null || user.equals(own) || users.contains(user)) {
      return users;
    }
    if (users.size() >= MAX_USERS) {
      notes.add(TransitionFlag.USERS_EXHAUSTED);
      return users;
    }
    List<String> more = new ArrayList<>(users);
    more.add(user);
    Collections.sort(more);
    return more;
  }

  /**
   * When to look at the life next. An annotation's life that has outlived its wait and only then
   * moves is due at once: its wait is that of its first event.
   */
  private long deadline(LifecycleState life, MessageRevision after, String channel) {
    long forgetAt = life.getForgetAt();
    if (after.getListedAt() != null) {
      return forgetAt;
    }
    boolean waiting = life.getDeadline() < forgetAt;
    return waiting || MessageStatus.of(after.getFacts()) == null
        ? life.getDeadline()
        : forgetAt - rules.retainMillis() + rules.waitMillis(channel);
  }
}
