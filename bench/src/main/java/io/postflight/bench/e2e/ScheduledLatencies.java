package io.postflight.bench.e2e;

import io.postflight.bench.role.StoredRecord;
import io.postflight.schema.topic.RawHeaders;
import io.postflight.schema.topic.TopicLog;
import io.postflight.settings.DeploymentSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Latencies from the time at which a webhook was to be sent to the acknowledgement of its rows.
 *
 * <p>The sink knows when the gateway received a webhook, but not when it was to be sent; {@code
 * raw.webhooks} has both, the latter as the request's id. Of webhooks that were received in the
 * same millisecond the greatest delay counts for all, so that no latency is too small.
 */
final class ScheduledLatencies {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final double MICROS = 1e3;

  /** The greatest time from when a webhook was to be sent to its arrival, by time of arrival. */
  private final TreeMap<Long, Long> delays = new TreeMap<>();

  private double firstDueAt = Double.MAX_VALUE;

  private ScheduledLatencies() {}

  /** When the first was to be sent, epoch milliseconds. */
  double firstDueAt() {
    return firstDueAt;
  }

  /** Of records, in milliseconds. */
  Histogram of(List<StoredRecord> records) {
    Histogram latencies = new Histogram(3);
    for (StoredRecord record : records) {
      Map.Entry<Long, Long> delay = delays.floorEntry(record.arrivedAt());
      latencies.recordValue(record.millis() + (delay == null ? 0 : delay.getValue()));
    }
    return latencies;
  }

  /**
   * Of webhooks.
   *
   * @param since they were appended at or after this, epoch milliseconds
   */
  static ScheduledLatencies read(DeploymentSettings settings, long since) {
    ScheduledLatencies latencies = new ScheduledLatencies();
    try (TopicLog log = TopicLog.open(settings.kafka().clientProperties(), TIMEOUT)) {
      String topic = settings.kafka().topics().rawWebhooks();
      log.seek(log.ranges(log.partitions(topic), since, Long.MAX_VALUE));
      log.readToEnd(latencies::add);
    }
    return latencies;
  }

  private void add(ConsumerRecord<byte[], byte[]> webhook) {
    long receivedAt = header(webhook, RawHeaders.RECEIVED_AT);
    double dueAt = header(webhook, RawHeaders.REQUEST_ID) / MICROS;
    firstDueAt = Math.min(firstDueAt, dueAt);
    delays.merge(receivedAt, (long) Math.ceil(Math.max(0, receivedAt - dueAt)), Math::max);
  }

  private static long header(ConsumerRecord<byte[], byte[]> record, String name) {
    return Long.parseLong(
        new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8));
  }
}
