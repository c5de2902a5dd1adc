package io.postflight.sink.simulation;

import io.postflight.store.StoreException;
import io.postflight.store.StoreException.Kind;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The pending response of the database to one request of a client. */
final class PendingResponse<T> {
  /** Kinds of requests. */
  enum Request {
    WRITE,
    ERASURE,
    PROBE,
    CANARY
  }

  /** Counts the permanent failures of each kind. */
  static final class Fatal {
    private final Map<Request, Integer> answers = new EnumMap<>(Request.class);

    private void count(Request request) {
      answers.merge(request, 1, Integer::sum);
    }

    Map<Request, Integer> counts() {
      return answers;
    }
  }

  private final CompletableFuture<T> future = new CompletableFuture<>();
  private final World world;
  private final HistoryOracle oracle;
  private final DatabaseClient client;
  private final Request request;
  private final Fatal fatal;

  PendingResponse(
      World world, HistoryOracle oracle, DatabaseClient client, Request request, Fatal fatal) {
    this.world = world;
    this.oracle = oracle;
    this.client = client;
    this.request = request;
    this.fatal = fatal;
  }

  CompletableFuture<T> future() {
    return future;
  }

  void complete(@Nullable T value) {
    client.receive(() -> future.complete(value));
  }

  void fail(Kind kind, String why) {
    world.note("failed", kind.ordinal(), request.ordinal());
    client.receive(
        () -> {
          future.completeExceptionally(new StoreException(kind, why));
          if (kind == Kind.FATAL) {
            fatal.count(request);
            // Deferred: the future may have been completed before the client received it.
            world.after(0, () -> client.receive(() -> requireFailure(why)));
          }
        });
  }

  /** An instance that receives a permanent failure has to fail immediately, with a reason. */
  private void requireFailure(String why) {
    String failureReason = client.failureReason();
    if (failureReason == null) {
      oracle.violation(
          "an instance continues although a  " + request + " failed permanently: " + why);
    } else if (failureReason.isBlank()) {
      oracle.violation("an instance failed without a reason: " + why);
    }
  }
}
