package io.postflight.topology.deadline;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Deadlines of messages, ordered by time. A key consists of the deadline in 8 bytes, big-endian,
 * and the key of the message's state in UTF-8; deadlines are not negative, so the order of the
 * bytes is the order of time.
 *
 * <p>Fired entries are deleted, and a scan of a log-structured store has to skip deleted entries.
 * So the index keeps the position up to which it has fired, and scans from there; an entry put
 * below that position moves it back. A scan costs as much as firing several entries, so it reads
 * ahead. Position and read entries are kept in memory only: after a restart the first scan starts
 * at the beginning.
 */
public final class DeadlineIndex {
  private static final byte[] PRESENT = {1};
  private static final int READ_AHEAD = 512;

  private final KeyValueStore<Bytes, byte[]> store;

  /** Entries before {@link #scanFrom} that were read and not yet returned. */
  private final Deque<Due> read = new ArrayDeque<>();

  private Bytes scanFrom = floor(0);

  /**
   * @param store a persistent store ordered by the bytes of its keys, this task's own
   */
  public DeadlineIndex(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  /** An entry: a deadline in epoch milliseconds, and the key of the message's state. */
  public record Due(long deadline, String key) {}

  /** Adds an entry. */
  public void put(long deadline, String lifecycleKey) {
    Bytes key = key(deadline, lifecycleKey);
    store.put(key, PRESENT);
    if (key.compareTo(scanFrom) < 0) {
      Bytes next = read.isEmpty() ? key : key(read.element().deadline(), read.element().key());
      scanFrom = key.compareTo(next) < 0 ? key : next;
      read.clear();
    }
  }

  /** Removes an entry, if it is present. */
  public void remove(long deadline, String lifecycleKey) {
    // Unlike delete(), this does not read the old value from RocksDB first.
    store.put(key(deadline, lifecycleKey), null);
  }

  /** Whether an entry may be due at a time; if false, there is none. */
  public boolean mayBeDue(long asOf) {
    return asOf >= earliest();
  }

  /**
   * The entries due at a time, earliest first. They remain in the index until they are {@link
   * #remove removed}; the caller removes each of them before the next call. An entry that was
   * removed already may be returned if it was read ahead.
   *
   * @param asOf epoch milliseconds; entries with this or an earlier deadline are returned
   * @param limit maximum number of entries
   */
  public List<Due> due(long asOf, int limit) {
    List<Due> due = new ArrayList<>(limit);
    while (due.size() < limit && mayBeDue(asOf)) {
      if (read.isEmpty()) {
        read(asOf);
      } else {
        due.add(read.remove());
      }
    }
    return due;
  }

  private void read(long asOf) {
    Bytes end = floor(asOf + 1);
    try (KeyValueIterator<Bytes, byte[]> entries = store.range(scanFrom, end)) {
      while (read.size() < READ_AHEAD && entries.hasNext()) {
        Bytes key = entries.next().key;
        read.add(new Due(deadline(key), lifecycleKey(key)));
        scanFrom = after(key);
      }
    }
    if (read.size() < READ_AHEAD) {
      scanFrom = end;
    }
  }

  /** The earliest deadline that may be present, epoch milliseconds. */
  long earliest() {
    return read.isEmpty() ? deadline(scanFrom) : read.element().deadline();
  }

  private static Bytes key(long deadline, String lifecycleKey) {
    byte[] key = lifecycleKey.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + key.length);
    bytes.putLong(Math.max(0, deadline)).put(key);
    return Bytes.wrap(bytes.array());
  }

  /** Sorts before every key of this deadline, and after every key of an earlier one. */
  private static Bytes floor(long deadline) {
    return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(Math.max(0, deadline)).array());
  }

  private static Bytes after(Bytes key) {
    return Bytes.wrap(Arrays.copyOf(key.get(), key.get().length + 1));
  }

  private static long deadline(Bytes key) {
    return ByteBuffer.wrap(key.get()).getLong();
  }

  private static String lifecycleKey(Bytes key) {
    byte[] bytes = key.get();
    return new String(Arrays.copyOfRange(bytes, Long.BYTES, bytes.length), StandardCharsets.UTF_8);
  }
}
