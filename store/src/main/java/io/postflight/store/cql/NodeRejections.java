package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.servererrors.CoordinatorException;
import io.postflight.schema.concurrent.FutureFailures;
import io.postflight.store.StoreException;
import io.postflight.store.StoreException.Kind;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides when rejections of a statement by nodes are FATAL: missing permission, missing table,
 * unsupported protocol. A single node may report these while it is upgraded or its schema is
 * outdated.
 *
 * <p>Statements are distinguished by their text. A <em>streak</em> begins with a rejection and ends
 * with a success, through any node. It is confirmed once every node that is up has rejected the
 * statement, and, if any statement has ever succeeded, after {@link #CONFIRMATION_TIME}; if none
 * has, the session is misconfigured, which is reported immediately. Until then rejections count as
 * TRANSIENT, and the statement is sent to nodes that have not rejected it yet. A streak also ends
 * after {@link #EXPIRY} without a rejection.
 */
final class NodeRejections {
  /** Time for which every node has to reject a statement, once any statement has succeeded. */
  static final Duration CONFIRMATION_TIME = Duration.ofSeconds(30);

  /** After this time without a rejection, the next one begins a new streak. */
  static final Duration EXPIRY = Duration.ofSeconds(60);

  private final Supplier<? extends Collection<Node>> up;
  private final LongSupplier nanos;

  /** Streaks by the text of the statement. Guarded by this. */
  private final Map<String, Streak> streaks = new HashMap<>();

  /** Texts of rejected statements by failure. Guarded by this. */
  private final Map<Throwable, String> rejected = new WeakHashMap<>();

  private volatile boolean rejecting;
  private volatile boolean worked;

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
   * @param up the reachable nodes that are up
   * @param nanos a monotonic clock
   */
  NodeRejections(Supplier<? extends Collection<Node>> up, LongSupplier nanos) {
    this.up = up;
    this.nanos = nanos;
  }

  /** Redirects a statement that some nodes have rejected to one that has not. */
  Statement<?> redirected(Statement<?> statement) {
    Node other = rejecting ? notRejecting(text(statement)) : null;
    return other == null ? statement : statement.setNode(other);
  }

  /** Records the result of a statement before it is passed on. */
  CompletionStage<AsyncResultSet> recording(
      Statement<?> statement, CompletionStage<AsyncResultSet> sent) {
    return sent.whenComplete(
        (result, failure) -> {
          if (failure == null) {
            succeeded(text(statement));
          } else if (DriverFailures.kind(failure) == Kind.FATAL) {
            rejected(text(statement), FutureFailures.unwrap(failure));
          }
        });
  }

  /** Converts a failure, with the kind confirmed by the nodes. */
  StoreException failure(String what, Throwable failure) {
    StoreException converted = DriverFailures.of(what, failure);
    return isUnconfirmed(failure, converted.kind())
        ? new StoreException(
            Kind.TRANSIENT,
            converted.getMessage() + "; not confirmed by all nodes that are up",
            converted.getCause())
        : converted;
  }

  private boolean isUnconfirmed(Throwable failure, Kind kind) {
    Throwable cause = FutureFailures.unwrap(failure);
    boolean decided = cause instanceof Error || cause instanceof StoreException;
    return kind == Kind.FATAL && !decided && !confirmed(cause);
  }

  private synchronized boolean confirmed(Throwable rejection) {
    String text = rejected.get(rejection);
    Streak streak = text == null ? null : streaks.get(text);
    return streak != null
        && streak.nodes.containsAll(up.get())
        && (!worked || streak.last - streak.since >= CONFIRMATION_TIME.toNanos());
  }

  private synchronized @Nullable Node notRejecting(String text) {
    Streak streak = streaks.get(text);
    return streak == null
        ? null
        : up.get().stream().filter(node -> !streak.nodes.contains(node)).findFirst().orElse(null);
  }

  private void succeeded(String text) {
    worked = true;
    if (rejecting) {
      synchronized (this) {
        streaks.remove(text);
        rejecting = !streaks.isEmpty();
      }
    }
  }

  private synchronized void rejected(String text, Throwable failure) {
    long now = nanos.getAsLong();
    Streak streak = streaks.get(text);
    if (streak == null || now - streak.last > EXPIRY.toNanos()) {
      streak = new Streak(now);
      streaks.put(text, streak);
    }
    streak.last = now;
    streak.nodes.addAll(nodes(failure));
    rejected.put(failure, text);
    rejecting = true;
  }

  /** The nodes that rejected; all if the failure names none. */
  private Collection<Node> nodes(Throwable failure) {
    if (failure instanceof CoordinatorException rejection) {
      return Set.of(rejection.getCoordinator());
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
