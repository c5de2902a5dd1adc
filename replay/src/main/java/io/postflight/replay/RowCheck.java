package io.postflight.replay;

import io.postflight.schema.message.TierRecord;
import io.postflight.store.Row;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A row to be looked at.
 *
 * @param record what says how it should be
 * @param topic where the record stands
 * @param partition its partition
 * @param offset its offset
 * @param appendedAt when it was appended, epoch milliseconds
 * @param expected how it should be, in the light of what is known to be erased
 * @param earlier the write of the row before this one, which says how it should be if this one was
 *     never written; null: none is known
 * @param before how often it has been looked at before
 * @param dueNanos when to look, by the JVM's clock of intervals
 */
record RowCheck(
    TierRecord record,
    String topic,
    int partition,
    long offset,
    long appendedAt,
    ExpectedRow expected,
    @Nullable RowCheck earlier,
    int before,
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

  /** Where its record stands, for people. */
  String place() {
    return topic + '-' + partition + '@' + offset;
  }

  /** How many writes it keeps in memory. */
  int writes() {
    int writes = 0;
    for (RowCheck each = this; each != null; each = each.earlier) {
      writes++;
    }
    return writes;
  }

  /** Of two looks at one row the one at the later write, with the other before it. */
  static RowCheck later(RowCheck one, RowCheck other) {
    boolean inOrder = other.timestamp() >= one.timestamp();
    RowCheck last = inOrder ? other : one;
    RowCheck first = inOrder ? one : other;
    return last.with(
        last.expected,
        last.earlier == null ? first : later(last.earlier, first),
        last.before,
        last.dueNanos);
  }

  RowCheck again(long nanos) {
    return with(expected, earlier, before + 1, nanos);
  }

  RowCheck expecting(ExpectedRow other) {
    return with(other, earlier, before, dueNanos);
  }

  private RowCheck with(ExpectedRow row, @Nullable RowCheck first, int looks, long nanos) {
    return new RowCheck(record, topic, partition, offset, appendedAt, row, first, looks, nanos);
  }

  private long timestamp() {
    return row().writeTimestampMicros();
  }
}
