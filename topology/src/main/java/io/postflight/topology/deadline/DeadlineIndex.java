package io.postflight.topology.deadline;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Which life falls due when, ordered by time.
 *
 * <p>What has fired is deleted, and in a log-structured store a scan walks over what was deleted
 * before it finds what is there. So the index remembers how far it has fired and scans from there;
 * an entry put below that point moves it down. The point lives in memory only: after a restart the
 * first scan begins at the beginning, once.
 */
public final class DeadlineIndex {
  private static final byte[] PRESENT = {1};

  private final KeyValueStore<Bytes, byte[]> store;
  private Bytes scanFrom = DeadlineKeys.floor(0);

  /**
   * @param store a persistent store ordered by the bytes of its keys, this task's own
   */
  public DeadlineIndex(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  /** One entry: a life and when it falls due, epoch milliseconds. */
  public record Due(long deadline, String lifeKey) {}

  /** Has the life fall due at the deadline. */
  public void put(long deadline, String lifeKey) {
    Bytes key = DeadlineKeys.of(deadline, lifeKey);
    store.put(key, PRESENT);
    if (key.compareTo(scanFrom) < 0) {
      scanFrom = key;
    }
  }

  /** Takes the entry out; nothing happens if it is not there. */
  public void remove(long deadline, String lifeKey) {
    // Unlike delete(), this does not read the value first: RocksDB would look for it on the disk.
    store.put(DeadlineKeys.of(deadline, lifeKey), null);
  }

  /** Whether an entry may be due at a moment; false: there is certainly none. */
  public boolean mayBeDue(long asOf) {
    return asOf >= scanFrom();
  }

  /**
   * The entries due at a moment, earliest first. They stay until they are {@link #remove removed};
   * the caller removes each before it asks again.
   *
   * @param asOf epoch milliseconds; what is due then, or was earlier, is given
   * @param limit at most so many
   */
  public List<Due> due(long asOf, int limit) {
    if (!mayBeDue(asOf)) {
      return List.of();
    }
    List<Due> due = new ArrayList<>(limit);
    Bytes end = DeadlineKeys.floor(asOf + 1);
    try (KeyValueIterator<Bytes, byte[]> entries = store.range(scanFrom, end)) {
      while (due.size() < limit && entries.hasNext()) {
        Bytes key = entries.next().key;
        due.add(new Due(DeadlineKeys.deadline(key), DeadlineKeys.lifeKey(key)));
        scanFrom = key;
      }
    }
    if (due.size() < limit) {
      scanFrom = end;
    }
    return due;
  }

  /** From where the next scan goes, epoch milliseconds. */
  long scanFrom() {
    return DeadlineKeys.deadline(scanFrom);
  }
}
