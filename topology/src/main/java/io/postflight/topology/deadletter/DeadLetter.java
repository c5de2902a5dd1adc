package io.postflight.topology.deadletter;

import io.postflight.schema.topic.DeadLetterHeaders;
import io.postflight.schema.topic.RejectionReason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The reason why a record, or some of its entries, were sent to {@code dead.letters}.
 *
 * @param reasons of the rejected entries, each once, in their order
 * @param detail human-readable; truncated if long
 * @param stage that rejected it
 * @param indices the rejected entries ({@link io.postflight.schema.topic.EntryIndices#toHeader()});
 *     null: the whole record
 */
public record DeadLetter(
    Set<RejectionReason> reasons, String detail, String stage, @Nullable String indices) {
  /** Stage of records rejected by the normalizer. */
  public static final String NORMALIZE = "normalize";

  /** Stage of records rejected by the lifecycle. */
  public static final String LIFECYCLE = "lifecycle";

  private static final int MAX_DETAIL = 4096;

  /** Truncates the detail. */
  public DeadLetter {
    if (detail.length() > MAX_DETAIL) {
      detail = detail.substring(0, MAX_DETAIL - 1) + "…";
    }
  }

  /** The lifecycle rejects a record as a whole. */
  public static DeadLetter ofLifecycle(RejectionReason reason, String detail) {
    return new DeadLetter(Set.of(reason), detail, LIFECYCLE, null);
  }

  /** The headers of the source record, and those of the dead letter. */
  public Headers headers(Headers source, RecordMetadata at) {
    return headers(source, at.topic(), at.partition(), at.offset());
  }

  /** The headers of the source record, and those of the dead letter, with its timestamp. */
  public Headers headers(ConsumerRecord<?, ?> source) {
    Headers headers =
        headers(source.headers(), source.topic(), source.partition(), source.offset());
    putTimestamp(headers, source.timestamp());
    return headers;
  }

  /** Adds the timestamp of the source record to the headers of a dead letter. */
  public static void putTimestamp(Headers headers, long timestamp) {
    put(headers, DeadLetterHeaders.SOURCE_TIMESTAMP, Long.toString(timestamp));
  }

  private Headers headers(Headers source, String topic, int partition, long offset) {
    Headers headers = new RecordHeaders(source.toArray());
    List<String> names = reasons.stream().map(RejectionReason::name).toList();
    put(headers, DeadLetterHeaders.REASON, names.get(0));
    put(headers, DeadLetterHeaders.REASONS, names.size() == 1 ? null : String.join(",", names));
    put(headers, DeadLetterHeaders.DETAIL, detail);
    put(headers, DeadLetterHeaders.STAGE, stage);
    put(headers, DeadLetterHeaders.INDICES, indices);
    put(headers, DeadLetterHeaders.SOURCE_TOPIC, topic);
    put(headers, DeadLetterHeaders.SOURCE_PARTITION, Integer.toString(partition));
    put(headers, DeadLetterHeaders.SOURCE_OFFSET, Long.toString(offset));
    return headers;
  }

  private static void put(Headers headers, String name, @Nullable String value) {
    headers.remove(name);
    if (value != null) {
      headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
  }
}
