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
 * markers. A member that was put out of the group learns it at its next poll, and until then works
 * on; only its commits are refused.
 */
public final class SimulatedLog {
  /** Somebody who polls. */
  public interface Member {
    /** Its name, for people. */
    String name();
  }

  /**
   * A record.
   *
   * @param partition where it stands
   * @param offset where it stands there
   * @param content what it is
   */
  public record Entry(int partition, long offset, int content) {}

  /** A commit by somebody who does not have the partition, or not any more. */
  public static final class FencedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FencedException(String message) {
      super(message);
    }
  }

  private final World world;
  private final Ledger ledger;
  private final List<List<Entry>> partitions = new ArrayList<>();
  private final List<Entry> all = new ArrayList<>();
  private final long[] ends;
  private final long[] committed;
  private final List<Member> members = new ArrayList<>();
  private final Map<Integer, Member> owners = new TreeMap<>();
  private final Map<Integer, Member> targets = new TreeMap<>();

  /** An empty topic. */
  public SimulatedLog(World world, Ledger ledger, int count) {
    this.world = world;
    this.ledger = ledger;
    this.ends = new long[count];
    this.committed = new long[count];
    for (int i = 0; i < count; i++) {
      partitions.add(new ArrayList<>());
      ends[i] = committed[i] = world.chance(0.5) ? 0 : world.between(1, 1_000);
    }
  }

  /** How many partitions it has. */
  public int partitions() {
    return ends.length;
  }

  /** Appends a record, perhaps with a marker behind it. */
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

  /** What is committed. */
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

  /** Offsets committed, for people. */
  public String describe() {
    return "committed " + Arrays.toString(committed) + " of " + Arrays.toString(ends);
  }

  /** Lets somebody in. */
  public void join(Member member) {
    members.add(member);
    rebalance();
  }

  /** Puts somebody out, who need not know of it. */
  public void evict(Member member) {
    if (members.remove(member)) {
      owners.values().removeIf(member::equals);
      world.note("evicted " + member.name(), 0, 0);
      rebalance();
    }
  }

  /** Whether somebody is in the group. */
  public boolean isMember(Member member) {
    return members.contains(member);
  }

  /** Gives the partitions out anew, by chance. */
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

  /** What a member has to give up. */
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

  /** A member has given partitions up. */
  public void release(Member member, Collection<Integer> some) {
    some.forEach(partition -> owners.remove(partition, member));
  }

  /** What a member gets now. */
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
   * @throws FencedException if the member does not have one of the partitions
   */
  public void commit(Member member, Map<Integer, Long> offsets) {
    offsets.forEach(
        (partition, offset) -> {
          ledger.judge(member.name(), partition, offset);
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
