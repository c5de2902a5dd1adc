package io.postflight.sink.write;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.PoisonRecordException;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.store.KeyLimits;
import io.postflight.store.Row;
import io.postflight.store.Rows;
import io.postflight.store.Tier;
import java.util.List;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.Deserializer;

/** Decodes a record into the rows to write or the command to apply. */
public final class RecordDecoder {
  /** The result. */
  sealed interface Decoded {}

  /**
   * A record with rows.
   *
   * @param rows one row or more, none too large to be sent
   * @param bytes their total size
   * @param arrivedAt arrival time of the webhook that caused the record, epoch milliseconds
   */
  record DecodedRows(List<Row> rows, long bytes, long arrivedAt) implements Decoded {}

  /**
   * A privacy command.
   *
   * @param command the command
   */
  record Command(Erasure command) implements Decoded {}

  /**
   * A record that can never be stored.
   *
   * @param reason machine-readable
   * @param detail human-readable
   */
  record Rejected(RejectionReason reason, String detail) implements Decoded {}

  /**
   * A record that cannot be decoded now because a dependency is unavailable.
   *
   * @param reason what is unavailable
   */
  record Unavailable(String reason) implements Decoded {}

  private final Deserializer<TierRecord> deserializer;
  private final Tier tier;
  private final int maxRowBytes;

  /**
   * Creates a decoder of a tier's records.
   *
   * @param maxRowBytes maximum size of a row; larger ones are rejected
   */
  public RecordDecoder(Deserializer<TierRecord> deserializer, Tier tier, int maxRowBytes) {
    this.deserializer = deserializer;
    this.tier = tier;
    this.maxRowBytes = maxRowBytes;
  }

  Decoded decode(SourceRecord source) {
    TierRecord record;
    try {
      record =
          ValueDecoder.decodeTierRecord(
              deserializer, source.topic(), source.headers(), source.value());
    } catch (PoisonRecordException poison) {
      return new Rejected(RejectionReason.MALFORMED_BODY, String.valueOf(poison.getMessage()));
    } catch (RetriableException unavailable) {
      return new Unavailable(String.valueOf(unavailable.getMessage()));
    } catch (RuntimeException unexpected) {
      return new Unavailable("reading " + source.describe() + " failed: " + unexpected);
    }
    return record.getCommand() == null ? rows(record) : new Command(record.getCommand());
  }

  private Decoded rows(TierRecord record) {
    List<Row> rows;
    try {
      rows = Rows.of(record, tier);
    } catch (RuntimeException contradictory) {
      return new Rejected(
          RejectionReason.MALFORMED_BODY, String.valueOf(contradictory.getMessage()));
    }
    long bytes = 0;
    for (Row row : rows) {
      String excess = KeyLimits.excess(row);
      if (excess != null) {
        return new Rejected(RejectionReason.TOO_LARGE, excess);
      }
      int size = row.sizeBytes();
      if (size > maxRowBytes) {
        return new Rejected(
            RejectionReason.TOO_LARGE,
            "a row of " + row.table() + " has " + size + " bytes; allowed are " + maxRowBytes);
      }
      bytes += size;
    }
    return new DecodedRows(rows, bytes, record.getArrivedAt());
  }
}
