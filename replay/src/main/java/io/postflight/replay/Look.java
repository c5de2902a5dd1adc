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
record Look(
    TierRecord record,
    String topic,
    int partition,
    long offset,
    long appendedAt,
    ExpectedRow expected,
    @Nullable Look earlier,
    int before,
    long dueNanos) {
  static Look first(ConsumerRecord<?, ?> source, TierRecord record, ExpectedRow expected) {
    return new Look(
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
    for (Look each = this; each != null; each = each.earlier) {
      writes++;
    }
    return writes;
  }

  /** Of two looks at one row the one at the later write, with the other before it. */
  static Look later(Look one, Look other) {
    boolean inOrder = other.timestamp() >= one.timestamp();
    Look last = inOrder ? other : one;
    Look first = inOrder ? one : other;
    return last.with(
        last.expected,
        last.earlier == null ? first : later(last.earlier, first),
        last.before,
        last.dueNanos);
  }

  Look again(long nanos) {
    return with(expected, earlier, before + 1, nanos);
  }

  Look expecting(ExpectedRow other) {
    return with(other, earlier, before, dueNanos);
  }

  private Look with(ExpectedRow row, @Nullable Look first, int looks, long nanos) {
    return new Look(record, topic, partition, offset, appendedAt, row, first, looks, nanos);
  }

  private long timestamp() {
    return row().writeTimestampMicros();
  }
}
