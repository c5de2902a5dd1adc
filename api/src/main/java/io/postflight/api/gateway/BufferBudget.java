package io.postflight.api.gateway;

import io.postflight.api.http.Connections.Peer;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits the buffered bytes of unanswered requests: in total, and per connection (an eighth),
 * address (a quarter) and tenant (a half). Without the total a slow Kafka would fill the heap;
 * without the shares one sender would use up the budget of all.
 *
 * <p>At capacity, a body that is still arriving is evicted: one of the connection that holds the
 * most, if more than the requesting connection would hold; otherwise the oldest, if older than
 * {@link #SLOW_NANOS}. So stalled bodies do not block others, not even of the same address. An
 * eviction is linear in the number of connections with an arriving body.
 */
final class BufferBudget {
  /** Cost of a request besides its body. */
  static final int OVERHEAD = 2048;

  /** Bodies normally arrive faster. */
  static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final long max;
  private final long maxOfConnection;
  private final long maxOfAddress;
  private final long maxOfTenant;
  private final LongSupplier nanoTime;

  /** Guarded by this, like everything below and in the shares. */
  private long held;

  private final Map<Object, Long> heldBy = new HashMap<>();

  /** Shares of arriving bodies, by connection, oldest first. */
  private final Map<Peer, Set<Share>> arriving = new HashMap<>();

  /** Creates a budget whose shares admit at least one body of the maximum size. */
  BufferBudget(long maxBytes, long maxBodyBytes, LongSupplier nanoTime) {
    this.max = maxBytes;
    long least = maxBodyBytes + OVERHEAD;
    this.maxOfConnection = Math.max(least, maxBytes / 8);
    this.maxOfAddress = Math.max(least, maxBytes / 4);
    this.maxOfTenant = Math.max(least, maxBytes / 2);
    this.nanoTime = nanoTime;
  }

  /** Opens an empty share for a request. */
  Share open(Peer peer, String tenant) {
    Object address = peer.address();
    Holder ofTenant = new Holder(tenant, maxOfTenant);
    return new Share(
        peer,
        address == null
            ? List.of(new Holder(peer, max), ofTenant)
            : List.of(
                new Holder(peer, maxOfConnection), new Holder(address, maxOfAddress), ofTenant));
  }

  synchronized long held() {
    return held;
  }

  private record Holder(Object key, long max) {}

  /** The bytes of one request. */
  final class Share implements AutoCloseable {
    private final Peer peer;
    private final List<Holder> holders;
    private final long openedAt = nanoTime.getAsLong();
    private long bytesHeld;
    private boolean closed;
    private @Nullable Runnable eviction;

    private Share(Peer peer, List<Holder> holders) {
      this.peer = peer;
      this.holders = holders;
    }

    /** Marks the body as arriving and evictable. */
    void arriving(Runnable onEviction) {
      synchronized (BufferBudget.this) {
        eviction = onEviction;
        arriving.computeIfAbsent(peer, of -> new LinkedHashSet<>()).add(this);
      }
    }

    /** Marks the body as complete. */
    void arrived() {
      synchronized (BufferBudget.this) {
        endArrival();
      }
    }

    /** Acquires bytes; false at capacity. */
    boolean grow(long bytes) {
      synchronized (BufferBudget.this) {
        if (closed) {
          return false;
        }
        while (held + bytes > max) {
          if (!evictOne(null, bytes)) {
            return false;
          }
        }
        for (Holder holder : holders) {
          while (heldBy.getOrDefault(holder.key(), 0L) + bytes > holder.max()) {
            if (!evictOne(holder, bytes)) {
              return false;
            }
          }
        }
        add(bytes);
        return true;
      }
    }

    /** Releases bytes. */
    void shrink(long bytes) {
      synchronized (BufferBudget.this) {
        if (!closed) {
          add(-bytes);
        }
      }
    }

    /** Releases everything, once. */
    @Override
    public void close() {
      synchronized (BufferBudget.this) {
        closed = true;
        endArrival();
        add(-bytesHeld);
      }
    }

    private void endArrival() {
      arriving.computeIfPresent(
          peer,
          (of, shares) -> {
            shares.remove(this);
            return shares.isEmpty() ? null : shares;
          });
    }

    /** Evicts another arriving body, of the given holder if not null. */
    private boolean evictOne(@Nullable Holder within, long bytes) {
      Share largest = null;
      Share oldest = null;
      long most = heldBy.getOrDefault(peer, 0L) + bytes;
      for (Set<Share> ofConnection : arriving.values()) {
        Share first = firstOf(ofConnection, within);
        if (first != null) {
          long holds = heldBy.getOrDefault(first.peer, 0L);
          if (first.peer != peer && holds > most) {
            most = holds;
            largest = first;
          }
          oldest = oldest == null || first.openedAt - oldest.openedAt < 0 ? first : oldest;
        }
      }
      if (largest == null
          && oldest != null
          && nanoTime.getAsLong() - oldest.openedAt > SLOW_NANOS) {
        largest = oldest;
      }
      if (largest == null || largest.eviction == null) {
        return false;
      }
      largest.close();
      largest.eviction.run();
      return true;
    }

    private @Nullable Share firstOf(Set<Share> shares, @Nullable Holder within) {
      for (Share share : shares) {
        if (share != this && (within == null || share.holders.contains(within))) {
          return share;
        }
      }
      return null;
    }

    private void add(long bytes) {
      bytesHeld += bytes;
      held += bytes;
      for (Holder holder : holders) {
        heldBy.compute(
            holder.key(),
            (key, now) -> {
              long then = (now == null ? 0 : now) + bytes;
              return then == 0 ? null : then;
            });
      }
    }
  }
}
