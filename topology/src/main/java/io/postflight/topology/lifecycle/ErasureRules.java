package io.postflight.topology.lifecycle;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.schema.state.LifecycleState;
import io.postflight.schema.topic.RecordKeys;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What privacy commands mean for lives and events: pure, without clock and without Kafka.
 *
 * <ul>
 *   <li>An erased message stays erased: none of its events is taken any more.
 *   <li>Of a user erased at T everything that began at or before T goes: each life whose own user
 *       it is and that was created by then, and each event that happened by then. A message that
 *       came later lives on.
 *   <li>Where no life is known, it is the event's anchor that tells when the message began. The
 *       message of an erased user is then dropped before it is created, and marked, so that an
 *       event after T cannot bring it to life.
 *   <li>A life that belongs to one user may have events of others (a group). The erasure of such a
 *       participant takes his events only.
 *   <li>Redacted fields are a fact of the life, and joined in at birth where they came first.
 * </ul>
 *
 * <p>A life and the mark of its message's erasure are never there at once.
 */
final class ErasureRules {
  private ErasureRules() {}

  /**
   * What becomes of an event.
   *
   * @param life the life of the event's message; null: none is known
   * @param event of a message
   */
  static EventDecision ofEvent(
      @Nullable LifecycleState life, MessageEvent event, String messageId, RetainedCommands marks) {
    String tenant = event.getTenant();
    if (life != null) {
      return ofLaterEvent(life, event, marks);
    }
    Erasure message = marks.ofMessage(tenant, messageId);
    if (message != null) {
      return EventDecision.of(EventDecision.Kind.DROPPED, message);
    }
    Erasure user = ofAction(event, marks);
    if (user != null) {
      return EventDecision.of(EventDecision.Kind.SUPPRESSED, user);
    }
    Erasure redaction = marks.ofRedaction(tenant, messageId);
    return EventDecision.admitted(redaction == null ? List.of() : redaction.getFields());
  }

  private static EventDecision ofLaterEvent(
      LifecycleState life, MessageEvent event, RetainedCommands marks) {
    Erasure owner = ofLife(life, marks);
    if (owner != null) {
      return EventDecision.of(EventDecision.Kind.ERASED, owner);
    }
    String lifeUser = user(life);
    String user = event.getUserId() == null ? lifeUser : event.getUserId();
    if (user == null) {
      return EventDecision.admitted(List.of());
    }
    long createdAt = life.getMessage().getCreatedAt();
    Erasure by = marks.ofUser(event.getTenant(), user);
    if (by == null || by.getAt() < Math.min(createdAt, LifecycleReducer.anchorOf(event))) {
      return EventDecision.admitted(List.of());
    }
    // Here the life would learn whose it is.
    boolean reveals = lifeUser == null && createdAt <= by.getAt();
    return EventDecision.of(reveals ? EventDecision.Kind.ERASED : EventDecision.Kind.DROPPED, by);
  }

  /** The command that erases a life because of its user; null: none. */
  static @Nullable Erasure ofLife(LifecycleState life, RetainedCommands marks) {
    String user = user(life);
    Erasure by = user == null ? null : marks.ofUser(life.getMessage().getTenant(), user);
    return by != null && life.getMessage().getCreatedAt() <= by.getAt() ? by : null;
  }

  /** The command that covers an event by its own user and its own time; null: none. */
  static @Nullable Erasure ofAction(MessageEvent event, RetainedCommands marks) {
    String user = event.getUserId();
    Erasure by = user == null ? null : marks.ofUser(event.getTenant(), user);
    return by != null && LifecycleReducer.anchorOf(event) <= by.getAt() ? by : null;
  }

  /**
   * The step with the entries that may be written. One that waited for its user may belong to one
   * who was erased after it happened, although the message counts as created later.
   */
  static Transition spared(Transition step, RetainedCommands marks) {
    List<TimelineEntry> spared = new ArrayList<>(step.timeline().size());
    for (TimelineEntry entry : step.timeline()) {
      MessageEvent event = entry.getEvent();
      String user = event.getUserId();
      Erasure by = user == null ? null : marks.ofUser(event.getTenant(), user);
      if (by == null || by.getAt() < entry.getAnchor()) {
        spared.add(entry);
      }
    }
    return spared.size() == step.timeline().size()
        ? step
        : new Transition(step.next(), step.revision(), spared, step.notes());
  }

  /**
   * Two commands on one subject as one: the later, with all users and all fields.
   *
   * @param mark what is known; null: nothing
   * @return {@code mark} itself if the command says nothing new
   */
  static Erasure merged(@Nullable Erasure mark, Erasure command) {
    if (mark == null) {
      return command;
    }
    Erasure later = command.getAt() > mark.getAt() ? command : mark;
    Erasure merged =
        with(
            later,
            later.getMessageId(),
            later.getUserId(),
            union(mark.getUsers(), command.getUsers()),
            union(mark.getFields(), command.getFields()),
            later.getAt());
    return merged.equals(mark) ? mark : merged;
  }

  /**
   * What is to be done about the rows of a life, of a message's own command or of its user's. Its
   * time is not before the life was created, so that the deletes are newer than every row. It tells
   * where the message is listed: once the message's row is gone nothing else does, and that may be
   * before the listing's row is written, since the command stands under several keys.
   */
  static Erasure onRows(LifecycleState life, Erasure by) {
    Set<String> users = new TreeSet<>(life.getUsers());
    String own = user(life);
    if (own != null) {
      users.add(own);
    }
    users.addAll(by.getUsers());
    MessageRevision message = life.getMessage();
    return new Erasure(
        by.getId(),
        by.getTenant(),
        message.getMessageId(),
        null,
        List.copyOf(users),
        by.getFields(),
        Math.max(by.getAt(), message.getCreatedAt()),
        by.getRequestedBy(),
        null,
        null,
        message.getListedAt(),
        message.getListingShards(),
        null);
  }

  /** The mark of a message that an erased user's event would have begun. */
  static Erasure onUnborn(String messageId, Erasure by) {
    return with(by, messageId, null, List.of(), List.of(), by.getAt());
  }

  /** The command without the users on whose timelines rows may stand. */
  static Erasure bare(Erasure command) {
    return command.getUsers().isEmpty()
        ? command
        : with(
            command,
            command.getMessageId(),
            command.getUserId(),
            List.of(),
            command.getFields(),
            command.getAt());
  }

  /**
   * The command as it goes to a tier, by the keys under which the tier's topic may hold records of
   * what it is about: behind the last of each it has to stand. A user's timeline is written under
   * the user's key only, so the copy there names no other user, and the copy under the message's
   * key names none: of a message with many users each copy would else have all timelines looked
   * through.
   *
   * @param erasedUser whose erasure the message goes with; null: nobody's. What this user's own
   *     command takes need not be looked for
   */
  static Map<String, Erasure> copies(Erasure command, @Nullable String erasedUser) {
    Map<String, Erasure> copies = new LinkedHashMap<>();
    String tenant = command.getTenant();
    if (command.getMessageId() != null) {
      copies.put(RecordKeys.ofMessage(tenant, command.getMessageId()), bare(command));
    }
    if (command.getUserId() != null) {
      copies.put(RecordKeys.ofUser(tenant, command.getUserId()), command);
    }
    for (String user : command.getUsers()) {
      copies.put(
          RecordKeys.ofUser(tenant, user),
          Erasure.newBuilder(command)
              .setUsers(List.of(user))
              .setTimelineFrom(user.equals(erasedUser) ? command.getAt() : null)
              .build());
    }
    return copies;
  }

  private static @Nullable String user(LifecycleState life) {
    return Facts.text(life.getMessage().getFacts(), Facts.USER_ID);
  }

  private static Erasure with(
      Erasure command,
      @Nullable String messageId,
      @Nullable String userId,
      List<String> users,
      List<String> fields,
      long at) {
    return new Erasure(
        command.getId(),
        command.getTenant(),
        messageId,
        userId,
        users,
        fields,
        at,
        command.getRequestedBy(),
        null,
        null,
        command.getListedAt(),
        command.getListingShards(),
        command.getTimelineFrom());
  }

  private static List<String> union(Collection<String> some, Collection<String> more) {
    TreeSet<String> all = new TreeSet<>(some);
    all.addAll(more);
    return List.copyOf(all);
  }
}
