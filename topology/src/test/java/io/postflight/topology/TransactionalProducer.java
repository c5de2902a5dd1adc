package io.postflight.topology;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * The transactional producer of a stream thread. Its records are appended at any time before the
 * commit, those of one partition in order.
 */
final class TransactionalProducer {
  private final Random random;

  /** Records that are not appended yet, by partition. */
  private final Map<SimulatedTopic, Deque<SimulatedTopic.AppendedRecord>> unsent =
      new LinkedHashMap<>();

  private SimulatedTopic.Transaction transaction = new SimulatedTopic.Transaction();

  TransactionalProducer(Random random) {
    this.random = random;
  }

  void send(SimulatedTopic partition, String key, Object value) {
    unsent
        .computeIfAbsent(partition, first -> new ArrayDeque<>())
        .add(new SimulatedTopic.AppendedRecord(transaction, key, value));
  }

  void appendSome() {
    unsent.forEach(
        (partition, entries) -> {
          for (int i = random.nextInt(3); i > 0 && !entries.isEmpty(); i--) {
            partition.append(entries.remove());
          }
        });
  }

  void commit() {
    unsent.forEach((partition, entries) -> entries.forEach(partition::append));
    unsent.clear();
    transaction.commit();
    transaction = new SimulatedTopic.Transaction();
  }

  void abort() {
    unsent.clear();
    transaction.abort();
    transaction = new SimulatedTopic.Transaction();
  }
}
