package io.postflight.api.http;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Bytes in use, as a tree: all, then tenants, addresses and connections. Children are ordered by
 * the bytes that could still be freed, so the largest holder is found along one path. A change, or
 * a search, costs O(depth * log children), whatever the number of connections.
 *
 * <p>Not thread-safe.
 */
final class Usage {
  /** The oldest of several of one size is the largest. */
  private static final Comparator<Usage> BY_SIZE =
      Comparator.comparingLong(Usage::evictable).thenComparingLong(node -> -node.number);

  private final @Nullable Usage parent;
  private final Object key;
  private final long max;
  private final String reason;
  private final long number;
  private final Map<Object, Usage> children = new HashMap<>();
  private final TreeSet<Usage> bySize = new TreeSet<>(BY_SIZE);
  private long created;
  private long used;
  private long evicted;
  private boolean beingFreed;
  private boolean detached;

  private Usage(@Nullable Usage parent, Object key, long max, String reason, long number) {
    this.parent = parent;
    this.key = key;
    this.max = max;
    this.reason = reason;
    this.number = number;
  }

  /**
   * The root of a tree.
   *
   * @param max above it the largest holder is evicted
   * @param reason of that eviction
   */
  static Usage root(long max, String reason) {
    return new Usage(null, reason, max, reason, 0);
  }

  /** The child with this key, which is created if there is none. */
  Usage child(Object childKey, long childMax, String childReason) {
    return children.computeIfAbsent(
        childKey, of -> new Usage(this, of, childMax, childReason, created++));
  }

  /** A leaf. */
  Usage leaf(Object holder) {
    return child(holder, Long.MAX_VALUE, reason);
  }

  @Nullable Usage parent() {
    return parent;
  }

  Object key() {
    return key;
  }

  /** Why a holder below this is evicted. */
  String reason() {
    return reason;
  }

  /** All bytes below this, including those of evicted holders. */
  long used() {
    return used;
  }

  /** Bytes of holders that are not evicted yet. */
  long evictable() {
    return used - evicted;
  }

  boolean isExceeded() {
    return evictable() > max;
  }

  /**
   * Whether the limit is exceeded even without the evicted holders, which have not been freed yet:
   * nothing more may be acquired until they are.
   */
  boolean isExhausted() {
    return used > max + max / 2;
  }

  /** Whether a single connection below this holds all that can be evicted. */
  boolean hasOneHolder() {
    Usage node = this;
    while (node.bySize.size() == 1) {
      node = node.bySize.last();
    }
    return node.bySize.isEmpty();
  }

  /** Changes what a leaf uses; nothing if it is detached. */
  void add(long bytes) {
    if (!detached) {
      change(bytes, beingFreed ? bytes : 0);
    }
  }

  /**
   * Marks a leaf as evicted: it is not a candidate any more, but counts as used until it is
   * detached.
   */
  void evict() {
    beingFreed = true;
    change(0, evictable());
  }

  /** Removes a leaf; returns the bytes that it used. */
  long detach() {
    long last = used;
    if (!detached) {
      change(-used, -evicted);
      detached = true;
      for (Usage node = this; node.parent != null && node.children.isEmpty(); node = node.parent) {
        node.parent.children.remove(node.key);
      }
    }
    return last;
  }

  private void change(long ofUsed, long ofEvicted) {
    for (Usage node = this; node != null; node = node.parent) {
      if (node.parent != null) {
        node.parent.bySize.remove(node);
      }
      node.used += ofUsed;
      node.evicted += ofEvicted;
      if (node.parent != null && node.evictable() > 0) {
        node.parent.bySize.add(node);
      }
    }
  }

  /** What can be evicted of the child that uses most. */
  long evictableOfLargestChild() {
    return bySize.isEmpty() ? 0 : bySize.last().evictable();
  }

  /** The leaf that uses most, of the child that uses most; null if none can be evicted. */
  @Nullable Usage largest() {
    Usage node = this;
    while (!node.bySize.isEmpty()) {
      node = node.bySize.last();
    }
    return node == this ? null : node;
  }
}
