package io.postflight.sink.simulation;

import io.postflight.store.WriteException;
import io.postflight.store.WriteException.Kind;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What the database owes a client for one request. */
final class Answer<T> {
  /** What was asked for. */
  enum Request {
    WRITE,
    ERASURE,
    PROBE,
    CANARY
  }

  /** How often each was refused in a way that nothing but a mended deployment helps against. */
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
  private final Ledger ledger;
  private final Client client;
  private final Request request;
  private final Fatal fatal;

  Answer(World world, Ledger ledger, Client client, Request request, Fatal fatal) {
    this.world = world;
    this.ledger = ledger;
    this.client = client;
    this.request = request;
    this.fatal = fatal;
  }

  CompletableFuture<T> future() {
    return future;
  }

  void complete(@Nullable T value) {
    client.hears(() -> future.complete(value));
  }

  void fail(Kind kind, String why) {
    world.note("failed", kind.ordinal(), request.ordinal());
    client.hears(
        () -> {
          future.completeExceptionally(new WriteException(kind, why, null));
          if (kind == Kind.FATAL) {
            fatal.count(request);
            // Later: the future may have been completed before the asker held it.
            world.after(0, () -> client.hears(() -> demandVerdict(why)));
          }
        });
  }

  /** Whoever hears that nothing helps has to give up at once, and to say why. */
  private void demandVerdict(String why) {
    String verdict = client.verdict();
    if (verdict == null) {
      ledger.violation("an instance goes on though a " + request + " was answered: " + why);
    } else if (verdict.isBlank()) {
      ledger.violation("an instance gives up without a reason: " + why);
    }
  }
}
