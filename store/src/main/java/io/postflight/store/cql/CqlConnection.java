package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.metadata.Metadata;
import io.postflight.store.ReadException;
import io.postflight.store.WriteException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session to a tier's cluster. Waits in the background for a cluster that is away when it
 * starts, and for tables that are not there yet; once it has connected, the driver reconnects by
 * itself.
 */
final class CqlConnection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CqlConnection.class);
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(2);

  /** Every how many attempts a wait that goes on is told of again: about once a minute. */
  private static final int REMIND = 30;

  private final String name;
  private final ClusterSettings settings;
  private final ScheduledExecutorService timer;
  private final CompletableFuture<Statements> ready = new CompletableFuture<>();
  private final AtomicInteger attempts = new AtomicInteger();
  private volatile WriteException fault;
  private volatile boolean closed;

  CqlConnection(String name, ClusterSettings settings) {
    this.name = name;
    this.settings = settings;
    this.fault =
        new WriteException(
            WriteException.Kind.TRANSIENT, "not connected yet to " + describe(), null);
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "cql-connect-" + name);
              thread.setDaemon(true);
              return thread;
            });
  }

  void start() {
    timer.execute(this::connect);
  }

  /** Completes once requests can be sent. */
  CompletionStage<Void> ready() {
    return ready.thenAccept(statements -> {}).copy();
  }

  /**
   * The session with its statements.
   *
   * @throws WriteException why there is none yet
   */
  Statements statements() {
    Statements statements = connected();
    if (statements == null) {
      throw fault;
    }
    return statements;
  }

  /** A failure of a write, of the kind that the nodes together give it. */
  WriteException write(String what, Throwable failure) {
    Statements statements = connected();
    return statements == null
        ? Faults.write(what, failure)
        : statements.refusals().write(what, failure);
  }

  /** A failure of a read, of the kind that the nodes together give it. */
  ReadException read(String what, Throwable failure) {
    Statements statements = connected();
    return statements == null
        ? Faults.read(what, failure)
        : statements.refusals().read(what, failure);
  }

  private @Nullable Statements connected() {
    return ready.isCompletedExceptionally() ? null : ready.getNow(null);
  }

  /** What the driver knows of the cluster; null before it is connected. */
  @Nullable Metadata metadata() {
    Statements statements = connected();
    return statements == null ? null : statements.session().getMetadata();
  }

  @Override
  public void close() {
    closed = true;
    timer.shutdownNow();
    fault =
        new WriteException(
            WriteException.Kind.TRANSIENT, "the connection to " + describe() + " is closed", null);
    if (!ready.completeExceptionally(fault) && !ready.isCompletedExceptionally()) {
      closeQuietly(ready.join().session());
    }
  }

  private void connect() {
    CompletionStage<Statements> attempt;
    try {
      attempt =
          SessionConfig.builder(name, settings).buildAsync().thenCompose(this::prepareOrClose);
    } catch (RuntimeException refused) {
      attempt = CompletableFuture.failedFuture(refused);
    }
    attempt.whenComplete(
        (statements, failure) -> {
          if (failure != null) {
            retry(failure);
          } else if (ready.complete(statements)) {
            LOG.info("Connected to {}", describe());
          } else {
            closeQuietly(statements.session());
          }
        });
  }

  private CompletionStage<Statements> prepareOrClose(CqlSession session) {
    return Statements.prepare(session, settings.keyspace())
        .whenComplete(
            (statements, failure) -> {
              if (failure != null) {
                closeQuietly(session);
              }
            });
  }

  private void retry(Throwable failure) {
    int attempt = attempts.getAndIncrement();
    fault = Faults.write("no connection to " + describe(), failure);
    if (closed) {
      return;
    }
    if (attempt % REMIND == 0) {
      LOG.warn("Waiting for {}: {}", describe(), Faults.reason(failure));
    }
    long delay = Math.min(200L << Math.min(attempt, 10), LONGEST_DELAY.toMillis());
    Future<?> unused = timer.schedule(this::connect, delay, TimeUnit.MILLISECONDS);
  }

  private String describe() {
    return "keyspace %s of %s at %s".formatted(settings.keyspace(), name, settings.contactPoints());
  }

  private static void closeQuietly(@Nullable CqlSession session) {
    if (session != null) {
      session.forceCloseAsync();
    }
  }
}
