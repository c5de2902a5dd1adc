package io.postflight.replay;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.PoisonRecordException;
import io.postflight.sink.SchemaRegistryFailures;
import io.postflight.store.ErasureValidator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/** Decodes records of a tier topic. */
final class TierRecordDecoder implements AutoCloseable {
  /**
   * What bytes report.
   *
   * @param record the record; null if it cannot be decoded or is inconsistent
   * @param fault why the record is null
   */
  record Read(@Nullable TierRecord record, @Nullable String fault) {}

  private final Serde<TierRecord> serde;

  TierRecordDecoder(TierReplay replay) {
    serde = replay.serdes().value(TierRecord.class);
  }

  /**
   * Decodes a record.
   *
   * @throws ReplayException if the schema registry is unavailable
   */
  Read read(ConsumerRecord<byte[], byte[]> source) {
    byte[] value = source.value();
    if (value == null) {
      return new Read(null, "the record has no value");
    }
    try {
      return validated(serde.deserializer().deserialize(source.topic(), source.headers(), value));
    } catch (PoisonRecordException poison) {
      return new Read(null, String.valueOf(poison.getMessage()));
    } catch (SerializationException undecodable) {
      if (SchemaRegistryFailures.registryUnavailable(undecodable)) {
        throw registryUnavailable(undecodable);
      }
      return new Read(null, String.valueOf(undecodable.getMessage()));
    } catch (RetriableException unavailable) {
      throw registryUnavailable(unavailable);
    }
  }

  /** An invalid command was dead-lettered by the sink. */
  private static Read validated(TierRecord record) {
    Erasure command = record.getCommand();
    if (command == null) {
      return new Read(record, null);
    }
    if (record.getMessage() != null || !record.getTimeline().isEmpty()) {
      return new Read(
          null, "erasure '" + command.getId() + "' has rows; allowed: a command without rows");
    }
    try {
      ErasureValidator.require(command);
      return new Read(record, null);
    } catch (IllegalArgumentException notUnderstood) {
      return new Read(null, String.valueOf(notUnderstood.getMessage()));
    }
  }

  private static ReplayException registryUnavailable(RuntimeException failure) {
    return ReplayException.unavailable(
        "the schema registry is unavailable: " + failure.getMessage(), failure);
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
