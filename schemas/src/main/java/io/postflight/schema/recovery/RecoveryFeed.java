package io.postflight.schema.recovery;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows topic {@code recoveries}: compacted, one partition, key the tier, value the name of its
 * {@link RecoveryPhase} as text. No registry is needed to read it, since it decides whether a
 * person's data is shown and erased.
 *
 * <p>Whoever answers reads announces itself there too (key {@code instance/<name>}, value the
 * offset up to which it has read), at each change and every minute, so that whoever begins a
 * recovery can wait until all that are alive know of it.
 *
 * <p>{@link #current} reads to an end that is captured after the call, so that a phase that is
 * durable is never missed. What cannot be read is waited for; a value that is not understood counts
 * as {@link RecoveryPhase#LOADING}, which shows and skips nothing.
 */
public final class RecoveryFeed implements Recoveries, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RecoveryFeed.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final String INSTANCE = "instance/";
  private static final Duration ANNOUNCE = Duration.ofSeconds(60);

  /** An instance that has not announced itself for so long is taken for dead. */
  private static final Duration ALIVE = ANNOUNCE.multipliedBy(3);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final TopicPartition partition;
  private final Thread thread;
  private volatile Map<String, RecoveryPhase> phases = Map.of();
  private volatile boolean loaded;
  private volatile boolean closed;
  private boolean assigned;
  private boolean announcementDue;
  private boolean unavailable;
  private final Map<String, Seen> instances = new HashMap<>();
  private final @Nullable Announcer announcer;

  /** Guards {@code requests}. */
  private final Object lock = new Object();

  private List<Request> requests = new ArrayList<>();

  /**
   * What an instance has announced.
   *
   * @param position the offset up to which it has read
   * @param at when, by the broker's clock, epoch milliseconds
   */
  private record Seen(long position, long at) {}

  /**
   * A phase that was written.
   *
   * @param offset of its record
   * @param at when, by the broker's clock, epoch milliseconds
   */
  public record Written(long offset, long at) {}

  private record Request(String tier, CompletableFuture<Optional<RecoveryPhase>> answer) {}

  private RecoveryFeed(
      KafkaConsumer<byte[], byte[]> consumer, String topic, @Nullable Announcer announcer) {
    this.announcer = announcer;
    this.consumer = consumer;
    this.partition = new TopicPartition(topic, 0);
    this.thread = new Thread(this::run, "recovery-feed");
    thread.setDaemon(true);
  }

  /**
   * Begins to follow the topic and returns at once.
   *
   * @param kafka client settings, {@code bootstrap.servers} at least
   */
  public static RecoveryFeed start(Map<String, ?> kafka, String topic) {
    RecoveryFeed feed = new RecoveryFeed(consumer(kafka), topic, null);
    feed.thread.start();
    return feed;
  }

  /**
   * The same for one who answers reads, and says so.
   *
   * @param instance its name, unique among all that run
   */
  public static RecoveryFeed announcing(Map<String, ?> kafka, String topic, String instance) {
    Announcer announcer = new Announcer(producer(kafka), topic, INSTANCE + instance);
    RecoveryFeed feed = new RecoveryFeed(consumer(kafka), topic, announcer);
    feed.thread.start();
    return feed;
  }

  /**
   * The tiers that are in recovery now.
   *
   * @param kafka client settings, {@code bootstrap.servers} at least
   * @throws KafkaException if Kafka does not answer, or the topic is missing
   */
  public static Map<String, RecoveryPhase> read(Map<String, ?> kafka, String topic) {
    return once(kafka, topic).phases;
  }

  /**
   * Who answers reads, is alive, and has not read a phase yet.
   *
   * @throws KafkaException if Kafka does not answer, or the topic is missing
   */
  public static List<String> unaware(Map<String, ?> kafka, String topic, Written phase) {
    return once(kafka, topic).instances.entrySet().stream()
        .filter(each -> each.getValue().position() <= phase.offset())
        .filter(each -> each.getValue().at() >= phase.at() - ALIVE.toMillis())
        .map(each -> each.getKey().substring(INSTANCE.length()))
        .sorted()
        .toList();
  }

  private static RecoveryFeed once(Map<String, ?> kafka, String topic) {
    RecoveryFeed once = new RecoveryFeed(consumer(kafka), topic, null);
    try {
      if (!once.assign()) {
        throw missing();
      }
      once.readToEnd();
      return once;
    } finally {
      once.consumer.close(CloseOptions.timeout(TIMEOUT));
    }
  }

  /**
   * Writes the phase of a tier; returns once all replicas have it.
   *
   * @param phase null: the tier is not in recovery any more
   * @throws KafkaException if it could not be written
   */
  public static Written write(
      Map<String, ?> kafka, String topic, String tier, @Nullable RecoveryPhase phase) {
    try (KafkaProducer<byte[], byte[]> producer = producer(kafka)) {
      RecordMetadata written =
          producer.send(record(topic, tier, phase == null ? null : phase.name())).get();
      return new Written(written.offset(), written.timestamp());
    } catch (ExecutionException failed) {
      throw new KafkaException(
          "the recovery of tier %s could not be written to '%s'".formatted(tier, topic),
          failed.getCause());
    } catch (InterruptedException interrupted) {
      throw new InterruptException(interrupted);
    }
  }

  @Override
  public boolean loaded() {
    return loaded;
  }

  @Override
  public Optional<RecoveryPhase> known(String tier) {
    return Optional.ofNullable(phases.get(tier));
  }

  @Override
  public CompletionStage<Optional<RecoveryPhase>> current(String tier) {
    Request request = new Request(tier, new CompletableFuture<>());
    synchronized (lock) {
      if (closed) {
        return CompletableFuture.failedFuture(new KafkaException("recoveries are not followed"));
      }
      requests.add(request);
    }
    consumer.wakeup();
    return request.answer();
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
    }
    consumer.wakeup();
    try {
      thread.join(TIMEOUT.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(Map<String, ?> kafka) {
    Map<String, Object> config = new HashMap<>(kafka);
    config.remove(ConsumerConfig.GROUP_ID_CONFIG);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
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

  /** Says how far this instance has read. */
  private static final class Announcer {
    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final String key;
    private long last;
    private boolean announced;

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
                  LOG.warn("Topic '{}' took no announcement: {}", topic, failure.getMessage());
                }
              });
    }

    private void close() {
      try {
        send(null);
      } catch (KafkaException unavailable) {
        LOG.debug("Not said that this instance is gone", unavailable);
      }
      producer.close(Duration.ofSeconds(2));
    }
  }

  private void run() {
    try {
      while (!closed) {
        serve();
      }
    } finally {
      synchronized (lock) {
        closed = true;
      }
      fail(taken(), new KafkaException("recoveries are not followed any more"));
      if (announcer != null) {
        announcer.close();
      }
      consumer.close(CloseOptions.timeout(TIMEOUT));
    }
  }

  private void serve() {
    List<Request> asked = taken();
    try {
      if (!assign()) {
        throw missing();
      }
      if (!loaded || !asked.isEmpty()) {
        readToEnd();
        loaded = true;
        asked.forEach(request -> request.answer().complete(known(request.tier())));
      } else {
        apply(consumer.poll(POLL));
      }
      if (loaded && announcer != null) {
        announcer.announce(consumer.position(partition, TIMEOUT), announcementDue);
        announcementDue = false;
      }
      unavailable = false;
    } catch (WakeupException moreRequests) {
      synchronized (lock) {
        asked.stream().filter(request -> !request.answer().isDone()).forEach(requests::add);
      }
    } catch (KafkaException failure) {
      if (!unavailable) {
        LOG.warn("Topic '{}' cannot be read: {}", partition.topic(), failure.getMessage());
      }
      unavailable = true;
      fail(asked, failure);
      pause();
    }
  }

  private static KafkaException missing() {
    return new KafkaException("it is missing; 'postflight topics apply' makes it");
  }

  private boolean assign() {
    if (!assigned) {
      List<PartitionInfo> partitions = consumer.partitionsFor(partition.topic(), TIMEOUT);
      if (partitions == null || partitions.isEmpty()) {
        return false;
      }
      consumer.assign(Set.of(partition));
      consumer.seekToBeginning(Set.of(partition));
      assigned = true;
    }
    return true;
  }

  private void readToEnd() {
    long end = consumer.endOffsets(Set.of(partition), TIMEOUT).getOrDefault(partition, 0L);
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (consumer.position(partition, TIMEOUT) < end) {
      apply(consumer.poll(POLL));
      if (System.nanoTime() - deadline > 0) {
        throw new org.apache.kafka.common.errors.TimeoutException(
            "Kafka does not answer within " + TIMEOUT);
      }
    }
  }

  private void apply(Iterable<ConsumerRecord<byte[], byte[]>> records) {
    Map<String, RecoveryPhase> next = new HashMap<>(phases);
    for (ConsumerRecord<byte[], byte[]> record : records) {
      String key = new String(record.key(), StandardCharsets.UTF_8);
      String value =
          record.value() == null ? null : new String(record.value(), StandardCharsets.UTF_8);
      if (key.startsWith(INSTANCE)) {
        heard(key, value, record.timestamp());
      } else {
        announcementDue = true;
        if (value == null) {
          next.remove(key);
        } else {
          next.put(key, phase(value));
        }
      }
    }
    if (!next.equals(phases)) {
      LOG.info("Tiers in recovery: {}", next.isEmpty() ? "none" : next);
      phases = Map.copyOf(next);
    }
  }

  private void heard(String instance, @Nullable String position, long at) {
    if (position == null || !position.matches("[0-9]{1,18}")) {
      instances.remove(instance);
    } else {
      instances.put(instance, new Seen(Long.parseLong(position), at));
    }
  }

  private static RecoveryPhase phase(String value) {
    return value.equals(RecoveryPhase.ERASING.name())
        ? RecoveryPhase.ERASING
        : RecoveryPhase.LOADING;
  }

  private List<Request> taken() {
    synchronized (lock) {
      List<Request> taken = requests;
      requests = new ArrayList<>();
      return taken;
    }
  }

  private static void fail(List<Request> requests, KafkaException failure) {
    requests.forEach(request -> request.answer().completeExceptionally(failure));
  }

  private void pause() {
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException interrupted) {
      throw new InterruptException(interrupted);
    }
  }
}
