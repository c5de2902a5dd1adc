package io.postflight.api.explain;

import com.linecorp.armeria.common.util.ThreadFactories;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.RawReference;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.topic.OffsetRange;
import io.postflight.schema.topic.RecordKeys;
import io.postflight.schema.topic.TopicLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Reads the deliveries of a message from the topic {@code events}: the part of the message's
 * partition that arrived since its first event, until the budget is used up.
 */
public final class KafkaEventLog implements EventLog, AutoCloseable {
  /** Searches at a time; each has a consumer. */
  public static final int CONCURRENT = 2;

  /** A record of a topic may be appended some time after the webhook's arrival, its timestamp. */
  private static final long EARLIER = Duration.ofMinutes(10).toMillis();

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Map<String, ?> kafka;
  private final String topic;
  private final Deserializer<MessageEvent> values;
  private final Duration budget;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          CONCURRENT, ThreadFactories.newThreadFactory("postflight-explain", true));

  /**
   * @param kafka client settings, {@code bootstrap.servers} at least
   * @param topic of events
   * @param budget how long one search may take
   */
  public KafkaEventLog(Map<String, ?> kafka, String topic, AvroSerdes serdes, Duration budget) {
    this.kafka = kafka;
    this.topic = topic;
    this.values = serdes.value(MessageEvent.class).deserializer();
    this.budget = budget;
  }

  @Override
  public CompletableFuture<Deliveries> of(String tenant, String messageId, long since) {
    byte[] key = RecordKeys.ofMessage(tenant, messageId).getBytes(StandardCharsets.UTF_8);
    return CompletableFuture.supplyAsync(() -> search(key, Math.max(0, since - EARLIER)), threads);
  }

  private Deliveries search(byte[] key, long since) {
    long end = System.nanoTime() + budget.toNanos();
    List<MessageEvent> found = new ArrayList<>();
    try (TopicLog log = TopicLog.open(kafka, TIMEOUT)) {
      List<TopicPartition> partitions = log.partitions(topic);
      // As producers choose the partition of a key.
      TopicPartition own = partitions.get(Utils.toPositive(Utils.murmur2(key)) % partitions.size());
      OffsetRange range = log.ranges(List.of(own), since, Long.MAX_VALUE).get(own);
      OffsetRange all = log.ranges(List.of(own), 0, Long.MAX_VALUE).get(own);
      if (range == null || all == null) {
        return new Deliveries(List.of(), false);
      }
      log.seek(Map.of(own, range));
      Set<RawReference> entries = new HashSet<>();
      while (!log.isDone() && System.nanoTime() < end) {
        for (ConsumerRecord<byte[], byte[]> record : log.poll()) {
          MessageEvent event = Arrays.equals(key, record.key()) ? event(record) : null;
          // The normalizer may write an event twice, which is no second delivery.
          if (event != null && (event.getRaw() == null || entries.add(event.getRaw()))) {
            found.add(event);
          }
        }
      }
      boolean deleted = all.from() > 0 && range.from() == all.from();
      return new Deliveries(found, log.isDone() && !deleted);
    }
  }

  private @Nullable MessageEvent event(ConsumerRecord<byte[], byte[]> record) {
    try {
      return record.value() == null
          ? null
          : values.deserialize(record.topic(), record.headers(), record.value());
    } catch (SerializationException poison) {
      return null; // a dead letter
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
