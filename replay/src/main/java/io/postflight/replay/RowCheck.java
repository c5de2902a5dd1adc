package io.postflight.replay;

import io.postflight.schema.message.TierRecord;
import io.postflight.store.Row;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A pending check of one row.
 *
 * @param record the record that wrote the row
 * @param topic topic of the record
 * @param partition partition of the record
 * @param offset offset of the record
 * @param appendedAt append time, epoch milliseconds
 * @param expected the expected row, after known erasures
 * @param earlier the previous write of the row, which is expected if this one was never written;
 *     null if unknown
 * @param attempts number of earlier checks
 * @param dueNanos when to check, {@code nanoTime}
 */
record RowCheck(
    TierRecord record,
    String topic,
    int partition,
    long offset,
    long appendedAt,
    ExpectedRow expected,
    @Nullable RowCheck earlier,
    int attempts,
    long dueNanos) {
  static RowCheck first(ConsumerRecord<?, ?> source, TierRecord record, ExpectedRow expected) {
    return new RowCheck(
        record,
        source.topic(),
        source.partition(),
        source.offset(),
        source.timestamp(),
        expected,
        null,
        0,
        0);
  }

  Row row() {
    return expected.row();
  }

  /** Position of its record, human-readable. */
  String position() {
    return topic + '-' + partition + '@' + offset;
  }

  /** Number of writes held in memory. */
  int writes() {
    int writes = 0;
    for (RowCheck each = this; each != null; each = each.earlier) {
      writes++;
    }
    return writes;
  }

  /** Of two checks of one row, the one of the later write, linked to the other. */
  static RowCheck later(RowCheck one, RowCheck other) {
    boolean inOrder = other.timestamp() >= one.timestamp();
    RowCheck last = inOrder ? other : one;
    RowCheck first = inOrder ? one : other;
    return last.with(
        last.expected,
        last.earlier == null ? first : later(last.earlier, first),
        last.attempts,
        last.dueNanos);
  }

  RowCheck again(long nanos) {
    return with(expected, earlier, attempts + 1, nanos);
  }

  RowCheck expecting(ExpectedRow other) {
    return with(other, earlier, attempts, dueNanos);
  }

  private RowCheck with(ExpectedRow row, @Nullable RowCheck first, int checks, long nanos) {
    return new RowCheck(record, topic, partition, offset, appendedAt, row, first, checks, nanos);
  }

  private long timestamp() {
    return row().writeTimestampMicros();
  }
}
