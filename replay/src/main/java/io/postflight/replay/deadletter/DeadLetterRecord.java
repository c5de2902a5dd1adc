package io.postflight.replay.deadletter;

import io.postflight.schema.topic.DeadLetterHeaders;
import io.postflight.schema.topic.RawHeaders;
import io.postflight.schema.topic.RedriveHeaders;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter: the bytes of a record that could not be processed, wholly or in part, and its
 * headers. A missing or malformed header is null.
 */
public final class DeadLetterRecord {
  private final ConsumerRecord<byte[], byte[]> record;
  private final DeadLetterId id;

  /** A record of {@code dead.letters}. */
  public DeadLetterRecord(ConsumerRecord<byte[], byte[]> record) {
    this.record = record;
    this.id = new DeadLetterId(record.partition(), record.offset());
  }

  /** Its position. */
  public DeadLetterId id() {
    return id;
  }

  /**
   * Name of a {@link io.postflight.schema.topic.RejectionReason}; of several rejected entries that
   * of the first.
   */
  public @Nullable String reason() {
    return header(DeadLetterHeaders.REASON);
  }

  /** The names of all reasons. */
  public List<String> reasons() {
    String several = header(DeadLetterHeaders.REASONS);
    String first = reason();
    return several != null
        ? List.of(several.split(",", -1))
        : first == null ? List.of() : List.of(first);
  }

  /** What is wrong, human-readable. */
  public @Nullable String detail() {
    return header(DeadLetterHeaders.DETAIL);
  }

  /** The stage that rejected it. */
  public @Nullable String stage() {
    return header(DeadLetterHeaders.STAGE);
  }

  /** Indices of the rejected entries of the body; null: the whole record. */
  public @Nullable String indices() {
    return header(DeadLetterHeaders.INDICES);
  }

  /** Topic of the source record. */
  public @Nullable String sourceTopic() {
    return header(DeadLetterHeaders.SOURCE_TOPIC);
  }

  /** Position of the source record, {@code topic-partition@offset}, if known. */
  public @Nullable String source() {
    String topic = sourceTopic();
    return topic == null
        ? null
        : topic
            + '-'
            + header(DeadLetterHeaders.SOURCE_PARTITION)
            + '@'
            + header(DeadLetterHeaders.SOURCE_OFFSET);
  }

  /** Timestamp of the source record, epoch milliseconds. */
  public @Nullable Long sourceTimestamp() {
    return number(DeadLetterHeaders.SOURCE_TIMESTAMP);
  }

  /** When the gateway received the webhook, epoch milliseconds; null: not a webhook. */
  public @Nullable Long receivedAt() {
    return number(RawHeaders.RECEIVED_AT);
  }

  /** The tenant, from the webhook's header or the record's key. */
  public @Nullable String tenant() {
    String header = header(RawHeaders.TENANT);
    String key = keyText();
    if (header != null || key == null) {
      return header;
    }
    int bar = key.indexOf('|');
    return bar < 1 ? null : key.substring(0, bar);
  }

  /** The part of the key after the tenant: a message or a user. */
  @Nullable String keySubject() {
    String key = keyText();
    return key == null || key.indexOf('|') < 1 ? null : key.substring(key.indexOf('|') + 1);
  }

  /** The provider of the webhook; null if there is no header. */
  public @Nullable String provider() {
    return header(RawHeaders.PROVIDER);
  }

  /** When the dead letter was written, epoch milliseconds. */
  public long time() {
    return record.timestamp();
  }

  /** How often the record had been redriven before. */
  public int redriveCount() {
    Long count = number(RedriveHeaders.REDRIVE_COUNT);
    return count == null ? 0 : (int) Math.min(count, Integer.MAX_VALUE - 1);
  }

  /** The dead letter that the record was redriven from; null: it was not redriven. */
  public @Nullable String redrivenFrom() {
    return header(RedriveHeaders.REDRIVEN_FROM);
  }

  /** Key of the source record. */
  public byte @Nullable [] key() {
    return record.key();
  }

  /** Value of the source record. */
  public byte @Nullable [] value() {
    return record.value();
  }

  /** All headers by name, the last value of each name, in order; absent values are omitted. */
  public Map<String, byte[]> headers() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    for (Header header : record.headers()) {
      if (header.value() != null) {
        all.put(header.key(), header.value());
      }
    }
    return all;
  }

  Headers recordHeaders() {
    return record.headers();
  }

  private @Nullable String keyText() {
    byte[] key = record.key();
    return key == null ? null : new String(key, StandardCharsets.UTF_8);
  }

  private @Nullable Long number(String name) {
    String text = header(name);
    return text != null && text.matches("[0-9]{1,18}") ? Long.valueOf(text) : null;
  }

  private @Nullable String header(String name) {
    Header header = record.headers().lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
