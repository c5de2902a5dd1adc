package io.postflight.replay;

import io.postflight.schema.message.TierRecord;
import io.postflight.store.Row;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A row to be looked at.
 *
 * @param record what says how it should be
 * @param topic where the record stands
 * @param partition its partition
 * @param offset its offset
 * @param appendedAt when it was appended, epoch milliseconds
 * @param expected how it should be, in the light of what is known to be erased
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
        0,
        0);
  }

  Row row() {
    return expected.row();
  }

  Look again(long nanos) {
    return new Look(record, topic, partition, offset, appendedAt, expected, before + 1, nanos);
  }

  Look expecting(ExpectedRow other) {
    return new Look(record, topic, partition, offset, appendedAt, other, before, dueNanos);
  }
}
