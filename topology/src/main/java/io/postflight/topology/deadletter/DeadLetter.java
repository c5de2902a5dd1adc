package io.postflight.topology.deadletter;

import io.postflight.schema.topic.DeadLetterHeaders;
import io.postflight.schema.topic.RejectionReason;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Why a record, or some entries of it, went to {@code dead.letters}.
 *
 * @param reason of the first rejected entry
 * @param detail for people; cut when it is long
 * @param stage where it was found
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
  /** Stage of what the normalizer rejects. */
  public static final String NORMALIZE = "normalize";

  /** Stage of what the lifecycle rejects. */
  public static final String LIFECYCLE = "lifecycle";

  private static final int MAX_DETAIL = 4096;

  /** Cuts the detail. */
  public DeadLetter {
    if (detail.length() > MAX_DETAIL) {
      detail = detail.substring(0, MAX_DETAIL - 1) + "…";
    }
  }

  /** The source record's own headers and those of the dead letter. */
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

  /** The same, with the source record's time: what cannot be read has no other. */
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
