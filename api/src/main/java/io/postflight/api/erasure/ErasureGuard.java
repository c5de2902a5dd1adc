package io.postflight.api.erasure;

import io.postflight.api.http.Problem;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureScope;
import io.postflight.schema.erasure.UserErasures;
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
  private final UserErasures users = new UserErasures();
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
   * When a row's person was last erased, epoch milliseconds; null: never. Everything created at or
   * before that is erased. Parameters as in {@link UserErasures#erasedAt(String, String, String,
   * long)}.
   */
  public @Nullable Long userErasedAt(
      String tenant, @Nullable String userId, @Nullable String alias, long time) {
    return users.erasedAt(tenant, userId, alias, time);
  }

  /**
   * When all rows of a scope were last erased, as in {@link UserErasures#erasedAt(String, String,
   * ErasureScope)}.
   */
  public @Nullable Long userErasedAt(String tenant, String userId, @Nullable ErasureScope scope) {
    return users.erasedAt(tenant, userId, scope);
  }

  /** Redacted fields of a message, sorted. */
  public List<String> redactedFields(String tenant, String messageId) {
    Redaction redaction = redactions.get(new GuardedSubject(tenant, messageId));
    return redaction == null ? List.of() : redaction.fields();
  }

  /**
   * Whether a tier is in recovery, so that it must not be read: it may have rows from a backup that
   * are covered by commands older than those held here, and lacks rows that are still to be loaded.
   */
  public boolean isRecovering(String tier) {
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
      users.add(command);
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
      users.remove(command);
    }
  }
}
