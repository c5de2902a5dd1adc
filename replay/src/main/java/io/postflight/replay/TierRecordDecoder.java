package io.postflight.replay;

import io.postflight.schema.message.TierRecord;
import io.postflight.sink.write.ValueDecoder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.Serde;

/** Decodes records of a tier topic. */
final class TierRecordDecoder implements AutoCloseable {
  private final Serde<TierRecord> serde;

  TierRecordDecoder(TierReplay replay) {
    serde = replay.serdes().value(TierRecord.class);
  }

  /**
   * Decodes a record.
   *
   * @throws io.postflight.schema.serde.PoisonRecordException if the sink has dead-lettered it: it
   *     cannot be decoded, or its command is invalid
   * @throws ReplayException if the schema registry is unavailable
   */
  TierRecord decode(ConsumerRecord<byte[], byte[]> source) {
    try {
      return ValueDecoder.decodeTierRecord(
          serde.deserializer(), source.topic(), source.headers(), source.value());
    } catch (RetriableException unavailable) {
      throw ReplayException.unavailable(
          "the schema registry is unavailable: " + unavailable.getMessage(), unavailable);
    }
  }

  /** Position of a record, human-readable. */
  static String describe(ConsumerRecord<?, ?> record) {
    return record.topic() + '-' + record.partition() + '@' + record.offset();
  }

  @Override
  public void close() {
    serde.close();
  }
}
