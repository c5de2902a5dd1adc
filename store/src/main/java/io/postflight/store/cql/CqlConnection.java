package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.metadata.Metadata;
import io.postflight.store.StoreException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session with a tier's cluster. If the cluster is unavailable or its tables are missing at
 * start, it retries in the background; once connected, the driver reconnects by itself.
 */
final class CqlConnection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CqlConnection.class);
  private static final Duration MAX_DELAY = Duration.ofSeconds(2);

  /** Attempts between two warnings: about a minute. */
  private static final int ATTEMPTS_PER_WARNING = 30;

  private final String name;
  private final ClusterSettings settings;
  private final ScheduledExecutorService timer;
  private final CompletableFuture<Statements> ready = new CompletableFuture<>();
  private final AtomicInteger attempts = new AtomicInteger();
  private volatile StoreException fault;
  private volatile boolean closed;

  CqlConnection(String name, ClusterSettings settings) {
    this.name = name;
    this.settings = settings;
    this.fault =
        new StoreException(StoreException.Kind.TRANSIENT, "not connected yet to " + describe());
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
   * @throws StoreException if not connected, with the reason
   */
  Statements statements() {
    Statements statements = connected();
    if (statements == null) {
      throw fault;
    }
    return statements;
  }

  /**
   * Runs a request.
   *
   * @param what what it does, called if it fails; without the ids of messages and users, since it
   *     is logged
   * @return the result; fails with {@link StoreException} only, whose kind the nodes have confirmed
   */
  <T> CompletionStage<T> run(Supplier<String> what, Supplier<CompletionStage<T>> request) {
    try {
      return request.get().exceptionallyCompose(fault -> failed(what, fault));
    } catch (RuntimeException | Error fault) {
      return failed(what, fault);
    }
  }

  private <T> CompletionStage<T> failed(Supplier<String> what, Throwable fault) {
    Statements statements = connected();
    return CompletableFuture.failedFuture(
        statements == null
            ? DriverFailures.of(what.get(), fault)
            : statements.rejections().failure(what.get(), fault));
  }

  private @Nullable Statements connected() {
    return ready.isCompletedExceptionally() ? null : ready.getNow(null);
  }

  /** The driver's metadata of the cluster; null before it is connected. */
  @Nullable Metadata metadata() {
    Statements statements = connected();
    return statements == null ? null : statements.session().getMetadata();
  }

  @Override
  public void close() {
    closed = true;
    timer.shutdownNow();
    fault =
        new StoreException(
            StoreException.Kind.TRANSIENT, "the connection to " + describe() + " is closed");
    if (!ready.completeExceptionally(fault) && !ready.isCompletedExceptionally()) {
      forceClose(ready.join().session());
    }
  }

  private void connect() {
    CompletionStage<Statements> attempt;
    try {
      attempt =
          SessionConfig.builder(name, settings).buildAsync().thenCompose(this::prepareOrClose);
    } catch (RuntimeException rejected) {
      attempt = CompletableFuture.failedFuture(rejected);
    }
    attempt.whenComplete(
        (statements, failure) -> {
          if (failure != null) {
            retry(failure);
          } else if (ready.complete(statements)) {
            LOG.info("Connected to {}", describe());
          } else {
            forceClose(statements.session());
          }
        });
  }

  private CompletionStage<Statements> prepareOrClose(CqlSession session) {
    return prepare(session)
        .whenComplete(
            (statements, failure) -> {
              if (failure != null) {
                forceClose(session);
              }
            });
  }

  private CompletionStage<Statements> prepare(CqlSession session) {
    try {
      CqlSchema.requireCurrent(settings.keyspace(), session.getMetadata());
    } catch (StoreException otherSchema) {
      return CompletableFuture.failedFuture(otherSchema);
    }
    return Statements.prepare(session, settings.keyspace());
  }

  private void retry(Throwable failure) {
    int attempt = attempts.getAndIncrement();
    fault = DriverFailures.of("no connection to " + describe(), failure);
    if (closed) {
      return;
    }
    if (attempt % ATTEMPTS_PER_WARNING == 0) {
      LOG.warn("Cannot connect to {} yet: {}", describe(), DriverFailures.reason(failure));
    }
    long delay = Math.min(200L << Math.min(attempt, 10), MAX_DELAY.toMillis());
    Future<?> unused = timer.schedule(this::connect, delay, TimeUnit.MILLISECONDS);
  }

  private String describe() {
    return "keyspace %s of %s at %s".formatted(settings.keyspace(), name, settings.contactPoints());
  }

  private static void forceClose(@Nullable CqlSession session) {
    if (session != null) {
      session.forceCloseAsync();
    }
  }
}
