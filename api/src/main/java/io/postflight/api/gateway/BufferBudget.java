package io.postflight.api.gateway;

import io.postflight.api.http.Connections.Peer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes of requests not yet answered may be held: all together, and of them by one
 * connection (an eighth), one address (a quarter) and one tenant (a half). Connections are many and
 * a body may be megabytes: without one bound over all of them a slow Kafka would fill the heap, and
 * without shares one sender would fill the budget of all.
 *
 * <p>Where there is no room, the body that has been arriving for the longest time makes it, if that
 * is more than {@link #SLOW_NANOS}: bodies that stall do not keep out others.
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

  /** Shares of bodies that are still arriving, the oldest first. */
  private final Set<Share> arriving = new LinkedHashSet<>();

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
    return new Share(
        address == null
            ? List.of(new Holder(tenant, maxOfTenant))
            : List.of(
                new Holder(peer, maxOfConnection),
                new Holder(address, maxOfAddress),
                new Holder(tenant, maxOfTenant)));
  }

  synchronized long held() {
    return held;
  }

  private record Holder(Object key, long max) {}

  /** One request's part. */
  final class Share implements AutoCloseable {
    private final List<Holder> holders;
    private final long openedAt = nanoTime.getAsLong();
    private long mine;
    private boolean closed;
    private @Nullable Runnable eviction;

    private Share(List<Holder> holders) {
      this.holders = holders;
    }

    /** Its body arrives from now on; what to do if it has to make room meanwhile. */
    void arriving(Runnable onEviction) {
      synchronized (BufferBudget.this) {
        eviction = onEviction;
        arriving.add(this);
      }
    }

    /** Its body is there. */
    void arrived() {
      synchronized (BufferBudget.this) {
        arriving.remove(this);
      }
    }

    /** Takes so many bytes more; false if there is no room for them. */
    boolean grow(long bytes) {
      synchronized (BufferBudget.this) {
        if (closed) {
          return false;
        }
        while (held + bytes > max) {
          if (!evict(arriving.stream())) {
            return false;
          }
        }
        for (Holder holder : holders) {
          while (heldBy.getOrDefault(holder.key(), 0L) + bytes > holder.max()) {
            if (!evict(arriving.stream().filter(share -> share.holders.contains(holder)))) {
              return false;
            }
          }
        }
        add(bytes);
        return true;
      }
    }

    /** Gives everything back; once. */
    @Override
    public void close() {
      synchronized (BufferBudget.this) {
        closed = true;
        arriving.remove(this);
        add(-mine);
      }
    }

    private boolean evict(Stream<Share> oldestFirst) {
      Iterator<Share> shares = oldestFirst.filter(share -> share != this).iterator();
      if (!shares.hasNext()) {
        return false;
      }
      Share oldest = shares.next();
      if (nanoTime.getAsLong() - oldest.openedAt <= SLOW_NANOS || oldest.eviction == null) {
        return false;
      }
      oldest.close();
      oldest.eviction.run();
      return true;
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
