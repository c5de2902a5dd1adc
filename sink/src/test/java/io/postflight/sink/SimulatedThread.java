package io.postflight.sink;

import io.postflight.sink.commit.ClampingClientSupplier;
import io.postflight.sink.commit.OffsetTracker;
import io.postflight.sink.simulation.SimulatedLog;
import io.postflight.sink.simulation.World;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Behaves like a stream thread of Kafka Streams as far as the sink is concerned: polls, processes,
 * punctuates, commits the offsets of its tasks, suspends and resumes them, and closes them when
 * their partitions are lost.
 */
final class SimulatedThread implements SimulatedConsumer.Poller {
  private static final long COMMIT_MILLIS = 500;
  private static final long PUNCTUATE_MILLIS = 1_000;

  private final String name;
  private final World world;
  private final SimulatedLog log;
  private final SimulatedSink sink;
  private final SimulatedProcess process;
  private final SimulatedConsumer within;
  private final Consumer<byte[], byte[]> inner;
  private final ClampingClientSupplier clients;
  private final Consumer<byte[], byte[]> consumer;
  private final Map<Integer, SimulatedTask> tasks = new TreeMap<>();
  private final Map<Integer, SimulatedTask> suspended = new TreeMap<>();
  private boolean busy;
  private boolean closed;
  private long committedAt;
  private long punctuatedAt;

  SimulatedThread(
      String name, World world, SimulatedLog log, SimulatedSink sink, SimulatedProcess process) {
    this.name = name;
    this.world = world;
    this.log = log;
    this.sink = sink;
    this.process = process;
    this.within = new SimulatedConsumer(world, log, this);
    this.inner = within.asConsumer();
    this.clients =
        new ClampingClientSupplier(
            within.asSupplier(),
            sink.partitionOffsets(),
            sink.admission()::resetAllowance,
            sink.lag(),
            world::millis);
    this.consumer = clients.getConsumer(Map.of());
    log.join(this);
    again();
  }

  @Override
  public String name() {
    return name;
  }

  /** Requests a commit of all acknowledged offsets. */
  void settle() {
    var unused = clients.settle();
  }

  private void again() {
    world.after(
        world.fault(0.01) ? world.between(100, 3_000) : world.between(5, 40), this::runOnce);
  }

  private void runOnce() {
    if (closed || process.killed()) {
      return;
    }
    if (!busy && !process.frozen()) {
      busy = true;
      Object before = process.enter(this);
      try {
        step();
      } catch (SimulatedProcess.Halted halted) {
        return;
      } finally {
        busy = false;
        process.leave(before);
      }
    }
    again();
  }

  private void step() {
    try {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ZERO)) {
        SimulatedTask task = tasks.get(record.partition());
        if (task != null) {
          task.add(record, within.position(record.partition(), record.offset() + 1));
        }
      }
      int iterations = world.between(1, SimulatedConsumer.MAX_POLL);
      for (SimulatedTask task : tasks.values()) {
        if (!sink.paused() && task.running()) {
          task.process(iterations, this::maybeCrash);
        }
      }
      if (!sink.paused() && world.millis() - punctuatedAt >= PUNCTUATE_MILLIS) {
        punctuatedAt = world.millis();
        tasks.values().forEach(SimulatedTask::punctuate);
      }
      if (world.millis() - committedAt >= COMMIT_MILLIS) {
        committedAt = world.millis();
        commit();
      }
    } catch (CommitFailedException fenced) {
      lost();
    }
    sink.check();
  }

  private void commit() {
    Map<TopicPartition, OffsetAndMetadata> wish = new LinkedHashMap<>();
    tasks.forEach(
        (partition, task) ->
            task.wish()
                .ifPresent(
                    offset ->
                        wish.put(
                            new TopicPartition(SimulatedTask.TOPIC, partition),
                            new OffsetAndMetadata(offset))));
    if (wish.isEmpty()) {
      return;
    }
    try {
      send(wish);
    } catch (TimeoutException late) {
      return;
    }
    tasks.values().forEach(SimulatedTask::committed);
  }

  private void send(Map<TopicPartition, OffsetAndMetadata> wish) {
    if (sink.mutant() == Mutant.NO_CLAMP) {
      inner.commitSync(wish);
      return;
    }
    consumer.commitSync(wish);
    if (sink.mutant() == Mutant.UNSEEN_PASSES) {
      Map<TopicPartition, OffsetAndMetadata> unseen = new HashMap<>(wish);
      unseen
          .keySet()
          .removeIf(
              partition ->
                  sink.partitionOffsets().of(partition).acknowledgedBelow()
                      != OffsetTracker.NOTHING);
      inner.commitSync(unseen);
    }
  }

  @Override
  public void assigned(int partition) {
    SimulatedTask task = suspended.remove(partition);
    if (task == null) {
      task = new SimulatedTask(partition, sink.processor(), sink.commands());
    }
    tasks.put(partition, task);
    task.resume();
  }

  @Override
  public void revoked(Set<Integer> revoked, boolean bounced) {
    commit();
    world.note("revoked " + name, revoked.size(), bounced ? 1 : 0);
    for (int partition : revoked.stream().sorted().toList()) {
      SimulatedTask task = tasks.remove(partition);
      if (task != null) {
        task.suspend();
        if (bounced) {
          suspended.put(partition, task);
        }
      }
    }
    if (!bounced) {
      suspended.keySet().removeAll(revoked);
    }
  }

  @Override
  public void lost() {
    world.note("lost " + name, tasks.size(), 0);
    tasks.values().forEach(SimulatedTask::suspend);
    tasks.clear();
    suspended.clear();
    within.forget();
    log.evict(this);
    if (!closed) {
      log.join(this);
    }
  }

  @Override
  public Map<Integer, SimulatedTask> tasks() {
    return tasks;
  }

  @Override
  public void maybeCrash() {
    sink.maybeCrash();
  }

  /** Commits, closes its tasks, and leaves the group. */
  void close() {
    Object before = process.enter(this);
    try {
      commit();
    } catch (CommitFailedException fenced) {
      world.note("fenced " + name, 0, 0);
    } finally {
      closed = true;
      tasks.values().forEach(SimulatedTask::suspend);
      log.evict(this);
      process.leave(before);
    }
  }
}
