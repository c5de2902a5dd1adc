package io.postflight.schema.topic;

/**
 * Names of the headers of a record in {@code dead.letters}, besides the source record's own. Values
 * are UTF-8 text.
 */
public final class DeadLetterHeaders {
  /** One of {@link RejectionReason}'s names; of several rejected entries that of the first. */
  public static final String REASON = "reason";

  /** Comma-separated names of all reasons; absent if there is only one. */
  public static final String REASONS = "reasons";

  /** Human-readable detail. */
  public static final String DETAIL = "detail";

  /** The stage that rejected it: {@code normalize}, {@code lifecycle}, {@code sink}. */
  public static final String STAGE = "stage";

  /** Comma-separated indices of the rejected entries in the body; absent: the whole record. */
  public static final String INDICES = "indices";

  /** Topic of the source record. */
  public static final String SOURCE_TOPIC = "source-topic";

  /** Partition of the source record, decimal. */
  public static final String SOURCE_PARTITION = "source-partition";

  /** Offset of the source record, decimal. */
  public static final String SOURCE_OFFSET = "source-offset";

  /** Timestamp of the source record, epoch milliseconds, decimal; absent if it is irrelevant. */
  public static final String SOURCE_TIMESTAMP = "source-timestamp";

  private DeadLetterHeaders() {}
}
