package io.postflight.sink;

import io.postflight.sink.simulation.SimulatedLog;
import io.postflight.sink.simulation.World;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * What a stream thread of Kafka Streams does as far as the sink can see it: polls, feeds its tasks,
 * punctuates, commits with what its tasks believe, suspends and resumes them, and closes them when
 * it has lost them. A resumed task remembers the position it had before, as the real one does.
 */
final class SimulatedThread implements SimulatedLog.Member {
  static final String TOPIC = "store.30d";
  static final int MAX_POLL = 8;
  static final int BUFFERED = 6;

  private static final long COMMIT_MILLIS = 500;
  private static final long PUNCTUATE_MILLIS = 1_000;
  private static final long NOTHING = -1;

  private static final class Task {
    private final SinkProcessor processor;
    private final ArrayDeque<ConsumerRecord<byte[], byte[]>> buffer = new ArrayDeque<>();
    private RecordMetadata at = metadata(0, 0);
    private long next = NOTHING;
    private boolean consumed;
    private boolean commitNeeded;
    private boolean running;

    /** Nothing was fetched for it yet, since that takes a while. */
    private boolean fresh;

    private Task(SinkProcessor processor) {
      this.processor = processor;
    }
  }

  private final String name;
  private final World world;
  private final SimulatedLog log;
  private final SimulatedSink sink;
  private final Consumer<byte[], byte[]> inner;
  private final ClampingConsumer consumer;
  private final Map<Integer, Task> tasks = new TreeMap<>();
  private final Map<Integer, Task> suspended = new TreeMap<>();
  private final Map<Integer, Long> positions = new TreeMap<>();
  private boolean busy;
  private boolean closed;
  private long committedAt;
  private long punctuatedAt;

  SimulatedThread(String name, World world, SimulatedLog log, SimulatedSink sink) {
    this.name = name;
    this.world = world;
    this.log = log;
    this.sink = sink;
    this.inner = innerConsumer();
    this.consumer =
        new ClampingConsumer(
            inner, sink.trackers(), sink.gate()::nextBatch, sink.lag(), world::millis);
    log.join(this);
    again();
  }

  @Override
  public String name() {
    return name;
  }

  ClampingConsumer consumer() {
    return consumer;
  }

  private void again() {
    world.after(world.fault(0.01) ? world.between(100, 3_000) : world.between(5, 40), this::turn);
  }

  private void turn() {
    if (closed || sink.dead()) {
      return;
    }
    if (!busy && !sink.frozen()) {
      busy = true;
      Object before = sink.enter(this);
      try {
        step();
      } catch (SimulatedSink.Halted halted) {
        return;
      } finally {
        busy = false;
        sink.leave(before);
      }
    }
    again();
  }

  private void step() {
    try {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ZERO)) {
        Task task = tasks.get(record.partition());
        if (task != null) {
          task.buffer.add(record);
          task.next = positions.getOrDefault(record.partition(), record.offset() + 1);
        }
      }
      int iterations = world.between(1, MAX_POLL);
      for (Task task : tasks.values()) {
        if (!sink.paused() && task.running) {
          process(task, iterations);
        }
      }
      if (!sink.paused() && world.millis() - punctuatedAt >= PUNCTUATE_MILLIS) {
        punctuatedAt = world.millis();
        tasks.values().forEach(task -> task.commitNeeded = true);
      }
      if (world.millis() - committedAt >= COMMIT_MILLIS) {
        committedAt = world.millis();
        commit();
      }
    } catch (CommitFailedException fenced) {
      lostAll();
    }
    sink.check();
  }

  private void process(Task task, int most) {
    for (int i = 0; i < most && !task.buffer.isEmpty(); i++) {
      ConsumerRecord<byte[], byte[]> record = task.buffer.remove();
      task.at = metadata(record.partition(), record.offset());
      task.processor.process(
          new Record<>(record.key(), record.value(), World.BEGINNING, record.headers()));
      task.consumed = true;
      task.commitNeeded = true;
      sink.diePerhaps();
    }
  }

  private static RecordMetadata metadata(int partition, long offset) {
    return new RecordMetadata() {
      @Override
      public String topic() {
        return TOPIC;
      }

      @Override
      public int partition() {
        return partition;
      }

      @Override
      public long offset() {
        return offset;
      }
    };
  }

  private void commit() {
    Map<TopicPartition, OffsetAndMetadata> wish = new LinkedHashMap<>();
    tasks.forEach(
        (partition, task) -> {
          if (task.commitNeeded && task.consumed && task.next != NOTHING) {
            ConsumerRecord<byte[], byte[]> head = task.buffer.peek();
            wish.put(
                new TopicPartition(TOPIC, partition),
                new OffsetAndMetadata(head == null ? task.next : head.offset()));
          }
        });
    if (wish.isEmpty()) {
      return;
    }
    try {
      send(wish);
    } catch (TimeoutException late) {
      return;
    }
    tasks.values().forEach(task -> task.commitNeeded = false);
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
                  sink.trackers().of(partition).acknowledgedBelow() != OffsetTracker.NOTHING);
      inner.commitSync(unseen);
    }
  }

  private void suspend(Task task) {
    if (task.running) {
      task.running = false;
      task.processor.close();
    }
    task.buffer.clear();
  }

  private void resume(int partition) {
    Task task = suspended.remove(partition);
    if (task == null) {
      task = new Task(sink.processor());
    }
    tasks.put(partition, task);
    positions.put(partition, log.committed(partition));
    task.processor.init(context(partition, task));
    task.running = true;
    task.fresh = true;
  }

  @SuppressWarnings("unchecked")
  private static ProcessorContext<Void, Void> context(int partition, Task task) {
    return (ProcessorContext<Void, Void>)
        Proxy.newProxyInstance(
            SimulatedThread.class.getClassLoader(),
            new Class<?>[] {ProcessorContext.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "taskId" -> new TaskId(0, partition);
                  case "recordMetadata" -> Optional.of(task.at);
                  case "schedule" -> null;
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private void lostAll() {
    world.note("lost " + name, tasks.size(), 0);
    tasks.values().forEach(this::suspend);
    tasks.clear();
    suspended.clear();
    positions.clear();
    log.evict(this);
    if (!closed) {
      log.join(this);
    }
  }

  /** Commits, closes its tasks, and leaves the group. */
  void close() {
    Object before = sink.enter(this);
    try {
      commit();
    } catch (CommitFailedException fenced) {
      world.note("fenced " + name, 0, 0);
    } finally {
      closed = true;
      tasks.values().forEach(this::suspend);
      log.evict(this);
      sink.leave(before);
    }
  }

  // What follows is the consumer within.

  @SuppressWarnings("unchecked")
  private Consumer<byte[], byte[]> innerConsumer() {
    return (Consumer<byte[], byte[]>)
        Proxy.newProxyInstance(
            SimulatedThread.class.getClassLoader(),
            new Class<?>[] {Consumer.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "poll" -> poll();
                  case "assignment" -> assignment();
                  case "position" -> positions.get(((TopicPartition) arguments[0]).partition());
                  case "currentLag" -> OptionalLong.empty();
                  case "commitSync" ->
                      commitSync((Map<TopicPartition, OffsetAndMetadata>) arguments[0]);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private Set<TopicPartition> assignment() {
    return positions.keySet().stream()
        .map(partition -> new TopicPartition(TOPIC, partition))
        .collect(Collectors.toSet());
  }

  private ConsumerRecords<byte[], byte[]> poll() {
    if (!log.isMember(this)) {
      lostAll();
    }
    Set<Integer> revoked = log.toRevoke(this);
    boolean bounced = revoked.isEmpty() && !tasks.isEmpty() && world.fault(0.01);
    if (bounced) {
      revoked = Set.copyOf(tasks.keySet());
    }
    if (!revoked.isEmpty()) {
      revoke(revoked, bounced);
    }
    log.assign(this).forEach(this::resume);
    return fetch();
  }

  /** Gives partitions up; if bounced only to get them again at once, with the tasks kept. */
  private void revoke(Set<Integer> revoked, boolean bounced) {
    commit();
    world.note("revoked " + name, revoked.size(), bounced ? 1 : 0);
    for (int partition : revoked.stream().sorted().toList()) {
      Task task = tasks.remove(partition);
      positions.remove(partition);
      if (task != null) {
        suspend(task);
        if (bounced) {
          suspended.put(partition, task);
        }
      }
    }
    log.release(this, revoked);
    if (!bounced) {
      suspended.keySet().removeAll(revoked);
    }
  }

  private ConsumerRecords<byte[], byte[]> fetch() {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> found = new LinkedHashMap<>();
    int left = MAX_POLL;
    for (Map.Entry<Integer, Task> each : tasks.entrySet()) {
      int partition = each.getKey();
      long from = positions.getOrDefault(partition, 0L);
      boolean late = world.fault(each.getValue().fresh ? 0.9 : 0.02);
      if (late || left == 0 || each.getValue().buffer.size() >= BUFFERED) {
        continue;
      }
      List<ConsumerRecord<byte[], byte[]>> some = new ArrayList<>();
      for (SimulatedLog.Entry entry : log.fetch(partition, from, left)) {
        some.add(
            new ConsumerRecord<>(
                TOPIC, partition, entry.offset(), new byte[0], sink.bytes(entry.content())));
        from = entry.offset() + 1;
      }
      left -= some.size();
      if (left > 0) {
        from = Math.max(from, log.end(partition));
      }
      positions.put(partition, from);
      if (!some.isEmpty()) {
        found.put(new TopicPartition(TOPIC, partition), some);
        each.getValue().fresh = false;
      }
    }
    return new ConsumerRecords<>(found, Map.of());
  }

  private Object commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
    sink.diePerhaps();
    if (world.fault(0.02)) {
      throw new TimeoutException("nobody took the commit");
    }
    Map<Integer, Long> plain = new TreeMap<>();
    offsets.forEach((partition, offset) -> plain.put(partition.partition(), offset.offset()));
    try {
      log.commit(this, plain);
    } catch (SimulatedLog.FencedException fenced) {
      throw new CommitFailedException(fenced.getMessage());
    }
    sink.diePerhaps();
    if (world.fault(0.02)) {
      throw new TimeoutException("the commit was taken, its answer lost");
    }
    return Void.class;
  }
}
