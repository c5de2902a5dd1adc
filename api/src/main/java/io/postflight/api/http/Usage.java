package io.postflight.api.http;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Bytes in use, as a tree: all, then tenants, addresses and connections. Children that have bytes
 * that could still be freed are in a binary heap, the largest first, so the largest holder is found
 * along one path. A change costs O(depth * log children), whatever the number of connections, and
 * allocates nothing: each child knows its position in the heap.
 *
 * <p>Not thread-safe.
 */
final class Usage {
  private final @Nullable Usage parent;
  private final Object key;
  private final long max;
  private final String reason;
  private final long number;
  private final Map<Object, Usage> children = new HashMap<>();

  /** The child at {@code i} is larger than those at {@code 2 * i + 1} and {@code 2 * i + 2}. */
  private @Nullable Usage[] heap = {};

  private int heapSize;

  /** In the heap of the parent; -1: not in it. */
  private int position = -1;

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
    while (node.heapSize == 1) {
      node = node.at(0);
    }
    return node.heapSize == 0;
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
      node.used += ofUsed;
      node.evicted += ofEvicted;
      if (node.parent != null) {
        node.parent.changed(node);
      }
    }
  }

  /** Restores the order of the heap after a child has changed. */
  private void changed(Usage child) {
    int at = child.position;
    if (child.evictable() > 0) {
      if (at < 0) {
        at = heapSize++;
        heap = at < heap.length ? heap : Arrays.copyOf(heap, Math.max(2, 2 * at));
      }
      siftDown(child, siftUp(child, at));
    } else if (at >= 0) {
      child.position = -1;
      heapSize--;
      Usage last = at(heapSize);
      heap[heapSize] = null;
      if (last != child) {
        siftDown(last, siftUp(last, at));
      }
    }
  }

  /** Moves a child towards the first from a free place; returns the place it could have. */
  private int siftUp(Usage child, int from) {
    int at = from;
    while (at > 0 && child.isLargerThan(at((at - 1) / 2))) {
      put(at((at - 1) / 2), at);
      at = (at - 1) / 2;
    }
    return at;
  }

  /** Moves a child away from the first, from a free place, and puts it there. */
  private void siftDown(Usage child, int from) {
    int at = from;
    int next = largerChildOf(at);
    while (next < heapSize && at(next).isLargerThan(child)) {
      put(at(next), at);
      at = next;
      next = largerChildOf(at);
    }
    put(child, at);
  }

  private int largerChildOf(int at) {
    int left = 2 * at + 1;
    return left + 1 < heapSize && at(left + 1).isLargerThan(at(left)) ? left + 1 : left;
  }

  private void put(Usage child, int at) {
    heap[at] = child;
    child.position = at;
  }

  private Usage at(int place) {
    return Objects.requireNonNull(heap[place]);
  }

  /** The oldest of several of one size is the largest. */
  private boolean isLargerThan(Usage other) {
    return evictable() != other.evictable()
        ? evictable() > other.evictable()
        : number < other.number;
  }

  /** What can be evicted of the child that uses most. */
  long evictableOfLargestChild() {
    return heapSize == 0 ? 0 : at(0).evictable();
  }

  /** The leaf that uses most, of the child that uses most; null if none can be evicted. */
  @Nullable Usage largest() {
    Usage node = this;
    while (node.heapSize > 0) {
      node = node.at(0);
    }
    return node == this ? null : node;
  }
}
