package io.postflight.replay;

import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.PoisonRecordException;
import io.postflight.sink.RegistryFaults;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/** Makes records of what a tier's topic holds. */
final class TierRecords implements AutoCloseable {
  /**
   * What bytes tell.
   *
   * @param record what they are; null: nobody can read them
   * @param fault why nobody can
   */
  record Read(@Nullable TierRecord record, @Nullable String fault) {}

  private final Serde<TierRecord> serde;

  TierRecords(TierReplay replay) {
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
      return new Read(
          serde.deserializer().deserialize(source.topic(), source.headers(), value), null);
    } catch (PoisonRecordException poison) {
      return new Read(null, String.valueOf(poison.getMessage()));
    } catch (SerializationException undecodable) {
      if (RegistryFaults.registryIsAway(undecodable)) {
        throw away(undecodable);
      }
      return new Read(null, String.valueOf(undecodable.getMessage()));
    } catch (RetriableException away) {
      throw away(away);
    }
  }

  private static ReplayException away(RuntimeException failure) {
    return ReplayException.away(
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
