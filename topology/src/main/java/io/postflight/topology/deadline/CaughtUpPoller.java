package io.postflight.topology.deadline;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link CaughtUp} of the consumer groups of both stages, determined by polling the broker every
 * few seconds. While the broker is unavailable, the time does not advance.
 */
public final class CaughtUpPoller implements CaughtUp, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CaughtUpPoller.class);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(20);

  private final TwoStageCapture capture;
  private final KafkaConsumer<byte[], byte[]> probe;
  private final Admin admin;
  private final ScheduledExecutorService thread;
  private boolean failing;

  private CaughtUpPoller(PollerSettings settings, LongSupplier clock) {
    probe = new KafkaConsumer<>(settings.probe());
    try {
      admin = Admin.create(settings.admin());
    } catch (RuntimeException refused) {
      probe.close();
      throw refused;
    }
    capture = new TwoStageCapture(stage(settings.raw()), stage(settings.events()), clock);
    thread =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread named = new Thread(work, "caught-up-" + settings.events().group());
              named.setDaemon(true);
              return named;
            });
  }

  private TwoStageCapture.Stage stage(FollowedTopic followed) {
    return new TwoStageCapture.Stage(
        followed.topic(), new KafkaLogProgress(admin, followed.group(), probe, REQUEST_TIMEOUT));
  }

  /** A topic, and the consumer group that reads it: the application id of a Streams application. */
  public record FollowedTopic(String topic, String group) {}

  /**
   * Settings of the poller.
   *
   * @param client connection settings of Kafka clients: bootstrap servers and security
   * @param raw the input of the first stage
   * @param events the input of the second
   * @param interval time between two polls
   */
  public record PollerSettings(
      Map<String, Object> client, FollowedTopic raw, FollowedTopic events, Duration interval) {
    public PollerSettings {
      client = Map.copyOf(client);
      if (interval.toMillis() < 1) {
        throw new IllegalArgumentException("interval is " + interval + "; allowed: 1 ms or more");
      }
    }

    private Map<String, Object> admin() {
      Map<String, Object> config = new HashMap<>(client);
      config.put("client.id", events.group() + "-caught-up");
      return config;
    }

    private Map<String, Object> probe() {
      Map<String, Object> config = new HashMap<>(client);
      config.put("client.id", events.group() + "-caught-up-probe");
      config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
      config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
      config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
      config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
      // One record is sufficient.
      config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1024);
      config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
      config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
      return config;
    }
  }

  /**
   * Starts polling.
   *
   * @param clock epoch milliseconds
   */
  public static CaughtUpPoller start(PollerSettings settings, LongSupplier clock) {
    CaughtUpPoller poller = new CaughtUpPoller(settings, clock);
    long interval = settings.interval().toMillis();
    var unused =
        poller.thread.scheduleWithFixedDelay(poller::poll, 0, interval, TimeUnit.MILLISECONDS);
    return poller;
  }

  @Override
  public long asOf() {
    return capture.asOf();
  }

  /** Stops polling; the time does not advance any more. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        log.warn("Polling of Kafka's offsets did not stop; its clients are left open");
        return;
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return;
    }
    probe.close();
    admin.close(Duration.ofSeconds(5));
  }

  private void poll() {
    try {
      capture.poll();
      if (failing) {
        log.info("The progress of the topology can be read from Kafka again");
        failing = false;
      }
    } catch (InterruptException closing) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException fault) {
      if (!failing && !thread.isShutdown()) {
        log.warn(
            "The progress of the topology cannot be read from Kafka, so no deadline fires: {}",
            fault.getMessage());
        failing = true;
      }
    }
  }
}
