package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.servererrors.CoordinatorException;
import io.postflight.store.ReadException;
import io.postflight.store.WriteException;
import io.postflight.store.WriteException.Kind;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides when the nodes' refusals of a statement are FATAL: no such right, no such table, no such
 * protocol. One node alone may say so while it is upgraded, or behind with the schema.
 *
 * <p>A statement is told from others by its text. Its <em>streak</em> begins with a refusal and
 * ends with a success, through whichever node. It is confirmed once every node that is up has
 * refused the statement in it, and, if the statement has ever succeeded, for {@link #CONFIRMED};
 * one that never has is misconfigured, which is to be reported at once. Meanwhile refusals count as
 * TRANSIENT, and the statement is sent to nodes that have not refused it yet. A streak without a
 * refusal for {@link #FORGOTTEN} is over, too: nobody knows what happened since.
 */
final class Refusals {
  /** So long every node has to refuse what it once took. */
  static final Duration CONFIRMED = Duration.ofSeconds(30);

  /** After so long without a refusal the next one begins a streak of its own. */
  static final Duration FORGOTTEN = Duration.ofSeconds(60);

  private final Supplier<? extends Collection<Node>> up;
  private final LongSupplier nanos;
  private final Set<String> succeeded = ConcurrentHashMap.newKeySet();

  /** By the text of the statement. Guarded by this. */
  private final Map<String, Streak> streaks = new HashMap<>();

  /** The text of the statement that was refused, by the failure. Guarded by this. */
  private final Map<Throwable, String> refused = new WeakHashMap<>();

  private volatile boolean refusing;

  private static final class Streak {
    private final long since;
    private long last;
    private final Set<Node> nodes = new HashSet<>();

    private Streak(long since) {
      this.since = since;
      this.last = since;
    }
  }

  /**
   * @param up the nodes that are up and in reach
   * @param nanos a monotonic clock
   */
  Refusals(Supplier<? extends Collection<Node>> up, LongSupplier nanos) {
    this.up = up;
    this.nanos = nanos;
  }

  /** A statement as it is to be sent: through a node that has not refused it, if others have. */
  Statement<?> redirected(Statement<?> statement) {
    Node other = refusing ? unheard(text(statement)) : null;
    return other == null ? statement : statement.setNode(other);
  }

  /** Notes how a statement went before anybody else is told. */
  CompletionStage<AsyncResultSet> noting(
      Statement<?> statement, CompletionStage<AsyncResultSet> sent) {
    return sent.whenComplete(
        (result, failure) -> {
          if (failure == null) {
            succeeded(text(statement));
          } else if (Faults.kind(failure) == Kind.FATAL) {
            refused(text(statement), Faults.unwrap(failure));
          }
        });
  }

  /** A failure of a write, of the kind that the nodes together give it. */
  WriteException write(String what, Throwable failure) {
    WriteException write = Faults.write(what, failure);
    return isDoubtful(failure, write.kind())
        ? new WriteException(Kind.TRANSIENT, doubt(write.getMessage()), write.getCause())
        : write;
  }

  /** A failure of a read, of the kind that the nodes together give it. */
  ReadException read(String what, Throwable failure) {
    ReadException read = Faults.read(what, failure);
    return isDoubtful(failure, read.kind())
        ? new ReadException(Kind.TRANSIENT, doubt(read.getMessage()), read.getCause())
        : read;
  }

  private static String doubt(@Nullable String message) {
    return message + "; not confirmed by all nodes that are up";
  }

  private boolean isDoubtful(Throwable failure, Kind kind) {
    Throwable cause = Faults.unwrap(failure);
    boolean decided =
        cause instanceof Error || cause instanceof WriteException || cause instanceof ReadException;
    return kind == Kind.FATAL && !decided && !confirmed(cause);
  }

  private synchronized boolean confirmed(Throwable refusal) {
    String text = refused.get(refusal);
    Streak streak = text == null ? null : streaks.get(text);
    return streak != null
        && streak.nodes.containsAll(up.get())
        && (!succeeded.contains(text) || streak.last - streak.since >= CONFIRMED.toNanos());
  }

  private synchronized @Nullable Node unheard(String text) {
    Streak streak = streaks.get(text);
    return streak == null
        ? null
        : up.get().stream().filter(node -> !streak.nodes.contains(node)).findFirst().orElse(null);
  }

  private void succeeded(String text) {
    succeeded.add(text);
    if (refusing) {
      synchronized (this) {
        streaks.remove(text);
        refusing = !streaks.isEmpty();
      }
    }
  }

  private synchronized void refused(String text, Throwable failure) {
    long now = nanos.getAsLong();
    Streak streak = streaks.get(text);
    if (streak == null || now - streak.last > FORGOTTEN.toNanos()) {
      streak = new Streak(now);
      streaks.put(text, streak);
    }
    streak.last = now;
    streak.nodes.addAll(nodes(failure));
    refused.put(failure, text);
    refusing = true;
  }

  /** Who refused; a failure that names no node speaks for all. */
  private Collection<Node> nodes(Throwable failure) {
    if (failure instanceof CoordinatorException refusal) {
      return Set.of(refusal.getCoordinator());
    }
    return failure instanceof AllNodesFailedException all ? all.getAllErrors().keySet() : up.get();
  }

  private static String text(Statement<?> statement) {
    if (statement instanceof BatchStatement batch) {
      return text((Statement<?>) batch.iterator().next());
    }
    return statement instanceof BoundStatement bound
        ? bound.getPreparedStatement().getQuery()
        : ((SimpleStatement) statement).getQuery();
  }
}
