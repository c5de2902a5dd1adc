package io.postflight.topology.deadletter;

import io.postflight.schema.topic.DeadLetterHeaders;
import io.postflight.schema.topic.RejectionReason;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The reason why a record, or some of its entries, were sent to {@code dead.letters}.
 *
 * @param reason of the first rejected entry
 * @param detail human-readable; truncated if long
 * @param stage that rejected it
 * @param indices the rejected entries ({@link io.postflight.schema.topic.EntryIndices#toHeader()});
 *     null: the whole record
 * @param topic of the source record
 * @param partition of the source record
 * @param offset of the source record
 */
public record DeadLetter(
    RejectionReason reason,
    String detail,
    String stage,
    @Nullable String indices,
    String topic,
    int partition,
    long offset) {
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

  /** The headers of the source record, and those of the dead letter. */
  public Headers headers(Headers source) {
    Headers headers = new RecordHeaders(source.toArray());
    put(headers, DeadLetterHeaders.REASON, reason.name());
    put(headers, DeadLetterHeaders.DETAIL, detail);
    put(headers, DeadLetterHeaders.STAGE, stage);
    put(headers, DeadLetterHeaders.INDICES, indices);
    put(headers, DeadLetterHeaders.SOURCE_TOPIC, topic);
    put(headers, DeadLetterHeaders.SOURCE_PARTITION, Integer.toString(partition));
    put(headers, DeadLetterHeaders.SOURCE_OFFSET, Long.toString(offset));
    return headers;
  }

  /** As {@link #headers(Headers)}, with the timestamp of the source record. */
  public Headers headers(Headers source, long timestamp) {
    Headers headers = headers(source);
    put(headers, DeadLetterHeaders.SOURCE_TIMESTAMP, Long.toString(timestamp));
    return headers;
  }

  private static void put(Headers headers, String name, @Nullable String value) {
    headers.remove(name);
    if (value != null) {
      headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
  }
}
