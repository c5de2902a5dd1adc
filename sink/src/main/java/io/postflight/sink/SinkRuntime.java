package io.postflight.sink;

import io.postflight.schema.message.TierRecord;
import io.postflight.sink.backpressure.CircuitBreaker;
import io.postflight.sink.backpressure.InFlightWindow;
import io.postflight.sink.backpressure.IntakeController;
import io.postflight.sink.backpressure.WindowAdmission;
import io.postflight.sink.commit.ClampingClientSupplier;
import io.postflight.sink.commit.ConsumerLag;
import io.postflight.sink.commit.OffsetTracker;
import io.postflight.sink.commit.PartitionOffsets;
import io.postflight.sink.commit.TaskGeneration;
import io.postflight.sink.time.Backoff;
import io.postflight.sink.time.PooledScheduler;
import io.postflight.sink.time.Time;
import io.postflight.sink.write.DeadLetterProducer;
import io.postflight.sink.write.DiskFullMonitor;
import io.postflight.sink.write.ErasureListener;
import io.postflight.sink.write.ErasureQueue;
import io.postflight.sink.write.RecordDecoder;
import io.postflight.sink.write.RecordDispatcher;
import io.postflight.sink.write.RequestFailures;
import io.postflight.sink.write.SinkLimits;
import io.postflight.sink.write.SinkMetrics;
import io.postflight.sink.write.WriteListener;
import io.postflight.sink.write.WriteQueue;
import io.postflight.store.EventEraser;
import io.postflight.store.EventWriter;
import io.postflight.store.StoreException;
import io.postflight.store.Table;
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
 * A running sink, assembled from its parts. It can be created only when Kafka is available, since
 * Kafka Streams creates its clients when it is constructed.
 */
final class SinkRuntime {
  private static final Logger LOG = LoggerFactory.getLogger(SinkRuntime.class);
  private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(10);

  private final String name;
  private final Consumer<String> failed;
  private final PartitionOffsets partitionOffsets;
  private final ConsumerLag lag;
  private final PooledScheduler timers;
  private final PooledScheduler blocking;
  private final InFlightWindow window;
  private final IntakeController intakeController;
  private final WindowAdmission admission;
  private final WriteQueue queue;
  private final ErasureQueue erasures;
  private final Producer<byte[], byte[]> deadLetterProducer;
  private final RecordDispatcher dispatcher;
  private final ClampingClientSupplier clients;
  private final KafkaStreams streams;

  /**
   * Assembles the parts; nothing runs before {@link #start}.
   *
   * @param kafka creates the Kafka clients
   * @param failed called when the sink has to stop, with the reason
   */
  SinkRuntime(
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
    SinkLimits limits = settings.limits();
    partitionOffsets =
        new PartitionOffsets(
            Thread::currentThread, TaskGeneration.Limits.ofBytes(limits.window().partitionBytes()));
    lag = new ConsumerLag(partitionOffsets);
    Backoff backoff =
        new Backoff(
            settings.role().retry().initialBackoff(),
            settings.role().retry().maxBackoff(),
            () -> ThreadLocalRandom.current().nextDouble());
    timers = new PooledScheduler("sink-" + name, 1);
    blocking = new PooledScheduler("sink-" + name + "-blocking", 1);
    window = new InFlightWindow(limits.window().rows(), limits.window().bytes());
    CircuitBreaker breaker = new CircuitBreaker(backoff, "the database has not responded yet");
    intakeController =
        new IntakeController(name, breaker, window::belowLowWatermark, timers, SinkRuntime::millis);
    admission =
        new WindowAdmission(
            window,
            settings.role().capacityTimeout(),
            intakeController::trip,
            intakeController::onLowWatermark,
            Time.REAL,
            Thread::currentThread);
    DiskFullMonitor store =
        new DiskFullMonitor(name, writer, eraser, metrics::diskFull, System::nanoTime);
    queue =
        new WriteQueue(store, limits, backoff, timers, System::nanoTime, listener(metrics, failed));
    erasures = new ErasureQueue(store, store, backoff, timers, erasureListener(metrics, failed));
    clients =
        new ClampingClientSupplier(
            kafka, partitionOffsets, admission::resetAllowance, lag, SinkRuntime::millis);
    deadLetterProducer = producer(kafka, properties);
    dispatcher =
        new RecordDispatcher(
            new RecordDecoder(deserializer, settings.tier(), limits.maxRow()),
            admission,
            queue,
            erasures,
            store,
            new DeadLetterProducer(
                deadLetterProducer, settings.source().deadLetterTopic(), backoff, blocking),
            metrics,
            intakeController,
            blocking);
    Topology topology =
        SinkProcessor.topology(
            settings.source().topic(), partitionOffsets, dispatcher, SinkRuntime::millis);
    SinkStreamsConfig.rejectInternalTopics(topology);
    streams = streams(topology, properties);
    StreamThreadExceptionHandler failures = new StreamThreadExceptionHandler(name, failed);
    streams.setUncaughtExceptionHandler(failures);
    streams.setStateListener(failures);
  }

  private Producer<byte[], byte[]> producer(KafkaClientSupplier kafka, Properties properties) {
    try {
      return kafka.getProducer(SinkStreamsConfig.deadLetterProducer(properties, name));
    } catch (RuntimeException failure) {
      timers.close();
      blocking.close();
      throw failure;
    }
  }

  /** Closes everything if it fails, since the caller will try again. */
  private KafkaStreams streams(Topology topology, Properties properties) {
    try {
      KafkaStreams created = new KafkaStreams(topology, new StreamsConfig(properties), clients);
      clients.handOver();
      return created;
    } catch (RuntimeException failure) {
      clients.abandon();
      deadLetterProducer.close(Duration.ZERO);
      timers.close();
      blocking.close();
      throw failure;
    }
  }

  /** Starts; consumption is paused until a first probe has succeeded. */
  void start() {
    streams.pause();
    streams.start();
    intakeController.begin(
        new IntakeController.Target() {
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
            return dispatcher
                .probe()
                .whenComplete((done, failure) -> RequestFailures.reportFatal(failure, failed));
          }

          @Override
          public void onAvailable() {
            queue.retryNow();
            erasures.retryNow();
          }
        });
  }

  /**
   * Stops consuming, waits for the writes in flight, commits and leaves the group.
   *
   * @param max how long to wait for writes in flight
   */
  void close(Duration max) {
    intakeController.stop();
    streams.pause();
    queue.flush();
    try {
      if (!admission.awaitEmpty(max)) {
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

  /** Leaves the group without waiting for writes in flight. */
  void abandon() {
    intakeController.stop();
    queue.stop();
    erasures.stop();
    streams.close(
        CloseOptions.timeout(LEAVE_TIMEOUT)
            .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    timers.close();
    blocking.close();
    deadLetterProducer.close(Duration.ofSeconds(1));
  }

  private void settle() throws InterruptedException {
    long end = System.nanoTime() + COMMIT_TIMEOUT.toNanos();
    for (var settled : clients.settle()) {
      try {
        settled.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (ExecutionException | TimeoutException late) {
        LOG.info("Sink {} stops before its last commit was accepted: {}", name, late.toString());
      }
    }
  }

  /** Whether records are consumed. */
  boolean isConsuming() {
    return intakeController.closed();
  }

  /** Why no records are consumed; null if they are. */
  @Nullable String reason() {
    return intakeController.reason();
  }

  /**
   * Number of Kafka partitions that are paused because too many of their rows and commands wait.
   */
  int pausedPartitions() {
    return partitionOffsets.pausedPartitions();
  }

  /** Whether all partitions of this instance are paused. */
  boolean allPartitionsPaused() {
    int paused = pausedPartitions();
    return paused > 0 && paused >= partitionOffsets.assignedPartitions();
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
    for (OffsetTracker tracker : partitionOffsets.all().values()) {
      oldest = Math.min(oldest, tracker.oldestTrackedAt(now));
    }
    return Duration.ofMillis(now - oldest);
  }

  Map<Integer, SinkStatus.Partition> partitions() {
    return partitionOffsets.all().entrySet().stream()
        .filter(each -> each.getValue().isOpen())
        .collect(
            Collectors.toMap(
                each -> each.getKey().partition(),
                each -> partition(each.getKey(), each.getValue())));
  }

  private SinkStatus.Partition partition(TopicPartition partition, OffsetTracker tracker) {
    var committed = partitionOffsets.committed(partition);
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
      public void sent() {
        metrics.sent();
      }

      @Override
      public void written(Table table, WriteResult result, long nanos) {
        metrics.written(table, result, nanos);
      }

      @Override
      public void retried(Table table, int rows) {
        metrics.retried(table, rows);
      }

      @Override
      public void rejected(Table table) {
        metrics.rejected(table);
      }

      @Override
      public void fatal(StoreException why) {
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
      public void rejected() {
        metrics.erasureRejected();
      }

      @Override
      public void fatal(StoreException why) {
        failed.accept(String.valueOf(why.getMessage()));
      }
    };
  }
}
