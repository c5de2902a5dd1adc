package io.postflight.api.erasure;

import io.postflight.api.http.Problem;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.recovery.Recoveries;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What reads must hide although rows may exist: a lagging sink writes rows of an erased message
 * until it reaches the command.
 *
 * <p>Reads consult it after reading, so that a command that arrives meanwhile applies.
 */
public final class ErasureGuard {
  private final Map<GuardedSubject, Mark> messages = new ConcurrentHashMap<>();
  private final Map<GuardedSubject, Mark> users = new ConcurrentHashMap<>();
  private final Map<GuardedSubject, Redaction> redactions = new ConcurrentHashMap<>();
  private volatile boolean loaded;

  private record GuardedSubject(String tenant, String id) {}

  /** The last command of a subject, and the greatest time of all of them. */
  private record Mark(long at, String lastCommand) {
    Mark join(Mark later) {
      return new Mark(Math.max(at, later.at), later.lastCommand);
    }
  }

  private record Redaction(List<String> fields, String lastCommand) {
    Redaction join(Redaction later) {
      TreeSet<String> all = new TreeSet<>(fields);
      all.addAll(later.fields);
      return new Redaction(List.copyOf(all), later.lastCommand);
    }
  }

  private final Recoveries recoveries;

  ErasureGuard(Recoveries recoveries) {
    this.recoveries = recoveries;
  }

  /**
   * Requires that the ledger has been read.
   *
   * @throws io.postflight.api.http.Problem 503 otherwise, since it is unknown what must be hidden
   */
  public void requireLoaded() {
    if (!loaded()) {
      throw Problem.unavailable("the erasure ledger is not loaded yet");
    }
  }

  /** Whether a message was erased by its own id. */
  public boolean erasesMessage(String tenant, String messageId) {
    return messages.containsKey(new GuardedSubject(tenant, messageId));
  }

  /**
   * When a user was last erased, epoch milliseconds; null: never. Everything created at or before
   * that is erased.
   */
  public @Nullable Long userErasedAt(String tenant, String userId) {
    Mark mark = users.get(new GuardedSubject(tenant, userId));
    return mark == null ? null : mark.at();
  }

  /** Redacted fields of a message, sorted. */
  public List<String> redactedFields(String tenant, String messageId) {
    Redaction redaction = redactions.get(new GuardedSubject(tenant, messageId));
    return redaction == null ? List.of() : redaction.fields();
  }

  /**
   * Requires that a tier may be read. A tier in recovery may have rows from a backup that are
   * covered by commands older than those held here, and lacks rows that are still to be loaded.
   *
   * @throws io.postflight.api.http.Problem 503 if it is in recovery
   */
  public void requireReadable(String tier) {
    if (isRecovering(tier)) {
      throw Problem.unavailable("tier '" + tier + "' is in recovery");
    }
  }

  boolean isRecovering(String tier) {
    return recoveries.known(tier).isPresent();
  }

  boolean loaded() {
    return loaded && recoveries.loaded();
  }

  void setLoaded() {
    loaded = true;
  }

  void add(Erasure command) {
    String message = command.getMessageId();
    String user = command.getUserId();
    Mark mark = new Mark(command.getAt(), command.getId());
    if (message != null && command.getFields().isEmpty()) {
      messages.merge(new GuardedSubject(command.getTenant(), message), mark, Mark::join);
    } else if (message != null) {
      redactions.merge(
          new GuardedSubject(command.getTenant(), message),
          new Redaction(command.getFields(), command.getId()),
          Redaction::join);
    } else if (user != null) {
      users.merge(new GuardedSubject(command.getTenant(), user), mark, Mark::join);
    }
  }

  /** Removes a command, unless a later one has the same subject. */
  void remove(Erasure command) {
    String message = command.getMessageId();
    String user = command.getUserId();
    String id = command.getId();
    if (message != null) {
      GuardedSubject subject = new GuardedSubject(command.getTenant(), message);
      messages.computeIfPresent(
          subject, (key, mark) -> id.equals(mark.lastCommand()) ? null : mark);
      redactions.computeIfPresent(
          subject, (key, redaction) -> id.equals(redaction.lastCommand()) ? null : redaction);
    } else if (user != null) {
      users.computeIfPresent(
          new GuardedSubject(command.getTenant(), user),
          (key, mark) -> id.equals(mark.lastCommand()) ? null : mark);
    }
  }
}
