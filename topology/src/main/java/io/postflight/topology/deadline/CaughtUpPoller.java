package io.postflight.topology.deadline;

import io.postflight.schema.topic.Topics;
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
 * {@link CaughtUp} of a consumer group, determined by polling the broker every few seconds. While
 * the broker is unavailable, the time does not advance.
 */
public final class CaughtUpPoller implements CaughtUp, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CaughtUpPoller.class);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(20);

  private final TwoStageCapture capture;
  private final KafkaLogProgress progress;
  private final Admin admin;
  private final ScheduledExecutorService thread;
  private boolean failing;

  private CaughtUpPoller(PollerSettings settings, LongSupplier clock) {
    KafkaConsumer<byte[], byte[]> probe = new KafkaConsumer<>(settings.probe());
    try {
      admin = Admin.create(settings.admin());
    } catch (RuntimeException refused) {
      probe.close();
      throw refused;
    }
    progress = new KafkaLogProgress(admin, settings.group(), probe, REQUEST_TIMEOUT);
    capture =
        new TwoStageCapture(
            settings.topics().rawWebhooks(), settings.topics().events(), progress, clock);
    thread =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread named = new Thread(work, "caught-up-" + settings.group());
              named.setDaemon(true);
              return named;
            });
  }

  /**
   * Settings of the poller.
   *
   * @param client connection settings of Kafka clients: bootstrap servers and security
   * @param group the consumer group (application id of the Streams application)
   * @param topics of the deployment: {@code raw.webhooks} and {@code events} are followed
   * @param interval time between two polls
   */
  public record PollerSettings(
      Map<String, Object> client, String group, Topics topics, Duration interval) {
    public PollerSettings {
      client = Map.copyOf(client);
      if (interval.toMillis() < 1) {
        throw new IllegalArgumentException("interval is " + interval + "; allowed: 1 ms or more");
      }
    }

    private Map<String, Object> admin() {
      Map<String, Object> config = new HashMap<>(client);
      config.put("client.id", group + "-caught-up");
      return config;
    }

    private Map<String, Object> probe() {
      Map<String, Object> config = new HashMap<>(client);
      config.put("client.id", group + "-caught-up-probe");
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
    progress.close();
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
