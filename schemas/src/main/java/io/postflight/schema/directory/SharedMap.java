package io.postflight.schema.directory;

import java.util.AbstractCollection;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A persistent (immutable) map with structural sharing. The entries are distributed over a fixed
 * number of small hash maps; a draft copies the array of them once, and each small map that it
 * changes once. So a change of a map of a million entries copies some 250 entries, a batch of
 * changes fewer per change, and a lookup needs one step more than in a plain hash map. A hash trie
 * would copy less, but needs more memory and more code.
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

  MapDraft<V> draft() {
    return new MapDraft<>(this);
  }

  /** Uses the high bits of the hash, since the small maps use the low ones. */
  private static int segment(String key) {
    return (key.hashCode() * 0x9E3779B9) >>> (Integer.SIZE - 12);
  }

  /** Builder of a new version; used by one thread, and usable again after {@link #done}. */
  static final class MapDraft<V> {
    private final Map<String, V>[] segments;
    private final boolean[] own = new boolean[SEGMENTS];
    private int size;

    private MapDraft(SharedMap<V> base) {
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
