package io.postflight.topology.lifecycle;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.LifecycleCommand;
import io.postflight.topology.ledger.LifecyclePartitioner;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The user commands that this partition forwards to the tiers, and who has acknowledged each.
 *
 * <p>Invariant: once every partition of {@code events} has acknowledged a command, all records that
 * any of them sent before it took the command in are in the tiers' topics. A partition sends its
 * acknowledgement in the transaction that takes the command in, and a producer has all its records
 * appended before its transaction is committed; the acknowledgement is read once it is committed.
 * What is sent from here on is therefore appended behind these records.
 *
 * <p>A command that is not awaited any more, or never was, ignores acknowledgements. One that is
 * still awaited when the ledger lets it go is dropped with its marks.
 */
final class Acknowledgements {
  static final String AWAITED = "a|";

  private final KeyValueStore<String, LifecycleCommand> store;
  private final int partition;
  private final int partitions;

  /**
   * @param store of the task's marks, which are kept as long
   * @param partition of the task
   * @param partitions how many there are
   */
  Acknowledgements(KeyValueStore<String, LifecycleCommand> store, int partition, int partitions) {
    this.store = store;
    this.partition = partition;
    this.partitions = partitions;
  }

  /** What this partition sends once it has taken a user's command in. */
  LifecycleCommand ofThisPartition(Erasure command, Collection<String> tiers) {
    return new LifecycleCommand(command, List.of(partition), union(tiers, List.of()));
  }

  /** Awaits the acknowledgements of a new user's command if it is forwarded from here. */
  void await(Erasure command) {
    if (LifecyclePartitioner.forwardedBy(command, partitions) == partition) {
      store.put(AWAITED + command.getId(), new LifecycleCommand(command, List.of(), List.of()));
    }
  }

  /**
   * Takes an acknowledgement in.
   *
   * @return the command with all tiers that any partition knows, if this was the last partition
   *     that it waited for; null: there is nothing to be forwarded
   */
  @Nullable LifecycleCommand take(LifecycleCommand acknowledgement) {
    String key = AWAITED + acknowledgement.getCommand().getId();
    LifecycleCommand awaited = store.get(key);
    if (awaited == null) {
      return null;
    }
    LifecycleCommand all =
        new LifecycleCommand(
            awaited.getCommand(),
            union(awaited.getAcknowledgedBy(), acknowledgement.getAcknowledgedBy()),
            union(awaited.getTiers(), acknowledgement.getTiers()));
    if (all.getAcknowledgedBy().size() < partitions) {
      store.put(key, all);
      return null;
    }
    store.delete(key);
    return all;
  }

  private static <T extends Comparable<T>> List<T> union(Collection<T> some, Collection<T> more) {
    TreeSet<T> all = new TreeSet<>(some);
    all.addAll(more);
    return List.copyOf(all);
  }
}
