package io.postflight.sink;

import io.micrometer.core.instrument.MeterRegistry;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.topic.KafkaFault;
import io.postflight.sink.commit.PlainKafkaClients;
import io.postflight.sink.time.PooledScheduler;
import io.postflight.sink.write.SinkMetrics;
import io.postflight.store.EventEraser;
import io.postflight.store.EventWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one tier's topic to its cluster with at-least-once delivery and idempotent writes: an
 * offset is committed only when the database has acknowledged every write of every record before
 * it.
 *
 * <p>While Kafka, the database or the schema registry is unavailable it waits, at start and later.
 * After a permanent failure (rejected credentials, a missing table) its state is FAILED; other
 * sinks are not affected.
 */
public final class TierSink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TierSink.class);
  private static final Duration DEFAULT_CLOSE = Duration.ofSeconds(10);
  private static final int REQUEST_TIMEOUT_MILLIS = 5_000;
  private static final long RETRY_MILLIS = 1_000;

  private final SinkSettings settings;
  private final Properties properties;
  private final EventWriter writer;
  private final EventEraser eraser;
  private final Deserializer<TierRecord> deserializer;
  private final KafkaClientSupplier kafka;
  private final SinkMetrics metrics;
  private final PooledScheduler starter;
  private final long startedAt = System.nanoTime();

  /** Guards the fields below. */
  private final Object lock = new Object();

  private SinkStatus.State state = SinkStatus.State.STARTING;
  private @Nullable String reason = "Kafka has not responded yet";
  private @Nullable SinkRuntime runtime;
  private @Nullable Thread closing;

  private TierSink(
      SinkSettings settings,
      EventWriter writer,
      EventEraser eraser,
      Deserializer<TierRecord> deserializer,
      MeterRegistry registry,
      KafkaClientSupplier kafka) {
    this.settings = settings;
    this.properties = SinkStreamsConfig.of(settings);
    this.writer = writer;
    this.eraser = eraser;
    this.deserializer = deserializer;
    this.kafka = kafka;
    this.metrics = new SinkMetrics(registry, settings.name(), System::currentTimeMillis);
    this.starter = new PooledScheduler("sink-" + settings.name() + "-start", 1);
    metrics.gauges(
        () -> status().rowsInFlight(),
        () -> status().state() == SinkStatus.State.RUNNING ? 0 : 1,
        () -> status().oldestUnacknowledged().toMillis() / 1e3,
        () -> status().lagRecords(),
        this::pausedPartitions);
  }

  /**
   * Starts a sink and returns immediately; unavailable servers are awaited in the background.
   *
   * @param store writes rows and applies commands on the tier's cluster; not closed by the sink
   * @param deserializer deserializes the topic's values; not closed by the sink
   * @throws IllegalArgumentException if a setting would break at-least-once delivery; names it, its
   *     value and the allowed values
   */
  public static <S extends EventWriter & EventEraser> TierSink start(
      SinkSettings settings,
      S store,
      Deserializer<TierRecord> deserializer,
      MeterRegistry registry) {
    return start(settings, store, deserializer, registry, new PlainKafkaClients());
  }

  /**
   * Starts a sink with the given Kafka clients, so that a test can observe commits.
   *
   * @param kafka creates the underlying clients; its main consumer receives exactly the commits
   *     that are sent to the broker
   */
  public static <S extends EventWriter & EventEraser> TierSink start(
      SinkSettings settings,
      S store,
      Deserializer<TierRecord> deserializer,
      MeterRegistry registry,
      KafkaClientSupplier kafka) {
    TierSink sink = new TierSink(settings, store, store, deserializer, registry, kafka);
    sink.starter.schedule(0, sink::begin);
    return sink;
  }

  private int pausedPartitions() {
    SinkRuntime current;
    synchronized (lock) {
      current = runtime;
    }
    return current == null ? 0 : current.pausedPartitions();
  }

  /** Whether it is running or awaits a server; false once it has failed or stopped. */
  public boolean healthy() {
    SinkStatus.State now = status().state();
    return now != SinkStatus.State.FAILED && now != SinkStatus.State.STOPPED;
  }

  /** Whether it takes records in. */
  public boolean running() {
    return status().state() == SinkStatus.State.RUNNING;
  }

  /** How it is doing. */
  public SinkStatus status() {
    SinkRuntime current;
    SinkStatus.State now;
    String why;
    synchronized (lock) {
      current = runtime;
      now = state;
      why = reason;
    }
    if (current == null) {
      return new SinkStatus(settings.name(), now, why, 0, 0, Duration.ZERO, Map.of());
    }
    if (now == SinkStatus.State.RUNNING && !current.isConsuming()) {
      now = SinkStatus.State.PAUSED;
      why = current.reason();
    } else if (now == SinkStatus.State.RUNNING && current.allPartitionsPaused()) {
      now = SinkStatus.State.PAUSED;
      why =
          "all Kafka partitions are paused because too many of their rows and commands wait, for"
              + " unavailable replicas or for commands before them";
    }
    return new SinkStatus(
        settings.name(),
        now,
        why,
        current.lagRecords(),
        current.rowsInFlight(),
        current.oldestUnacknowledged(),
        current.partitions());
  }

  /**
   * Stops consuming, waits for writes in flight, commits, and leaves the group. Records that could
   * not be written in time are written after the next start.
   *
   * @param max how long to wait for writes in flight
   */
  public void close(Duration max) {
    SinkRuntime current;
    Thread closingThread;
    synchronized (lock) {
      if (state == SinkStatus.State.STOPPING || state == SinkStatus.State.STOPPED) {
        return;
      }
      current = state == SinkStatus.State.FAILED ? null : runtime;
      closingThread = closing;
      state = SinkStatus.State.STOPPING;
      reason = "it is shutting down";
    }
    starter.close();
    if (closingThread != null) {
      join(closingThread);
    }
    if (current != null) {
      current.close(max);
    }
    synchronized (lock) {
      state = SinkStatus.State.STOPPED;
    }
    metrics.close();
    LOG.info("Sink {} has stopped", settings.name());
  }

  @Override
  public void close() {
    close(DEFAULT_CLOSE);
  }

  /**
   * Starts the runtime once Kafka and the topics are available; otherwise schedules another
   * attempt.
   */
  private void begin() {
    try {
      List<String> missing = missingTopics();
      if (missing.isEmpty()) {
        startRuntime();
        return;
      }
      String why =
          "topics are missing: " + missing + "; create them with 'postflight topics apply'";
      if (topicTimeoutExpired()) {
        fail(why);
        return;
      }
      reportWaiting(why);
    } catch (ExecutionException | KafkaException failure) {
      if (failed(failure)) {
        return;
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
      return;
    } catch (RuntimeException unexpected) {
      LOG.error("Sink {} cannot start", settings.name(), unexpected);
      fail("it cannot start: " + unexpected);
      return;
    }
    starter.schedule(RETRY_MILLIS, this::begin);
  }

  /**
   * Handles a failure at start; returns whether it is permanent. Rejected credentials and unknown
   * failures are retried for a while: access may be granted, or a file provided, soon.
   */
  private boolean failed(Exception failure) {
    String why = "Kafka at " + bootstrap();
    KafkaFault fault = KafkaFault.of(failure);
    switch (fault) {
      case UNAVAILABLE -> {
        reportWaiting(why + " is unavailable: " + root(failure));
        return false;
      }
      case REFUSED, FAILED -> {
        why +=
            (fault == KafkaFault.REFUSED ? " rejects this client: " : " cannot be used: ")
                + root(failure);
        if (!topicTimeoutExpired()) {
          reportWaiting(why);
          return false;
        }
      }
      case MISCONFIGURED -> why += " cannot be used with these settings: " + root(failure);
    }
    fail(why);
    return true;
  }

  private boolean topicTimeoutExpired() {
    return System.nanoTime() - startedAt > settings.role().topicTimeout().toNanos();
  }

  private List<String> missingTopics() throws ExecutionException, InterruptedException {
    Map<String, Object> config =
        new StreamsConfig(properties).getAdminConfigs("sink-" + settings.name() + "-start");
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
    try (Admin admin = kafka.getAdmin(config)) {
      return missingTopics(
          admin, List.of(settings.source().topic(), settings.source().deadLetterTopic()));
    }
  }

  private static List<String> missingTopics(Admin admin, List<String> topics)
      throws ExecutionException, InterruptedException {
    Map<String, KafkaFuture<TopicDescription>> descriptions =
        admin.describeTopics(topics).topicNameValues();
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> description : descriptions.entrySet()) {
      try {
        description.getValue().get();
      } catch (ExecutionException failure) {
        if (!(failure.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw failure;
        }
        missing.add(description.getKey());
      }
    }
    return missing;
  }

  private void startRuntime() {
    SinkRuntime created =
        new SinkRuntime(
            settings, properties, writer, eraser, deserializer, metrics, kafka, this::fail);
    boolean wanted;
    synchronized (lock) {
      wanted = state == SinkStatus.State.STARTING;
      if (wanted) {
        runtime = created;
      }
    }
    if (!wanted) {
      created.abandon();
      return;
    }
    try {
      created.start();
    } catch (RuntimeException failed) {
      synchronized (lock) {
        runtime = null;
      }
      created.abandon();
      throw failed;
    }
    synchronized (lock) {
      if (state != SinkStatus.State.STARTING) {
        return;
      }
      state = SinkStatus.State.RUNNING;
      reason = null;
    }
    LOG.info(
        "Sink {} reads {} as {}",
        settings.name(),
        settings.source().topic(),
        settings.source().applicationId());
  }

  private void reportWaiting(String why) {
    synchronized (lock) {
      if (!why.equals(reason)) {
        LOG.warn("Sink {} cannot start yet: {}", settings.name(), why);
      }
      reason = why;
    }
  }

  /**
   * Changes the state to FAILED. The runtime is closed by another thread, since this one may belong
   * to it.
   */
  private void fail(String why) {
    Thread closingThread;
    synchronized (lock) {
      if (state != SinkStatus.State.STARTING && state != SinkStatus.State.RUNNING) {
        return;
      }
      state = SinkStatus.State.FAILED;
      reason = why;
      if (runtime != null) {
        closing = new Thread(runtime::abandon, "sink-" + settings.name() + "-takedown");
        closing.setDaemon(true);
      }
      closingThread = closing;
    }
    LOG.error("Sink {} has failed: {}", settings.name(), why);
    if (closingThread != null) {
      closingThread.start();
    }
  }

  private static void join(Thread closingThread) {
    try {
      closingThread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private String bootstrap() {
    return properties.getProperty(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
  }

  private static String root(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }
}
