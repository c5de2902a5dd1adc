package io.postflight.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** A state store that can be rolled back to its last commit. */
public final class SimulatedStore<K extends Comparable<K>, V> implements KeyValueStore<K, V> {
  private final String name;
  private NavigableMap<K, V> committed = new TreeMap<>();
  private NavigableMap<K, V> entries = new TreeMap<>();

  /** Creates an empty store. */
  public SimulatedStore(String name) {
    this.name = name;
  }

  void commit() {
    committed = new TreeMap<>(entries);
  }

  void rollBack() {
    entries = new TreeMap<>(committed);
  }

  /** Loses all entries with this key prefix, as if they were missing in the changelog. */
  void lose(String prefix) {
    entries.keySet().removeIf(key -> key.toString().startsWith(prefix));
  }

  /** Whether the store is empty. */
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  @Override
  public void put(K key, @Nullable V value) {
    if (value == null) {
      entries.remove(key);
    } else {
      entries.put(key, value);
    }
  }

  @Override
  public @Nullable V putIfAbsent(K key, V value) {
    return entries.putIfAbsent(key, value);
  }

  @Override
  public void putAll(List<KeyValue<K, V>> all) {
    all.forEach(entry -> put(entry.key, entry.value));
  }

  @Override
  public @Nullable V delete(K key) {
    return entries.remove(key);
  }

  @Override
  public @Nullable V get(K key) {
    return entries.get(key);
  }

  @Override
  public KeyValueIterator<K, V> range(@Nullable K from, @Nullable K to) {
    NavigableMap<K, V> range = from == null ? entries : entries.tailMap(from, true);
    return new StoreIterator<>(to == null ? range : range.headMap(to, true));
  }

  @Override
  public KeyValueIterator<K, V> all() {
    return new StoreIterator<>(entries);
  }

  @Override
  public long approximateNumEntries() {
    return entries.size();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {}

  @Override
  public void close() {}

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  /** A snapshot, as iterators of the real stores are. */
  private static final class StoreIterator<K, V> implements KeyValueIterator<K, V> {
    private final List<Map.Entry<K, V>> snapshot;
    private int next;

    StoreIterator(Map<K, V> entries) {
      snapshot = new ArrayList<>(entries.entrySet().stream().map(Map.Entry::copyOf).toList());
    }

    @Override
    public boolean hasNext() {
      return next < snapshot.size();
    }

    @Override
    public KeyValue<K, V> next() {
      Map.Entry<K, V> entry = snapshot.get(next++);
      return KeyValue.pair(entry.getKey(), entry.getValue());
    }

    @Override
    public K peekNextKey() {
      return snapshot.get(next).getKey();
    }

    @Override
    public void close() {}
  }
}
