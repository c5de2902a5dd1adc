package io.postflight.schema.recovery;

import io.postflight.schema.topic.TopicFollower;
import io.postflight.schema.topic.TopicLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows topic {@code recoveries}: compacted, one partition, key the tier, value the name of its
 * {@link RecoveryPhase} as text. It can be read without the schema registry, since it decides
 * whether a person's data is returned and erased.
 *
 * <p>Instances that serve reads publish their progress there, too (key {@code instance/<name>},
 * value the offset up to which they have read), at each change and every minute, so that the start
 * of a recovery can wait until all live instances have read it. One more record is the version of
 * the topics' format ({@link TopicFormat}).
 *
 * <p>{@link #current} reads to an end that is captured after the call, so that a durable phase is
 * never missed. Failed reads are retried; an unknown value counts as {@link RecoveryPhase#LOADING},
 * the more restrictive phase.
 */
public final class RecoveryFeed implements Recoveries, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RecoveryFeed.class);
  private static final long TIMEOUT_MILLIS = 5_000;
  private static final Duration ANNOUNCE = Duration.ofSeconds(60);

  /** An instance without an announcement for this time is considered dead. */
  private static final Duration ALIVE = ANNOUNCE.multipliedBy(3);

  private final TopicFollower follower;
  private final RecoveryState state = new RecoveryState();
  private final @Nullable Announcer announcer;

  /** The phases in {@link #state} after the last poll. */
  private volatile Map<String, RecoveryPhase> phases = Map.of();

  /**
   * A phase that was written.
   *
   * @param offset of its record
   * @param at when, by the broker's clock, epoch milliseconds
   */
  public record Written(long offset, long at) {}

  private RecoveryFeed(Map<String, ?> kafka, String topic, @Nullable Announcer announcer) {
    this.announcer = announcer;
    try {
      follower = TopicFollower.of(kafka, topic).build(new RecoveryListener());
    } catch (RuntimeException refused) {
      if (announcer != null) {
        announcer.close();
      }
      throw refused;
    }
    var unused = follower.start();
  }

  /**
   * Begins to follow the topic and returns at once.
   *
   * @param kafka client settings, {@code bootstrap.servers} at least
   */
  public static RecoveryFeed start(Map<String, ?> kafka, String topic) {
    return new RecoveryFeed(kafka, topic, null);
  }

  /**
   * As {@link #start}, for an instance that serves reads, which announces how far it has read.
   *
   * @param instance its name, unique among all that run
   */
  public static RecoveryFeed announcing(Map<String, ?> kafka, String topic, String instance) {
    return new RecoveryFeed(
        kafka, topic, new Announcer(producer(kafka), topic, RecoveryState.INSTANCE + instance));
  }

  /**
   * The tiers that are in recovery now.
   *
   * @param kafka client settings, {@code bootstrap.servers} at least; Kafka may take {@code
   *     default.api.timeout.ms} to respond, 5 seconds if there is none
   * @throws KafkaException if Kafka does not respond, or the topic is missing
   */
  public static Map<String, RecoveryPhase> read(Map<String, ?> kafka, String topic) {
    return present(kafka, topic).phases();
  }

  /**
   * The live instances that serve reads and have not read a phase yet.
   *
   * @throws KafkaException if Kafka does not respond, or the topic is missing
   */
  public static List<String> notAcknowledged(Map<String, ?> kafka, String topic, Written phase) {
    return present(kafka, topic).behind(phase, phase.at() - ALIVE.toMillis());
  }

  private static RecoveryState present(Map<String, ?> kafka, String topic) {
    RecoveryState present = new RecoveryState();
    Object millis = kafka.get(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG);
    Duration timeout =
        Duration.ofMillis(millis == null ? TIMEOUT_MILLIS : Long.parseLong(millis.toString()));
    try (TopicLog log = TopicLog.open(kafka, timeout)) {
      log.seek(log.ranges(List.of(log.onlyPartition(topic)), 0, Long.MAX_VALUE));
      log.readToEnd(present::apply);
    }
    return present;
  }

  /**
   * Writes the phase of a tier; returns once all replicas have it.
   *
   * @param phase null: the tier is not in recovery any more
   * @throws KafkaException if it could not be written
   */
  public static Written write(
      Map<String, ?> kafka, String topic, String tier, @Nullable RecoveryPhase phase) {
    return append(kafka, topic, tier, phase == null ? null : phase.name());
  }

  /** Appends a record; returns once all replicas have it. */
  static Written append(Map<String, ?> kafka, String topic, String key, @Nullable String value) {
    try (KafkaProducer<byte[], byte[]> producer = producer(kafka)) {
      RecordMetadata written = producer.send(record(topic, key, value)).get();
      return new Written(written.offset(), written.timestamp());
    } catch (ExecutionException failed) {
      throw new KafkaException(
          "'%s' could not be written to topic '%s'".formatted(key, topic), failed.getCause());
    } catch (InterruptedException interrupted) {
      throw new InterruptException(interrupted);
    }
  }

  /** Why the topic cannot be followed, such as several partitions; empty: it is followed. */
  public Optional<String> refusal() {
    return follower.refusal();
  }

  @Override
  public boolean loaded() {
    return follower.isCaughtUp();
  }

  @Override
  public Optional<RecoveryPhase> known(String tier) {
    return Optional.ofNullable(phases.get(tier));
  }

  @Override
  public CompletionStage<Optional<RecoveryPhase>> current(String tier) {
    return follower.readToEnd().thenApply(read -> known(tier));
  }

  @Override
  public void close() {
    follower.close();
    if (announcer != null) {
      announcer.close();
    }
  }

  /** Swaps the phases after each poll, and announces the position. */
  private final class RecoveryListener implements TopicFollower.FollowerListener {
    private boolean announcementDue;

    @Override
    public void record(ConsumerRecord<byte[], byte[]> record) {
      announcementDue |= state.apply(record);
    }

    @Override
    public void restarted() {
      state.clear();
      announcementDue = true;
    }

    @Override
    public void polled(long position, boolean caughtUp) {
      if (caughtUp && !state.phases().equals(phases)) {
        phases = state.phases();
        LOG.info("Tiers in recovery: {}", phases.isEmpty() ? "none" : phases);
      }
      if (caughtUp && announcer != null) {
        announcer.announce(position, announcementDue);
        announcementDue = false;
      }
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(Map<String, ?> kafka) {
    Map<String, Object> config = new HashMap<>(kafka);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static ProducerRecord<byte[], byte[]> record(
      String topic, String key, @Nullable String value) {
    return new ProducerRecord<>(
        topic,
        0,
        key.getBytes(StandardCharsets.UTF_8),
        value == null ? null : value.getBytes(StandardCharsets.UTF_8));
  }

  /** Announces how far this instance has read. */
  private static final class Announcer {
    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final String key;
    private long last;
    private volatile boolean announced;

    private Announcer(KafkaProducer<byte[], byte[]> producer, String topic, String key) {
      this.producer = producer;
      this.topic = topic;
      this.key = key;
    }

    private void announce(long position, boolean changed) {
      long now = System.nanoTime();
      if (changed || !announced || now - last >= ANNOUNCE.toNanos()) {
        last = now;
        announced = true;
        send(Long.toString(position));
      }
    }

    private void send(@Nullable String value) {
      var unused =
          producer.send(
              record(topic, key, value),
              (written, failure) -> {
                if (failure != null) {
                  LOG.warn("Topic '{}' accepted no announcement: {}", topic, failure.getMessage());
                }
              });
    }

    private void close() {
      try {
        if (announced) {
          send(null);
        }
      } catch (KafkaException unavailable) {
        LOG.debug("The end of this instance is not announced", unavailable);
      } finally {
        producer.close(Duration.ofSeconds(2));
      }
    }
  }
}
