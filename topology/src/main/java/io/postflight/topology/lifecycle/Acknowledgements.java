package io.postflight.topology.lifecycle;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.LifecycleCommand;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The user commands that this partition forwards to the tiers, and who has acknowledged each.
 *
 * <p>Invariant: once every partition of {@code events} has acknowledged a command, all records that
 * any of them sent before it received the command are in the tiers' topics. A partition sends its
 * acknowledgement in the transaction that processes the command, and all records of a transaction
 * are appended before it is committed; the acknowledgement is read only after the commit. Records
 * sent after that are therefore appended behind them.
 *
 * <p>Acknowledgements of a command that is not awaited are ignored. A command that is still awaited
 * when the ledger's retention ends is dropped together with the retained command.
 */
final class Acknowledgements {
  static final String AWAITED = "a|";

  private final KeyValueStore<String, LifecycleCommand> store;
  private final int partition;
  private final int partitions;

  /**
   * @param store of the task's retained commands, which have the same retention
   * @param partition of the task
   * @param partitions number of partitions of {@code events}
   */
  Acknowledgements(KeyValueStore<String, LifecycleCommand> store, int partition, int partitions) {
    this.store = store;
    this.partition = partition;
    this.partitions = partitions;
  }

  /** The acknowledgement that this partition sends for a user's command. */
  LifecycleCommand ofThisPartition(Erasure command, Collection<String> tiers) {
    return new LifecycleCommand(command, List.of(partition), union(tiers, List.of()), List.of());
  }

  /** Awaits the acknowledgements of a new user's command if this partition forwards it. */
  void await(Erasure command) {
    if (LifecyclePartitioner.forwardedBy(command, partitions) == partition) {
      store.put(
          AWAITED + command.getId(),
          new LifecycleCommand(command, List.of(), List.of(), List.of()));
    }
  }

  /**
   * Records an acknowledgement.
   *
   * @return the command with the tiers of all partitions if this was the last missing
   *     acknowledgement; null if there is nothing to forward
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
            union(awaited.getTiers(), acknowledgement.getTiers()),
            List.of());
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
