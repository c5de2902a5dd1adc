package io.postflight.sink;

import io.micrometer.core.instrument.MeterRegistry;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.topic.KafkaFault;
import io.postflight.store.EventEraser;
import io.postflight.store.EventWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one tier's topic to its cluster, at least once, into rows that do not mind: an offset is
 * committed only when the database has acknowledged every write of every record before it.
 *
 * <p>It waits for Kafka, for the database and for the schema registry, at start and later. What it
 * cannot wait out (a password refused, a table missing) makes it FAILED; other sinks go on.
 */
public final class TierSink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TierSink.class);
  private static final Duration DEFAULT_CLOSE = Duration.ofSeconds(10);
  private static final int ASK_MILLIS = 5_000;
  private static final long ASK_AGAIN_MILLIS = 1_000;

  private final SinkSettings settings;
  private final Properties properties;
  private final EventWriter writer;
  private final EventEraser eraser;
  private final Deserializer<TierRecord> deserializer;
  private final KafkaClientSupplier kafka;
  private final SinkMetrics metrics;
  private final PooledScheduler starter;
  private final long begun = System.nanoTime();

  /** Guards what follows. */
  private final Object lock = new Object();

  private SinkStatus.State state = SinkStatus.State.STARTING;
  private @Nullable String reason = "Kafka has not answered yet";
  private @Nullable Engine engine;
  private @Nullable Thread takingDown;

  private TierSink(
      SinkSettings settings,
      EventWriter writer,
      EventEraser eraser,
      Deserializer<TierRecord> deserializer,
      MeterRegistry registry,
      KafkaClientSupplier kafka) {
    this.settings = settings;
    this.properties = StreamsSettings.of(settings);
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
   * Starts a sink, and returns at once: what is away is waited for.
   *
   * @param store of the tier's cluster: writes rows and applies commands; not closed by the sink
   * @param deserializer of the topic's values; not closed by the sink
   * @throws IllegalArgumentException if a setting would break the sink's promise, naming it, its
   *     value and what is allowed
   */
  public static <S extends EventWriter & EventEraser> TierSink start(
      SinkSettings settings,
      S store,
      Deserializer<TierRecord> deserializer,
      MeterRegistry registry) {
    return start(settings, store, deserializer, registry, new KafkaClients());
  }

  /**
   * The same with Kafka clients made by another, so that somebody can watch what is committed.
   *
   * @param kafka makes the clients that the sink's own stand on; what its main consumer is told to
   *     commit is what the broker is told
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
    Engine current;
    synchronized (lock) {
      current = engine;
    }
    return current == null ? 0 : current.pausedPartitions();
  }

  /** Whether it writes, or only waits for something that will come back. */
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
    Engine current;
    SinkStatus.State now;
    String why;
    synchronized (lock) {
      current = engine;
      now = state;
      why = reason;
    }
    if (current == null) {
      return new SinkStatus(settings.name(), now, why, 0, 0, Duration.ZERO, Map.of());
    }
    if (now == SinkStatus.State.RUNNING && !current.takesIn()) {
      now = SinkStatus.State.PAUSED;
      why = current.reason();
    } else if (now == SinkStatus.State.RUNNING && current.allPartitionsPaused()) {
      now = SinkStatus.State.PAUSED;
      why = "rows of every Kafka partition wait for replicas that do not take them";
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
   * Stops taking in, waits for what is in flight, commits, and leaves the group. What could not be
   * written in time will be written again after the next start.
   *
   * @param max how long to wait for what is in flight
   */
  public void close(Duration max) {
    Engine current;
    Thread takedown;
    synchronized (lock) {
      if (state == SinkStatus.State.STOPPING || state == SinkStatus.State.STOPPED) {
        return;
      }
      current = state == SinkStatus.State.FAILED ? null : engine;
      takedown = takingDown;
      state = SinkStatus.State.STOPPING;
      reason = "it was told to stop";
    }
    starter.close();
    if (takedown != null) {
      join(takedown);
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

  /** Goes on once Kafka and the topics are there; else asks again later. */
  private void begin() {
    try {
      List<String> missing = missingTopics();
      if (missing.isEmpty()) {
        startEngine();
        return;
      }
      String why = "topics are missing: " + missing + "; make them with 'postflight topics apply'";
      if (waitedEnough()) {
        fail(why);
        return;
      }
      waitFor(why);
    } catch (ExecutionException | KafkaException failure) {
      if (failed(failure)) {
        return;
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
      return;
    } catch (RuntimeException bug) {
      LOG.error("Sink {} cannot start", settings.name(), bug);
      fail("it cannot start: " + bug);
      return;
    }
    starter.schedule(ASK_AGAIN_MILLIS, this::begin);
  }

  /** Whether a failure at start is none that waiting helps against; rights may be granted soon. */
  private boolean failed(Exception failure) {
    String why = "Kafka at " + bootstrap();
    switch (KafkaFault.of(failure)) {
      case UNAVAILABLE -> {
        waitFor(why + " is unavailable: " + root(failure));
        return false;
      }
      case REFUSED -> {
        why += " refuses this client: " + root(failure);
        if (!waitedEnough()) {
          waitFor(why);
          return false;
        }
      }
      case MISCONFIGURED -> why += " cannot be used with these settings: " + root(failure);
    }
    fail(why);
    return true;
  }

  private boolean waitedEnough() {
    return System.nanoTime() - begun > settings.topicWait().toNanos();
  }

  private List<String> missingTopics() throws ExecutionException, InterruptedException {
    Map<String, Object> config =
        new StreamsConfig(properties).getAdminConfigs("sink-" + settings.name() + "-start");
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ASK_MILLIS);
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ASK_MILLIS);
    try (Admin admin = kafka.getAdmin(config)) {
      return TopicCheck.missing(admin, List.of(settings.topic(), settings.deadLetterTopic()));
    }
  }

  private void startEngine() {
    Engine made =
        new Engine(settings, properties, writer, eraser, deserializer, metrics, kafka, this::fail);
    synchronized (lock) {
      if (state != SinkStatus.State.STARTING) {
        made.abandon();
        return;
      }
      engine = made;
      state = SinkStatus.State.RUNNING;
      reason = null;
      made.start();
    }
    LOG.info("Sink {} reads {} as {}", settings.name(), settings.topic(), settings.applicationId());
  }

  private void waitFor(String why) {
    synchronized (lock) {
      if (!why.equals(reason)) {
        LOG.warn("Sink {} waits: {}", settings.name(), why);
      }
      reason = why;
    }
  }

  /** Gives up. The engine is taken down by another thread: this may be one of its own. */
  private void fail(String why) {
    Thread takedown;
    synchronized (lock) {
      if (state != SinkStatus.State.STARTING && state != SinkStatus.State.RUNNING) {
        return;
      }
      state = SinkStatus.State.FAILED;
      reason = why;
      if (engine != null) {
        takingDown = new Thread(engine::abandon, "sink-" + settings.name() + "-takedown");
        takingDown.setDaemon(true);
      }
      takedown = takingDown;
    }
    LOG.error("Sink {} has given up: {}", settings.name(), why);
    if (takedown != null) {
      takedown.start();
    }
  }

  private static void join(Thread takedown) {
    try {
      takedown.join();
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
