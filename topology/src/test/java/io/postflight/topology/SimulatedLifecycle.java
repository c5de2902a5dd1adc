package io.postflight.topology;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postflight.schema.directory.FixedTenants;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.LifecycleCommand;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.state.LifecycleState;
import io.postflight.schema.topic.RecordKeys;
import io.postflight.topology.deadline.CaughtUp;
import io.postflight.topology.lifecycle.LifecyclePartitioner;
import io.postflight.topology.lifecycle.LifecycleProcessor;
import io.postflight.topology.lifecycle.LifecycleReducer;
import io.postflight.topology.lifecycle.LifecycleRules;
import io.postflight.topology.metrics.TopologyMetrics;
import io.postflight.topology.punctuation.Pacing;
import io.postflight.topology.punctuation.PunctuationBudget;
import io.postflight.topology.route.TenantResolver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The lifecycle in several partitions, on threads with one transaction each, with logs that are
 * read committed, behind a normalizer that repeats events after a crash. Records of a transaction
 * are appended in any order among partitions, at any time before the commit; a transaction may be
 * aborted instead, and a task may be migrated to another thread between two transactions.
 */
final class SimulatedLifecycle {
  /** An injected fault. */
  enum LifecycleFault {
    NONE,
    /** The forwarding partition does not wait for the others. */
    FORWARDED_AT_ONCE,
    /** Acknowledgements are read before the records sent before them are appended. */
    ACKNOWLEDGED_BEFORE_COMMIT,
    /** Acknowledgements are counted without regard to their partition. */
    COUNTED_TWICE,
    /** A restarted task loses its acknowledgements. */
    ACKNOWLEDGEMENTS_LOST
  }

  static final String TIER = "30d";
  private static final int STORE_PARTITIONS = 3;

  private final Random random;
  private final SimulatedNormalizer normalizer;
  private final LifecycleFault fault;
  private final FixedTenants tenants = FixedTenants.of(TestTenants.tenant("acme", TIER));
  private final TopologyMetrics metrics = new TopologyMetrics(new SimpleMeterRegistry(), Set.of());
  private final LifecyclePartitioner partitioner = new LifecyclePartitioner();
  private final List<SimulatedTopic> events;
  private final List<SimulatedTopic> commands;
  private final List<SimulatedTopic> tier;
  private final List<SimulatedLifecycleTask> tasks = new ArrayList<>();
  private final List<StreamThread> threads;

  /** Transactions of the broadcast that are not committed yet. */
  private final Deque<SimulatedTopic.Transaction> broadcasts = new ArrayDeque<>();

  private final Map<String, Integer> acknowledgements = new HashMap<>();
  private long caughtUpAsOf = CaughtUp.NEVER;

  /** No time passes, so no slice is ever over. */
  private final PunctuationBudget unlimited = new PunctuationBudget(() -> 0);

  SimulatedLifecycle(int partitions, int threads, Random random, LifecycleFault fault) {
    this.random = random;
    this.normalizer = new SimulatedNormalizer(random, this::append);
    this.fault = fault;
    this.events = logs(partitions);
    this.commands = logs(partitions);
    this.tier = logs(STORE_PARTITIONS);
    this.threads = IntStream.range(0, threads).mapToObj(i -> new StreamThread()).toList();
    for (int partition = 0; partition < partitions; partition++) {
      SimulatedLifecycleTask task = new SimulatedLifecycleTask(partition);
      tasks.add(task);
      any(this.threads).tasks.add(task);
    }
  }

  /** The normalizer writes an event. */
  void event(MessageEvent event) {
    normalizer.write(event);
  }

  private void append(MessageEvent event) {
    String key = RecordKeys.ofEvent(event);
    log(events, key)
        .append(
            new SimulatedTopic.AppendedRecord(SimulatedTopic.Transaction.COMMITTED, key, event));
  }

  /** Broadcasts a command of the ledger; it is committed some time later. */
  void broadcast(Erasure command) {
    LifecycleCommand value = new LifecycleCommand(command, List.of(), List.of(), List.of());
    SimulatedTopic.Transaction transaction = new SimulatedTopic.Transaction();
    String message = command.getMessageId();
    String key =
        message == null
            ? RecordKeys.ofUser(command.getTenant(), String.valueOf(command.getUserId()))
            : RecordKeys.ofMessage(command.getTenant(), message);
    send(key, value, new SimulatedTopic.AppendedRecord(transaction, key, value));
    broadcasts.add(transaction);
  }

  /** All deadlines up to a moment may fire from here on. */
  void caughtUp(long asOf) {
    caughtUpAsOf = asOf;
  }

  /** Performs a random action. */
  void step() {
    StreamThread thread = any(threads);
    switch (random.nextInt(12)) {
      case 0 -> thread.commit();
      case 1 -> thread.abort();
      case 2 -> thread.producer.appendSome();
      case 3 -> commitBroadcast();
      case 4 -> move();
      case 5 -> thread.tasks.forEach(SimulatedLifecycleTask::tick);
      default -> {
        if (!thread.tasks.isEmpty()) {
          any(thread.tasks).processOne();
        }
      }
    }
  }

  /** Reads, scans and commits everything. */
  void finish() {
    while (!broadcasts.isEmpty()) {
      commitBroadcast();
    }
    // Reads end before the first open transaction.
    threads.forEach(StreamThread::commit);
    boolean busy = true;
    while (busy) {
      busy = false;
      for (SimulatedLifecycleTask task : tasks) {
        while (task.processOne()) {
          busy = true;
        }
        while (!task.userScans.isEmpty()) {
          task.tick();
          busy = true;
        }
      }
      threads.forEach(StreamThread::commit);
    }
    tasks.forEach(SimulatedLifecycleTask::tick);
    threads.forEach(StreamThread::commit);
  }

  /** Committed records of each partition of the tier's topic, in their order. */
  List<List<TierRecord>> tier() {
    return tier.stream().map(SimulatedTopic::committed).toList();
  }

  private void commitBroadcast() {
    if (!broadcasts.isEmpty()) {
      broadcasts.remove().commit();
    }
  }

  /** A rebalance: both threads commit or abort their transactions. */
  private void move() {
    StreamThread from = any(threads);
    StreamThread to = any(threads);
    from.end();
    to.end();
    if (!from.tasks.isEmpty()) {
      SimulatedLifecycleTask moved = from.tasks.remove(random.nextInt(from.tasks.size()));
      moved.restart();
      to.tasks.add(moved);
    }
  }

  private void send(String key, LifecycleCommand value, SimulatedTopic.AppendedRecord entry) {
    Set<Integer> targets =
        partitioner
            .partitions("commands", key, value, commands.size())
            .orElseGet(() -> Set.of(commands.indexOf(log(commands, key))));
    targets.forEach(target -> commands.get(target).append(entry));
  }

  private static SimulatedTopic log(List<SimulatedTopic> logs, String key) {
    return logs.get(Math.floorMod(key.hashCode(), logs.size()));
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static List<SimulatedTopic> logs(int count) {
    return IntStream.range(0, count).mapToObj(i -> new SimulatedTopic()).toList();
  }

  /** A thread of Kafka Streams: its tasks share a transaction. */
  private final class StreamThread {
    private final List<SimulatedLifecycleTask> tasks = new ArrayList<>();
    private final TransactionalProducer producer = new TransactionalProducer(random);

    void end() {
      if (random.nextInt(3) == 0) {
        abort();
      } else {
        commit();
      }
    }

    void commit() {
      producer.commit();
      tasks.forEach(SimulatedLifecycleTask::commit);
    }

    void abort() {
      producer.abort();
      tasks.forEach(SimulatedLifecycleTask::rollBack);
    }
  }

  /** A partition's task, with its state and how far it has read. */
  private final class SimulatedLifecycleTask {
    private final int partition;
    private final SimulatedStore<String, LifecycleState> lifecycles =
        new SimulatedStore<>(LifecycleProcessor.LIFECYCLES);
    private final SimulatedStore<Bytes, byte[]> deadlines =
        new SimulatedStore<>(LifecycleProcessor.DEADLINES);
    private final SimulatedStore<String, LifecycleCommand> retained =
        new SimulatedStore<>(LifecycleProcessor.ERASURES);
    private final SimulatedStore<String, String> userScans =
        new SimulatedStore<>(LifecycleProcessor.ERASURE_SCANS);
    private final List<SimulatedStore<?, ?>> stores =
        List.of(lifecycles, deadlines, retained, userScans);
    private final Map<SimulatedTopic, Integer> committed = new HashMap<>();
    private final Map<SimulatedTopic, Integer> positions = new HashMap<>();
    private MockProcessorContext<Object, Object> context;
    private LifecycleProcessor processor;

    SimulatedLifecycleTask(int partition) {
      this.partition = partition;
      this.context = context();
      this.processor = processor();
    }

    /** Commits the state of the task. */
    void commit() {
      stores.forEach(SimulatedStore::commit);
      committed.putAll(positions);
    }

    /** Rolls the state of the task back. */
    void rollBack() {
      stores.forEach(SimulatedStore::rollBack);
      positions.clear();
      positions.putAll(committed);
      restart();
    }

    /** Restarts the task with the content of the stores. */
    void restart() {
      if (fault == LifecycleFault.ACKNOWLEDGEMENTS_LOST) {
        retained.lose("a|");
      }
      context = context();
      processor = processor();
    }

    void tick() {
      context.scheduledPunctuators().stream()
          .filter(each -> !each.cancelled())
          .forEach(each -> each.getPunctuator().punctuate(0));
      forward();
    }

    /** Reads a record, of events or of commands; false: there is none. */
    boolean processOne() {
      SimulatedTopic some = random.nextBoolean() ? events.get(partition) : commands.get(partition);
      SimulatedTopic other =
          some == events.get(partition) ? commands.get(partition) : events.get(partition);
      return process(some) || process(other);
    }

    private boolean process(SimulatedTopic log) {
      int at = log.next(positions.getOrDefault(log, 0));
      if (at < 0) {
        return false;
      }
      positions.put(log, at + 1);
      SimulatedTopic.AppendedRecord entry = log.get(at);
      Object value = entry.value();
      if (fault == LifecycleFault.COUNTED_TWICE
          && value instanceof LifecycleCommand acknowledgement
          && !acknowledgement.getAcknowledgedBy().isEmpty()) {
        Erasure command = acknowledgement.getCommand();
        value = acknowledgement(command, acknowledgements.merge(command.getId(), 1, Integer::sum));
      }
      process(entry.key(), value);
      if (fault == LifecycleFault.FORWARDED_AT_ONCE
          && value instanceof LifecycleCommand command
          && command.getCommand().getUserId() != null
          && command.getAcknowledgedBy().isEmpty()) {
        for (int i = 0; i < tasks.size(); i++) {
          process(entry.key(), acknowledgement(command.getCommand(), i));
        }
      }
      forward();
      return true;
    }

    private void process(String key, Object value) {
      processor.process(new Record<>(key, value, 0, new RecordHeaders()));
    }

    private LifecycleCommand acknowledgement(Erasure command, int partition) {
      return new LifecycleCommand(command, List.of(partition), List.of(), List.of());
    }

    private void forward() {
      TransactionalProducer producer = thread().producer;
      for (MockProcessorContext.CapturedForward<?, ?> sent : context.forwarded()) {
        String key = String.valueOf(sent.record().key());
        if (sent.record().value() instanceof TierRecord record) {
          producer.send(log(tier, key), key, record);
        } else if (sent.record().value() instanceof LifecycleCommand acknowledgement) {
          SimulatedTopic to =
              commands.get(
                  LifecyclePartitioner.forwardedBy(acknowledgement.getCommand(), commands.size()));
          if (fault == LifecycleFault.ACKNOWLEDGED_BEFORE_COMMIT) {
            to.append(
                new SimulatedTopic.AppendedRecord(
                    SimulatedTopic.Transaction.COMMITTED, key, acknowledgement));
          } else {
            producer.send(to, key, acknowledgement);
          }
        }
      }
      context.resetForwards();
    }

    private StreamThread thread() {
      return threads.stream().filter(each -> each.tasks.contains(this)).findAny().orElseThrow();
    }

    private MockProcessorContext<Object, Object> context() {
      Properties config = new Properties();
      config.put(StreamsConfig.APPLICATION_ID_CONFIG, "simulated");
      config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
      MockProcessorContext<Object, Object> fresh =
          new MockProcessorContext<>(config, new TaskId(0, partition), Path.of("target").toFile());
      fresh.setRecordMetadata("events", partition, 0);
      stores.forEach(fresh::addStateStore);
      return fresh;
    }

    private LifecycleProcessor processor() {
      LifecycleProcessor fresh =
          new LifecycleProcessor(
              new LifecycleReducer(LifecycleRules.DEFAULT),
              new LifecycleProcessor.LifecycleServices(
                  new TenantResolver(tenants, Duration.ZERO),
                  new Pacing(() -> caughtUpAsOf, unlimited),
                  (topic, event) -> new byte[0],
                  metrics),
              new LifecycleProcessor.LifecycleSettings(Set.of(TIER), commands.size(), null, null));
      fresh.init(context);
      return fresh;
    }
  }
}
