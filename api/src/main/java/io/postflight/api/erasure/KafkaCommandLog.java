package io.postflight.api.erasure;

import com.linecorp.armeria.common.util.ThreadFactories;
import io.postflight.api.gateway.KafkaSender;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureIds;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.topic.TopicFollower;
import io.postflight.schema.topic.TopicLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The erasure ledger in topic {@code erasures}. */
public final class KafkaCommandLog implements CommandLog {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaCommandLog.class);
  private static final int MAX_QUEUED_SEARCHES = 16;

  /** Clock skew tolerated between an id's time and the append time. */
  private static final long SLACK_MILLIS = 3_600_000;

  private static final Duration APPEND_TIMEOUT = Duration.ofSeconds(5);

  /** Of a lookup of an old id. */
  private static final Duration SEARCH_TIMEOUT = Duration.ofSeconds(5);

  private final LedgerSettings settings;
  private final KafkaSender sender;
  private final AvroSerdes serdes;
  private final InstantSource clock;

  /** Confined to the sender's thread. */
  private final Serde<Erasure> serde;

  /** Used by the follower's thread only. */
  private final Serde<Erasure> followed;

  /** A search blocks, so it has a thread of its own; the second is for another tenant's. */
  private final ExecutorService searcher =
      new ThreadPoolExecutor(
          2,
          2,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MAX_QUEUED_SEARCHES),
          ThreadFactories.newThreadFactory("postflight-ledger-search", true));

  private @Nullable TopicFollower follower;

  /**
   * Settings of the ledger.
   *
   * @param kafka client settings, at least {@code bootstrap.servers}
   * @param topic of the ledger
   * @param followedFrom how far back following starts
   */
  public record LedgerSettings(Map<String, ?> kafka, String topic, Duration followedFrom) {}

  /**
   * Creates a ledger over a topic with one partition.
   *
   * @param producer configured by {@link io.postflight.api.gateway.KafkaSender#producerConfig}:
   *     idempotent, acks=all; closed by the caller, after the ledger
   * @param serdes whose wait for an unavailable registry is shorter than the append timeout
   */
  public KafkaCommandLog(
      LedgerSettings settings,
      Producer<byte[], byte[]> producer,
      AvroSerdes serdes,
      InstantSource clock) {
    this.settings = settings;
    this.sender = new KafkaSender(producer, settings.topic(), APPEND_TIMEOUT);
    this.serdes = serdes;
    this.clock = clock;
    this.serde = serdes.value(Erasure.class);
    this.followed = serdes.value(Erasure.class);
  }

  @Override
  public CompletableFuture<Void> append(Erasure entry) {
    return sender.send(
        () ->
            new ProducerRecord<>(
                settings.topic(),
                0,
                entry.getId().getBytes(StandardCharsets.UTF_8),
                serde.serializer().serialize(settings.topic(), entry)));
  }

  @Override
  public synchronized CompletableFuture<Void> follow(Consumer<Erasure> each) {
    if (follower != null) {
      throw new IllegalStateException("the ledger is already followed");
    }
    follower =
        TopicFollower.of(settings.kafka(), settings.topic())
            .from(Math.max(0, clock.millis() - settings.followedFrom().toMillis()))
            .build(record -> pass(record, each));
    return follower.start();
  }

  private void pass(ConsumerRecord<byte[], byte[]> record, Consumer<Erasure> each) {
    if (record.value() == null) {
      return;
    }
    Erasure entry;
    try {
      entry = followed.deserializer().deserialize(record.topic(), record.headers(), record.value());
    } catch (SerializationException poison) {
      // Stopping here would fail all reads of all tenants; the sinks handle such a record
      // independently.
      LOG.error(
          "Record {} of ledger '{}' cannot be decoded; reads are not guarded against it",
          record.offset(),
          record.topic(),
          poison);
      return;
    }
    each.accept(entry);
  }

  @Override
  public CompletableFuture<List<Erasure>> find(String id) {
    try {
      return CompletableFuture.supplyAsync(() -> search(id), searcher);
    } catch (RejectedExecutionException closedOrFull) {
      return CompletableFuture.failedFuture(closedOrFull);
    }
  }

  @Override
  public synchronized void close() {
    searcher.shutdownNow();
    if (follower != null) {
      follower.close();
    }
    sender.close();
    followed.close();
    serde.close();
  }

  /**
   * The command, its notices, and those that extend it with theirs, in order. An id contains the
   * command's time: that at which the command was appended, approximately, and equal for all of
   * them. What was appended so much later that time runs out before it is left out.
   */
  private List<Erasure> search(String id) {
    List<Erasure> found = new ArrayList<>();
    OptionalLong time = ErasureIds.timeOf(id);
    if (time.isEmpty()) {
      return found;
    }
    long deadline = System.nanoTime() + SEARCH_TIMEOUT.toNanos();
    try (TopicLog log = TopicLog.open(settings.kafka(), SEARCH_TIMEOUT.plusSeconds(1));
        Serde<Erasure> searched = serdes.value(Erasure.class)) {
      TopicPartition partition = log.onlyPartition(settings.topic());
      long from = Math.max(0, time.getAsLong() - SLACK_MILLIS);
      log.seek(log.ranges(List.of(partition), from, Long.MAX_VALUE));
      while (!log.isDone() && !Receipt.of(id, found).map(Receipt::done).orElse(false)) {
        for (ConsumerRecord<byte[], byte[]> record : log.poll()) {
          if (isOf(time, record.key()) && record.value() != null) {
            Erasure entry =
                searched
                    .deserializer()
                    .deserialize(record.topic(), record.headers(), record.value());
            if (entry.getId().equals(id) || id.equals(entry.getRoot())) {
              found.add(entry);
            }
          }
        }
        if (System.nanoTime() - deadline > 0) {
          break;
        }
      }
      if (found.isEmpty() && !log.isDone()) {
        throw new TimeoutException("the ledger was read for " + SEARCH_TIMEOUT + " without an end");
      }
    }
    return found;
  }

  private static boolean isOf(OptionalLong time, byte @Nullable [] key) {
    return key != null && ErasureIds.timeOf(new String(key, StandardCharsets.UTF_8)).equals(time);
  }
}
