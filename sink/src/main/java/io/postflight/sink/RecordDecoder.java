package io.postflight.sink;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.PoisonRecordException;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.store.ErasureRules;
import io.postflight.store.KeyLimits;
import io.postflight.store.Row;
import io.postflight.store.Rows;
import io.postflight.store.Tier;
import java.util.List;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** What a record's bytes would have the sink write. */
final class RecordDecoder {
  /** The answer. */
  sealed interface Decoded {}

  /**
   * It stands for these rows.
   *
   * @param rows one or more, none too large to be sent
   * @param bytes their size together
   * @param arrivedAt when what caused the record arrived, epoch milliseconds
   */
  record Good(List<Row> rows, long bytes, long arrivedAt) implements Decoded {}

  /**
   * It is a command.
   *
   * @param command what is to be erased
   */
  record Command(Erasure command) implements Decoded {}

  /**
   * It can never be stored.
   *
   * @param reason for machines
   * @param detail for people
   */
  record Poison(RejectionReason reason, String detail) implements Decoded {}

  /**
   * It cannot be read now, through no fault of its own.
   *
   * @param reason what is away
   */
  record Unreadable(String reason) implements Decoded {}

  private final Deserializer<TierRecord> deserializer;
  private final Tier tier;
  private final int maxRowBytes;

  RecordDecoder(Deserializer<TierRecord> deserializer, Tier tier, int maxRowBytes) {
    this.deserializer = deserializer;
    this.tier = tier;
    this.maxRowBytes = maxRowBytes;
  }

  Decoded decode(SourceRecord source) {
    byte[] value = source.value();
    if (value == null) {
      return new Poison(RejectionReason.MALFORMED_BODY, "the record has no value");
    }
    TierRecord record;
    try {
      record = deserializer.deserialize(source.topic(), source.headers(), value);
    } catch (PoisonRecordException poison) {
      return new Poison(RejectionReason.MALFORMED_BODY, String.valueOf(poison.getMessage()));
    } catch (SerializationException undecodable) {
      return RegistryFaults.registryIsAway(undecodable)
          ? new Unreadable(String.valueOf(undecodable.getMessage()))
          : new Poison(RejectionReason.MALFORMED_BODY, String.valueOf(undecodable.getMessage()));
    } catch (RetriableException away) {
      return new Unreadable(String.valueOf(away.getMessage()));
    } catch (RuntimeException unexpected) {
      return new Unreadable("reading " + source.describe() + " failed: " + unexpected);
    }
    return record.getCommand() == null ? rows(record) : command(record, record.getCommand());
  }

  /**
   * A command that is not understood as a whole is not applied in part: the dead letters keep it
   * for a version that understands it.
   */
  private static Decoded command(TierRecord record, Erasure command) {
    if (record.getMessage() != null || !record.getTimeline().isEmpty()) {
      return new Poison(
          RejectionReason.MALFORMED_BODY,
          "erasure '" + command.getId() + "' comes with rows; a command stands alone");
    }
    try {
      ErasureRules.require(command);
      return new Command(command);
    } catch (IllegalArgumentException notUnderstood) {
      return new Poison(RejectionReason.MALFORMED_BODY, String.valueOf(notUnderstood.getMessage()));
    }
  }

  private Decoded rows(TierRecord record) {
    List<Row> rows;
    try {
      rows = Rows.of(record, tier);
    } catch (RuntimeException contradictory) {
      return new Poison(RejectionReason.MALFORMED_BODY, String.valueOf(contradictory.getMessage()));
    }
    long bytes = 0;
    for (Row row : rows) {
      String excess = KeyLimits.excess(row);
      if (excess != null) {
        return new Poison(RejectionReason.TOO_LARGE, excess);
      }
      int size = row.sizeBytes();
      if (size > maxRowBytes) {
        return new Poison(
            RejectionReason.TOO_LARGE,
            "a row of " + row.table() + " has " + size + " bytes; allowed are " + maxRowBytes);
      }
      bytes += size;
    }
    return new Good(rows, bytes, record.getArrivedAt());
  }
}
