package io.postflight.sink;

import io.postflight.sink.simulation.SimulatedLog;
import io.postflight.sink.simulation.World;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.KafkaClientSupplier;

/** The consumer within a stream thread: it rebalances and fetches in poll, and commits. */
final class SimulatedConsumer {
  static final int MAX_POLL = 8;
  static final int BUFFERED = 6;

  /** The polling thread; notified of rebalances within the poll. */
  interface Poller extends SimulatedLog.Member {
    /** It was removed from the group and lost all partitions. */
    void lost();

    /** Partitions were revoked; if bounced they are assigned again immediately. */
    void revoked(Set<Integer> partitions, boolean bounced);

    /** A partition was assigned. */
    void assigned(int partition);

    /** Its tasks by partition. */
    Map<Integer, SimulatedTask> tasks();

    /** A point at which the process may be killed. */
    void maybeCrash();
  }

  private final World world;
  private final SimulatedLog log;
  private final Poller poller;
  private final Map<Integer, Long> positions = new TreeMap<>();
  private final Set<Integer> paused = new TreeSet<>();

  SimulatedConsumer(World world, SimulatedLog log, Poller poller) {
    this.world = world;
    this.log = log;
    this.poller = poller;
  }

  @SuppressWarnings("unchecked")
  Consumer<byte[], byte[]> asConsumer() {
    return (Consumer<byte[], byte[]>)
        Proxy.newProxyInstance(
            SimulatedConsumer.class.getClassLoader(),
            new Class<?>[] {Consumer.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "poll" -> poll();
                  case "assignment" -> assignment();
                  case "paused" -> topicPartitions(paused);
                  case "pause" -> paused.addAll(partitions(arguments[0]));
                  case "resume" -> paused.removeAll(partitions(arguments[0]));
                  case "position" -> positions.get(((TopicPartition) arguments[0]).partition());
                  case "currentLag" -> OptionalLong.empty();
                  case "commitSync" ->
                      commitSync((Map<TopicPartition, OffsetAndMetadata>) arguments[0]);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  /** Supplies this consumer as the main consumer. */
  KafkaClientSupplier asSupplier() {
    return (KafkaClientSupplier)
        Proxy.newProxyInstance(
            SimulatedConsumer.class.getClassLoader(),
            new Class<?>[] {KafkaClientSupplier.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("getConsumer")) {
                return asConsumer();
              }
              throw new UnsupportedOperationException(method.getName());
            });
  }

  /** Its position in a partition, or the given one if it has none. */
  long position(int partition, long otherwise) {
    return positions.getOrDefault(partition, otherwise);
  }

  /** All partitions were lost. */
  void forget() {
    positions.clear();
    paused.clear();
  }

  private Set<TopicPartition> assignment() {
    return topicPartitions(positions.keySet());
  }

  private static Set<Integer> partitions(Object those) {
    return ((Collection<?>) those)
        .stream().map(each -> ((TopicPartition) each).partition()).collect(Collectors.toSet());
  }

  private static Set<TopicPartition> topicPartitions(Set<Integer> numbers) {
    return numbers.stream()
        .map(partition -> new TopicPartition(SimulatedTask.TOPIC, partition))
        .collect(Collectors.toSet());
  }

  private ConsumerRecords<byte[], byte[]> poll() {
    if (!log.isMember(poller)) {
      poller.lost();
    }
    Map<Integer, SimulatedTask> tasks = poller.tasks();
    Set<Integer> revoked = log.toRevoke(poller);
    boolean bounced = revoked.isEmpty() && !tasks.isEmpty() && world.fault(0.01);
    if (bounced) {
      revoked = Set.copyOf(tasks.keySet());
    }
    if (!revoked.isEmpty()) {
      poller.revoked(revoked, bounced);
      positions.keySet().removeAll(revoked);
      paused.removeAll(revoked);
      log.release(poller, revoked);
    }
    for (int partition : log.assign(poller)) {
      positions.put(partition, log.committed(partition));
      poller.assigned(partition);
    }
    return fetch(tasks);
  }

  private ConsumerRecords<byte[], byte[]> fetch(Map<Integer, SimulatedTask> tasks) {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> found = new LinkedHashMap<>();
    int left = MAX_POLL;
    for (Map.Entry<Integer, SimulatedTask> each : tasks.entrySet()) {
      int partition = each.getKey();
      SimulatedTask task = each.getValue();
      long from = positions.getOrDefault(partition, 0L);
      boolean late = world.fault(task.fresh() ? 0.9 : 0.02);
      if (late || left == 0 || paused.contains(partition) || task.buffered() >= BUFFERED) {
        continue;
      }
      List<ConsumerRecord<byte[], byte[]>> some = new ArrayList<>();
      for (SimulatedLog.Entry entry : log.fetch(partition, from, left)) {
        some.add(task.read(entry));
        from = entry.offset() + 1;
      }
      left -= some.size();
      if (left > 0) {
        from = Math.max(from, log.end(partition));
      }
      positions.put(partition, from);
      if (!some.isEmpty()) {
        found.put(new TopicPartition(SimulatedTask.TOPIC, partition), some);
      }
    }
    return new ConsumerRecords<>(found, Map.of());
  }

  private Object commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
    poller.maybeCrash();
    if (world.fault(0.02)) {
      throw new TimeoutException("the commit was not accepted");
    }
    Map<Integer, Long> plain = new TreeMap<>();
    offsets.forEach((partition, offset) -> plain.put(partition.partition(), offset.offset()));
    try {
      log.commit(poller, plain);
    } catch (SimulatedLog.FencedException fenced) {
      throw new CommitFailedException(fenced.getMessage());
    }
    poller.maybeCrash();
    if (world.fault(0.02)) {
      throw new TimeoutException("the commit was accepted, its response lost");
    }
    return Void.class;
  }
}
