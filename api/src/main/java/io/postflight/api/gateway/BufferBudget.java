package io.postflight.api.gateway;

import io.postflight.api.http.Peer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
 * {@link #SLOW_NANOS}. So stalled bodies do not block others, not even of the same address.
 *
 * <p>Each limit keeps its connections ordered by size and its bodies by age: a change or an
 * eviction costs O(log connections).
 */
final class BufferBudget {
  /** Cost of a request besides its body. */
  static final int OVERHEAD = 2048;

  /** Bodies normally arrive faster. */
  static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final Comparator<Part> BY_SIZE =
      Comparator.comparingLong((Part part) -> part.held).thenComparingLong(part -> part.number);

  private final long maxOfConnection;
  private final long maxOfAddress;
  private final long maxOfTenant;
  private final LongSupplier nanoTime;

  /** Guarded by this, like everything below and in the shares. */
  private final BufferHolder all;

  /** Connections, addresses and tenants. */
  private final Map<Object, BufferHolder> holders = new HashMap<>();

  private long parts;

  /** Creates a budget whose shares admit at least one body of the maximum size. */
  BufferBudget(long maxBytes, long maxBodyBytes, LongSupplier nanoTime) {
    long least = maxBodyBytes + OVERHEAD;
    this.all = new BufferHolder(maxBytes);
    this.maxOfConnection = Math.max(least, maxBytes / 8);
    this.maxOfAddress = Math.max(least, maxBytes / 4);
    this.maxOfTenant = Math.max(least, maxBytes / 2);
    this.nanoTime = nanoTime;
  }

  /**
   * Opens an empty share for a request; it must be closed.
   *
   * @param client key of the client's address; null: not known, and not limited
   */
  synchronized Share open(Peer peer, @Nullable Object client, String tenant) {
    Share share = new Share(peer);
    share.join(null, all, peer);
    share.join(peer, holder(peer, peer.address() == null ? all.max : maxOfConnection), peer);
    if (client != null) {
      share.join(client, holder(client, maxOfAddress), peer);
    }
    share.join(tenant, holder(tenant, maxOfTenant), peer);
    return share;
  }

  private BufferHolder holder(Object key, long max) {
    return holders.computeIfAbsent(key, of -> new BufferHolder(max));
  }

  synchronized long held() {
    return all.held;
  }

  /** A connection, an address, a tenant, or all. */
  private static final class BufferHolder {
    private final long max;
    private final Map<Peer, Part> parts = new HashMap<>(2);

    /** Those with bodies that are still arriving. */
    private final TreeSet<Part> bySize = new TreeSet<>(BY_SIZE);

    /** The oldest first. */
    private Set<Share> arriving = Set.of();

    private long held;

    BufferHolder(long max) {
      this.max = max;
    }
  }

  /** The bytes of one connection within a holder. */
  private static final class Part {
    private final @Nullable Object key;
    private final BufferHolder holder;
    private final Peer peer;
    private final long number;

    /** The oldest first; most requests never get here, since their bodies arrive with them. */
    private Set<Share> arriving = Set.of();

    private long held;
    private int shares;

    Part(@Nullable Object key, BufferHolder holder, Peer peer, long number) {
      this.key = key;
      this.holder = holder;
      this.peer = peer;
      this.number = number;
    }

    void add(long bytes) {
      if (arriving.isEmpty()) {
        held += bytes;
      } else {
        holder.bySize.remove(this);
        held += bytes;
        holder.bySize.add(this);
      }
      holder.held += bytes;
    }

    void begin(Share share) {
      arriving = with(arriving, share);
      holder.arriving = with(holder.arriving, share);
      holder.bySize.add(this);
    }

    private static Set<Share> with(Set<Share> shares, Share share) {
      Set<Share> more = shares.isEmpty() ? new LinkedHashSet<>() : shares;
      more.add(share);
      return more;
    }

    void end(Share share) {
      arriving.remove(share);
      holder.arriving.remove(share);
      if (arriving.isEmpty()) {
        holder.bySize.remove(this);
      }
    }
  }

  /** The bytes of one request. */
  final class Share implements AutoCloseable {
    private final Peer peer;
    private final List<Part> mine = new ArrayList<>(4);
    private final long openedAt = nanoTime.getAsLong();
    private long held;
    private boolean closed;
    private @Nullable Runnable eviction;

    private Share(Peer peer) {
      this.peer = peer;
    }

    /** The connection of the request. */
    Peer peer() {
      return peer;
    }

    private void join(@Nullable Object key, BufferHolder holder, Peer peer) {
      Part part = holder.parts.computeIfAbsent(peer, of -> new Part(key, holder, of, parts++));
      part.shares++;
      mine.add(part);
    }

    /** Marks the body as arriving and evictable. */
    void arriving(Runnable onEviction) {
      synchronized (BufferBudget.this) {
        if (!closed && eviction == null) {
          eviction = onEviction;
          for (Part part : mine) {
            part.begin(this);
          }
        }
      }
    }

    /** Marks the body as complete. */
    void arrived() {
      synchronized (BufferBudget.this) {
        end();
      }
    }

    private void end() {
      if (eviction != null) {
        eviction = null;
        for (Part part : mine) {
          part.end(this);
        }
      }
    }

    /** Acquires bytes; false at capacity. */
    boolean grow(long bytes) {
      synchronized (BufferBudget.this) {
        if (closed) {
          return false;
        }
        for (Part part : mine) {
          while (part.holder.held + bytes > part.holder.max) {
            if (!evictOne(part, bytes)) {
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
        if (closed) {
          return;
        }
        closed = true;
        add(-held);
        end();
        for (Part part : mine) {
          part.shares--;
          if (part.shares == 0) {
            part.holder.parts.remove(part.peer);
          }
          if (part.key != null && part.holder.parts.isEmpty()) {
            holders.remove(part.key);
          }
        }
      }
    }

    /** Evicts another arriving body of the same holder. */
    private boolean evictOne(Part part, long bytes) {
      Share evicted = null;
      Part largest = part.holder.bySize.isEmpty() ? null : part.holder.bySize.last();
      if (largest != null && largest != part && largest.held > part.held + bytes) {
        evicted = largest.arriving.iterator().next();
      } else {
        Share oldest = oldestOther(part.holder.arriving);
        if (oldest != null && nanoTime.getAsLong() - oldest.openedAt > SLOW_NANOS) {
          evicted = oldest;
        }
      }
      Runnable onEviction = evicted == null ? null : evicted.eviction;
      if (evicted == null || onEviction == null) {
        return false;
      }
      evicted.close();
      onEviction.run();
      return true;
    }

    private @Nullable Share oldestOther(Set<Share> shares) {
      Iterator<Share> oldest = shares.iterator();
      while (oldest.hasNext()) {
        Share share = oldest.next();
        if (share != this) {
          return share;
        }
      }
      return null;
    }

    private void add(long bytes) {
      held += bytes;
      for (Part part : mine) {
        part.add(bytes);
      }
    }
  }
}
