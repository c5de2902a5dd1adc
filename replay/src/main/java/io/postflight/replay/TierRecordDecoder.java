package io.postflight.replay;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.PoisonRecordException;
import io.postflight.sink.SchemaRegistryFailures;
import io.postflight.store.ErasureRules;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/** Makes records of what a tier's topic holds. */
final class TierRecordDecoder implements AutoCloseable {
  /**
   * What bytes tell.
   *
   * @param record what they are; null: nobody can read them, or they contradict themselves
   * @param fault why that is so
   */
  record Read(@Nullable TierRecord record, @Nullable String fault) {}

  private final Serde<TierRecord> serde;

  TierRecordDecoder(TierReplay replay) {
    serde = replay.serdes().value(TierRecord.class);
  }

  /**
   * Reads one.
   *
   * @throws ReplayException if the schema registry is away
   */
  Read read(ConsumerRecord<byte[], byte[]> source) {
    byte[] value = source.value();
    if (value == null) {
      return new Read(null, "the record has no value");
    }
    try {
      return sound(serde.deserializer().deserialize(source.topic(), source.headers(), value));
    } catch (PoisonRecordException poison) {
      return new Read(null, String.valueOf(poison.getMessage()));
    } catch (SerializationException undecodable) {
      if (SchemaRegistryFailures.registryUnavailable(undecodable)) {
        throw away(undecodable);
      }
      return new Read(null, String.valueOf(undecodable.getMessage()));
    } catch (RetriableException away) {
      throw away(away);
    }
  }

  /** A command that is not understood as a whole the sink has made a dead letter of. */
  private static Read sound(TierRecord record) {
    Erasure command = record.getCommand();
    if (command == null) {
      return new Read(record, null);
    }
    if (record.getMessage() != null || !record.getTimeline().isEmpty()) {
      return new Read(
          null, "erasure '" + command.getId() + "' comes with rows; a command stands alone");
    }
    try {
      ErasureRules.require(command);
      return new Read(record, null);
    } catch (IllegalArgumentException notUnderstood) {
      return new Read(null, String.valueOf(notUnderstood.getMessage()));
    }
  }

  private static ReplayException away(RuntimeException failure) {
    return ReplayException.unavailable(
        "the schema registry does not answer: " + failure.getMessage(), failure);
  }

  /** Where a record stands, for people. */
  static String describe(ConsumerRecord<?, ?> record) {
    return record.topic() + '-' + record.partition() + '@' + record.offset();
  }

  @Override
  public void close() {
    serde.close();
  }
}
