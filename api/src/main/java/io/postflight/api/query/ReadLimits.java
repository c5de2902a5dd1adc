package io.postflight.api.query;

import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.postflight.api.http.Connections;
import io.postflight.api.http.Peer;
import io.postflight.api.http.Problem;
import io.postflight.api.http.TenantLimit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Limits concurrent reads, so that no tenant uses up the connections to a tier, or the memory.
 *
 * <p>Reads are limited in total and per tenant (a half); more are rejected. Of these, pages are
 * limited in total, per tenant (a half) and per connection (an eighth), since a page occupies
 * several times its 4 MiB of rows until its response is written, and reads up to 64 partitions of
 * an id at a time. Further pages are queued: the first in the queue whose tenant and connection are
 * below their limits is the next. From the response's headers on, {@link Connections} count its
 * bytes.
 */
final class ReadLimits {
  private static final int TENANT_SHARE = 2;
  private static final int CONNECTION_SHARE = 8;

  private final TenantLimit reads;
  private final int maxPages;

  /** Pages in progress by tenant and connection; guarded by this, like everything below. */
  private final Map<Object, Integer> pages = new HashMap<>();

  private final Set<Turn> queue = new LinkedHashSet<>();
  private int allPages;

  ReadLimits(int maxReads, int maxPages) {
    this.reads = new TenantLimit("reads", maxReads, share(maxReads, TENANT_SHARE));
    this.maxPages = maxPages;
  }

  /** The position of a page in the queue. */
  private static final class Turn {
    private final ServiceRequestContext ctx;
    private final String tenant;
    private final Peer connection;
    private final CompletableFuture<Void> granted = new CompletableFuture<>();

    Turn(ServiceRequestContext ctx, String tenant) {
      this.ctx = ctx;
      this.tenant = tenant;
      this.connection = Connections.peer(ctx);
    }
  }

  /**
   * Reads within the tenant's limit.
   *
   * @throws Problem 429 if the tenant has too many reads, 503 if all tenants together do
   */
  <T> CompletableFuture<T> read(String tenant, Supplier<CompletableFuture<T>> read) {
    reads.acquire(tenant);
    return started(read).whenComplete((done, failure) -> reads.release(tenant));
  }

  /** Reads a page within the limits of the request's tenant and connection. */
  <T> CompletableFuture<T> page(
      ServiceRequestContext ctx, String tenant, Supplier<CompletableFuture<T>> read) {
    return read(
        tenant,
        () -> {
          Turn turn = new Turn(ctx, tenant);
          synchronized (this) {
            queue.add(turn);
          }
          grant();
          return turn.granted.thenCompose(granted -> granted(turn, read));
        });
  }

  private <T> CompletableFuture<T> granted(Turn turn, Supplier<CompletableFuture<T>> read) {
    CompletableFuture<T> page =
        turn.ctx.isCancelled()
            ? CompletableFuture.failedFuture(Problem.unavailable("the request timed out"))
            : started(read);
    var unused =
        page.handle((done, failure) -> true)
            .thenCombine(
                turn.ctx.log().whenAvailable(RequestLogProperty.RESPONSE_HEADERS),
                (ended, written) -> ended)
            .whenComplete((done, failure) -> end(turn));
    return page;
  }

  private void end(Turn turn) {
    synchronized (this) {
      change(turn, -1);
    }
    grant();
  }

  private void grant() {
    List<Turn> next = new ArrayList<>();
    synchronized (this) {
      Iterator<Turn> queued = queue.iterator();
      while (queued.hasNext() && allPages < maxPages) {
        Turn turn = queued.next();
        if (hasCapacity(turn)) {
          queued.remove();
          next.add(turn);
          change(turn, 1);
        }
      }
    }
    // Not here: a read that completes at once would grant the next turn, and so on.
    next.forEach(turn -> turn.ctx.eventLoop().execute(() -> turn.granted.complete(null)));
  }

  private boolean hasCapacity(Turn turn) {
    return pages.getOrDefault(turn.tenant, 0) < share(maxPages, TENANT_SHARE)
        // A trusted proxy's connection is shared.
        && (turn.connection.address() == null
            || pages.getOrDefault(turn.connection, 0) < share(maxPages, CONNECTION_SHARE));
  }

  private void change(Turn turn, int by) {
    allPages += by;
    for (Object holder : List.of(turn.tenant, turn.connection)) {
      pages.merge(holder, by, (a, b) -> a + b == 0 ? null : a + b);
    }
  }

  private static <T> CompletableFuture<T> started(Supplier<CompletableFuture<T>> read) {
    try {
      return read.get();
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  private static int share(int all, int part) {
    return Math.max(1, all / part);
  }
}
