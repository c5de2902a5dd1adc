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
 * How many bytes of requests not yet answered may be held: all together, and of them by one
 * connection (an eighth), one address (a quarter) and one tenant (a half). Connections are many and
 * a body may be megabytes: without one bound over all of them a slow Kafka would fill the heap, and
 * without shares one sender would fill the budget of all.
 *
 * <p>Where there is no room, a body that is still arriving makes it: one of the connection that
 * holds the most, if that is more than the connection that asks would hold then; otherwise the one
 * that has been arriving for the longest time, if that is more than {@link #SLOW_NANOS}. So bodies
 * that stall do not keep out others, of the same address neither. Looking for it costs a step for
 * each connection with a body that is arriving.
 */
final class BufferBudget {
  /** What a request costs beside its body. */
  static final int OVERHEAD = 2048;

  /** A body arrives within less. */
  static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final long max;
  private final long maxOfConnection;
  private final long maxOfAddress;
  private final long maxOfTenant;
  private final LongSupplier nanoTime;

  /** Guarded by this, as is all below and in the shares. */
  private long held;

  private final Map<Object, Long> heldBy = new HashMap<>();

  /** Shares of bodies that are still arriving, by connection, the oldest of each first. */
  private final Map<Peer, Set<Share>> arriving = new HashMap<>();

  /** With this much room, and in each share for at least one body of the largest size. */
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

  /** One request's part. */
  final class Share implements AutoCloseable {
    private final Peer peer;
    private final List<Holder> holders;
    private final long openedAt = nanoTime.getAsLong();
    private long mine;
    private boolean closed;
    private @Nullable Runnable eviction;

    private Share(Peer peer, List<Holder> holders) {
      this.peer = peer;
      this.holders = holders;
    }

    /** Its body arrives from now on; what to do if it has to make room meanwhile. */
    void arriving(Runnable onEviction) {
      synchronized (BufferBudget.this) {
        eviction = onEviction;
        arriving.computeIfAbsent(peer, of -> new LinkedHashSet<>()).add(this);
      }
    }

    /** Its body is there. */
    void arrived() {
      synchronized (BufferBudget.this) {
        endArrival();
      }
    }

    /** Takes so many bytes more; false if there is no room for them. */
    boolean grow(long bytes) {
      synchronized (BufferBudget.this) {
        if (closed) {
          return false;
        }
        while (held + bytes > max) {
          if (!makeRoom(null, bytes)) {
            return false;
          }
        }
        for (Holder holder : holders) {
          while (heldBy.getOrDefault(holder.key(), 0L) + bytes > holder.max()) {
            if (!makeRoom(holder, bytes)) {
              return false;
            }
          }
        }
        add(bytes);
        return true;
      }
    }

    /** Gives so many bytes back. */
    void shrink(long bytes) {
      synchronized (BufferBudget.this) {
        if (!closed) {
          add(-bytes);
        }
      }
    }

    /** Gives everything back; once. */
    @Override
    public void close() {
      synchronized (BufferBudget.this) {
        closed = true;
        endArrival();
        add(-mine);
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

    /** Ends the arrival of another body, one that counts for a holder if there is one. */
    private boolean makeRoom(@Nullable Holder within, long bytes) {
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
      mine += bytes;
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
