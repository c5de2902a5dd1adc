package io.postflight.schema.directory;

import java.util.AbstractCollection;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map whose successor shares with it what has not changed. The entries are spread over
 * a fixed number of small hash maps; a draft copies the list of them once and each small map that
 * it touches once. So a change to a map of a million costs a copy of some 250 entries and a batch
 * of changes less than that each, while a look-up costs one step more than a plain hash map's. A
 * hash trie would copy less and cost more memory and more code.
 */
final class SharedMap<V> {
  private static final int SEGMENTS = 4096;

  private final Map<String, V>[] segments;
  private final int size;

  private SharedMap(Map<String, V>[] segments, int size) {
    this.segments = segments;
    this.size = size;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  static <V> SharedMap<V> empty() {
    Map[] segments = new Map[SEGMENTS];
    Arrays.fill(segments, Map.of());
    return new SharedMap<>(segments, 0);
  }

  @Nullable V get(String key) {
    return segments[segment(key)].get(key);
  }

  int size() {
    return size;
  }

  Collection<V> values() {
    return new AbstractCollection<>() {
      @Override
      public Iterator<V> iterator() {
        return Arrays.stream(segments).flatMap(segment -> segment.values().stream()).iterator();
      }

      @Override
      public int size() {
        return size;
      }
    };
  }

  Draft<V> draft() {
    return new Draft<>(this);
  }

  /** Spreads the high bits, since the small maps use the low ones again. */
  private static int segment(String key) {
    return (key.hashCode() * 0x9E3779B9) >>> (Integer.SIZE - 12);
  }

  /** A successor in the making; used by one thread, which may go on after {@link #done}. */
  static final class Draft<V> {
    private final Map<String, V>[] segments;
    private final boolean[] own = new boolean[SEGMENTS];
    private int size;

    private Draft(SharedMap<V> base) {
      segments = base.segments.clone();
      size = base.size;
    }

    @Nullable V get(String key) {
      return segments[segment(key)].get(key);
    }

    @Nullable V put(String key, V value) {
      V before = own(key).put(key, value);
      size += before == null ? 1 : 0;
      return before;
    }

    @Nullable V remove(String key) {
      if (get(key) == null) {
        return null;
      }
      size--;
      return own(key).remove(key);
    }

    SharedMap<V> done() {
      Arrays.fill(own, false);
      return new SharedMap<>(segments.clone(), size);
    }

    private Map<String, V> own(String key) {
      int segment = segment(key);
      if (!own[segment]) {
        segments[segment] = new HashMap<>(segments[segment]);
        own[segment] = true;
      }
      return segments[segment];
    }
  }
}
