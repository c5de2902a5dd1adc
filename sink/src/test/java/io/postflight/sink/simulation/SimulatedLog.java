package io.postflight.sink.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A topic and the consumer group that reads it. Offsets have gaps, where a real log has transaction
 * markers. A member that was removed from the group notices at its next poll and continues until
 * then; only its commits are rejected.
 */
public final class SimulatedLog {
  /** A member of the group. */
  public interface Member {
    /** Its name. */
    String name();
  }

  /**
   * A record.
   *
   * @param partition its partition
   * @param offset its offset
   * @param content number of its content
   */
  public record Entry(int partition, long offset, int content) {}

  /** A commit by a member to which the partition is not assigned. */
  public static final class FencedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FencedException(String message) {
      super(message);
    }
  }

  private final World world;
  private final HistoryOracle oracle;
  private final List<List<Entry>> partitions = new ArrayList<>();
  private final List<Entry> all = new ArrayList<>();
  private final long[] ends;
  private final long[] committed;
  private final List<Member> members = new ArrayList<>();
  private final Map<Integer, Member> owners = new TreeMap<>();
  private final Map<Integer, Member> targets = new TreeMap<>();

  /** Creates an empty topic. */
  public SimulatedLog(World world, HistoryOracle oracle, int count) {
    this.world = world;
    this.oracle = oracle;
    this.ends = new long[count];
    this.committed = new long[count];
    for (int i = 0; i < count; i++) {
      partitions.add(new ArrayList<>());
      ends[i] = committed[i] = world.chance(0.5) ? 0 : world.between(1, 1_000);
    }
  }

  /** Number of partitions. */
  public int partitions() {
    return ends.length;
  }

  /** Appends a record, sometimes followed by a transaction marker. */
  public long append(int partition, int content) {
    long offset = ends[partition];
    Entry entry = new Entry(partition, offset, content);
    partitions.get(partition).add(entry);
    all.add(entry);
    ends[partition] = offset + (world.chance(0.2) ? world.between(2, 4) : 1);
    return offset;
  }

  /** Every record of every partition, in the order in which they were appended. */
  public List<Entry> all() {
    return all;
  }

  /** Records from an offset on. */
  public List<Entry> fetch(int partition, long from, int most) {
    List<Entry> entries = partitions.get(partition);
    int first = entries.size();
    while (first > 0 && entries.get(first - 1).offset() >= from) {
      first--;
    }
    return entries.subList(first, Math.min(first + most, entries.size()));
  }

  /** The offset after the last record and its markers. */
  public long end(int partition) {
    return ends[partition];
  }

  /** The committed offset. */
  public long committed(int partition) {
    return committed[partition];
  }

  /** Whether all is committed. Markers at the very end need not be. */
  public boolean allCommitted() {
    for (int p = 0; p < ends.length; p++) {
      List<Entry> entries = partitions.get(p);
      if (!entries.isEmpty() && committed[p] <= entries.get(entries.size() - 1).offset()) {
        return false;
      }
    }
    return true;
  }

  /** Committed offsets, human-readable. */
  public String describe() {
    return "committed " + Arrays.toString(committed) + " of " + Arrays.toString(ends);
  }

  /** Adds a member. */
  public void join(Member member) {
    members.add(member);
    rebalance();
  }

  /** Removes a member, which is not notified. */
  public void evict(Member member) {
    if (members.remove(member)) {
      owners.values().removeIf(member::equals);
      world.note("evicted " + member.name(), 0, 0);
      rebalance();
    }
  }

  /** Whether a member belongs to the group. */
  public boolean isMember(Member member) {
    return members.contains(member);
  }

  /** Assigns the partitions again, at random. */
  public void rebalance() {
    targets.clear();
    if (members.isEmpty()) {
      return;
    }
    int first = world.below(members.size());
    for (int p = 0; p < ends.length; p++) {
      targets.put(p, members.get((first + p) % members.size()));
    }
  }

  /** The partitions that a member has to revoke. */
  public Set<Integer> toRevoke(Member member) {
    Set<Integer> revoked = new TreeSet<>();
    owners.forEach(
        (partition, owner) -> {
          if (owner == member && targets.get(partition) != member) {
            revoked.add(partition);
          }
        });
    return revoked;
  }

  /** A member has revoked partitions. */
  public void release(Member member, Collection<Integer> some) {
    some.forEach(partition -> owners.remove(partition, member));
  }

  /** Assigns free partitions to a member. */
  public Set<Integer> assign(Member member) {
    Set<Integer> got = new TreeSet<>();
    targets.forEach(
        (partition, target) -> {
          if (target == member && !owners.containsKey(partition)) {
            owners.put(partition, member);
            got.add(partition);
          }
        });
    return got;
  }

  /**
   * Commits, all or nothing.
   *
   * @throws FencedException if one of the partitions is not assigned to the member
   */
  public void commit(Member member, Map<Integer, Long> offsets) {
    offsets.forEach(
        (partition, offset) -> {
          oracle.verify(member.name(), partition, offset);
          if (owners.get(partition) != member) {
            throw new FencedException(member.name() + " does not have partition " + partition);
          }
        });
    offsets.forEach(
        (partition, offset) -> {
          committed[partition] = offset;
          world.note("commit " + member.name(), partition, offset);
        });
  }
}
