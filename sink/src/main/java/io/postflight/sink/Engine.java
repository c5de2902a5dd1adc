package io.postflight.sink;

import io.postflight.schema.message.TierRecord;
import io.postflight.store.EventEraser;
import io.postflight.store.EventWriter;
import io.postflight.store.Table;
import io.postflight.store.WriteException;
import io.postflight.store.WriteResult;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sink at work: all its parts, put together here. It can be made once Kafka is there, since Kafka
 * Streams makes its clients when it is constructed.
 */
final class Engine {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
  private static final Duration SETTLE_TIME = Duration.ofSeconds(3);
  private static final Duration LEAVE_TIME = Duration.ofSeconds(10);

  private final String name;
  private final Consumer<String> failed;
  private final Trackers trackers;
  private final Lag lag;
  private final PooledScheduler timers;
  private final PooledScheduler blocking;
  private final Window window;
  private final IntakeSwitch intakeSwitch;
  private final Gate gate;
  private final WriteQueue queue;
  private final ErasureQueue erasures;
  private final Producer<byte[], byte[]> deadLetterProducer;
  private final Intake intake;
  private final ClampingClientSupplier clients;
  private final KafkaStreams streams;

  /**
   * Puts the parts together; nothing runs before {@link #start}.
   *
   * @param kafka who makes Kafka's clients
   * @param failed called when the sink cannot go on, for the reason given
   */
  Engine(
      SinkSettings settings,
      Properties properties,
      EventWriter writer,
      EventEraser eraser,
      Deserializer<TierRecord> deserializer,
      SinkMetrics metrics,
      KafkaClientSupplier kafka,
      Consumer<String> failed) {
    name = settings.name();
    this.failed = failed;
    WriteLimits limits = settings.limits();
    trackers =
        new Trackers(Thread::currentThread, Incarnation.Limits.ofBytes(limits.partitionBytes()));
    lag = new Lag(trackers);
    Backoff backoff =
        new Backoff(
            settings.retryBase(),
            settings.retryCap(),
            () -> ThreadLocalRandom.current().nextDouble());
    timers = new PooledScheduler("sink-" + name, 1);
    blocking = new PooledScheduler("sink-" + name + "-blocking", 1);
    window = Window.of(limits.windowRows(), limits.windowBytes());
    Breaker breaker = new Breaker(backoff, "the database has not answered yet");
    intakeSwitch = new IntakeSwitch(name, breaker, window::halfEmpty, timers, Engine::millis);
    gate =
        new Gate(
            window,
            settings.roomWait(),
            intakeSwitch::trip,
            intakeSwitch::halfEmptied,
            Patience.REAL,
            Thread::currentThread);
    FullDiskWatch store =
        new FullDiskWatch(name, writer, eraser, metrics::diskFull, System::nanoTime);
    queue =
        new WriteQueue(store, limits, backoff, timers, System::nanoTime, listener(metrics, failed));
    erasures = new ErasureQueue(store, store, backoff, timers, erasureListener(metrics, failed));
    clients = new ClampingClientSupplier(kafka, trackers, gate::nextBatch, lag, Engine::millis);
    deadLetterProducer = producer(kafka, properties);
    intake =
        new Intake(
            new RecordDecoder(deserializer, settings.tier(), limits.maxRowBytes()),
            gate,
            queue,
            erasures,
            store,
            new DeadLetters(deadLetterProducer, settings.deadLetterTopic(), backoff, blocking),
            metrics,
            intakeSwitch,
            blocking);
    Topology topology = SinkTopology.of(settings.topic(), trackers, intake, Engine::millis);
    StreamsSettings.refuseInternalTopics(topology);
    streams = streams(topology, properties);
    ThreadFailures failures = new ThreadFailures(name, failed);
    streams.setUncaughtExceptionHandler(failures);
    streams.setStateListener(failures);
  }

  private Producer<byte[], byte[]> producer(KafkaClientSupplier kafka, Properties properties) {
    try {
      return kafka.getProducer(DeadLetterProducer.config(properties, name));
    } catch (RuntimeException notMade) {
      timers.close();
      blocking.close();
      throw notMade;
    }
  }

  /** If it cannot be made, nothing is left behind: somebody will try again. */
  private KafkaStreams streams(Topology topology, Properties properties) {
    try {
      return new KafkaStreams(topology, new StreamsConfig(properties), clients);
    } catch (RuntimeException notMade) {
      clients.abandon();
      deadLetterProducer.close(Duration.ZERO);
      timers.close();
      blocking.close();
      throw notMade;
    }
  }

  /** Starts, with the intake standing still until a first probe has succeeded. */
  void start() {
    streams.pause();
    streams.start();
    intakeSwitch.begin(
        new IntakeSwitch.Switched() {
          @Override
          public void pause() {
            streams.pause();
          }

          @Override
          public void resume() {
            streams.resume();
          }

          @Override
          public CompletionStage<Void> probe() {
            return intake
                .probe()
                .whenComplete((done, failure) -> WriteFailures.ifFatal(failure, failed));
          }

          @Override
          public void answered() {
            queue.retryNow();
            erasures.retryNow();
          }
        });
  }

  /**
   * Stops taking in, waits for what is in flight, commits and leaves the group.
   *
   * @param max how long may be waited for what is in flight
   */
  void close(Duration max) {
    intakeSwitch.stop();
    streams.pause();
    try {
      if (!gate.awaitEmpty(max)) {
        LOG.warn(
            "Sink {} stops with {} rows in flight; they will be written again",
            name,
            window.count());
      }
      settle();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    abandon();
  }

  /** Leaves the group, without waiting for what is in flight. */
  void abandon() {
    intakeSwitch.stop();
    queue.stop();
    erasures.stop();
    streams.close(
        CloseOptions.timeout(LEAVE_TIME)
            .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    timers.close();
    blocking.close();
    deadLetterProducer.close(Duration.ofSeconds(1));
  }

  private void settle() throws InterruptedException {
    long end = System.nanoTime() + SETTLE_TIME.toNanos();
    for (var settled : clients.settle()) {
      try {
        settled.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (ExecutionException | TimeoutException late) {
        LOG.info("Sink {} stops before its last commit was taken: {}", name, late.toString());
      }
    }
  }

  /** Whether records are taken in. */
  boolean takesIn() {
    return intakeSwitch.closed();
  }

  /** Why no records are taken in; null if they are. */
  @Nullable String reason() {
    return intakeSwitch.reason();
  }

  /** Kafka partitions that are paused, since their rows wait for replicas that do not take them. */
  int pausedPartitions() {
    return trackers.fullPartitions();
  }

  /** Whether every partition is paused that this instance has. */
  boolean allPartitionsPaused() {
    int paused = pausedPartitions();
    return paused > 0 && paused >= trackers.openPartitions();
  }

  int rowsInFlight() {
    return window.count();
  }

  long lagRecords() {
    return lag.records();
  }

  Duration oldestUnacknowledged() {
    long now = millis();
    long oldest = now;
    for (OffsetTracker tracker : trackers.all().values()) {
      oldest = Math.min(oldest, tracker.oldestTrackedAt(now));
    }
    return Duration.ofMillis(now - oldest);
  }

  Map<Integer, SinkStatus.Partition> partitions() {
    return trackers.all().entrySet().stream()
        .filter(each -> each.getValue().isOpen())
        .collect(
            Collectors.toMap(
                each -> each.getKey().partition(),
                each -> partition(each.getKey(), each.getValue())));
  }

  private SinkStatus.Partition partition(TopicPartition partition, OffsetTracker tracker) {
    var committed = trackers.committed(partition);
    return new SinkStatus.Partition(
        committed == null ? OffsetTracker.NOTHING : committed.offset(),
        tracker.acknowledgedBelow(),
        tracker.outstanding());
  }

  private static long millis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  private static WriteListener listener(SinkMetrics metrics, Consumer<String> failed) {
    return new WriteListener() {
      @Override
      public void written(Table table, WriteResult result, long nanos) {
        metrics.written(table, result, nanos);
      }

      @Override
      public void retried(Table table, int rows) {
        metrics.retried(table, rows);
      }

      @Override
      public void refused(Table table) {
        metrics.refused(table);
      }

      @Override
      public void fatal(WriteException why) {
        failed.accept(String.valueOf(why.getMessage()));
      }
    };
  }

  private static ErasureListener erasureListener(SinkMetrics metrics, Consumer<String> failed) {
    return new ErasureListener() {
      @Override
      public void erased(long rows) {
        metrics.erased(rows);
      }

      @Override
      public void retried() {
        metrics.erasureRetried();
      }

      @Override
      public void refused() {
        metrics.erasureRefused();
      }

      @Override
      public void fatal(WriteException why) {
        failed.accept(String.valueOf(why.getMessage()));
      }
    };
  }
}
