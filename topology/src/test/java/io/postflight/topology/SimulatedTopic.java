package io.postflight.topology;

import io.postflight.schema.message.TierRecord;
import java.util.ArrayList;
import java.util.List;

/** A partition of a topic that is written in transactions and read committed. */
final class SimulatedTopic {
  private final List<AppendedRecord> entries = new ArrayList<>();

  /** A transaction of one producer. */
  static final class Transaction {
    static final Transaction COMMITTED = new Transaction();

    static {
      COMMITTED.commit();
    }

    private boolean committed;
    private boolean aborted;

    void commit() {
      committed = true;
    }

    void abort() {
      aborted = true;
    }
  }

  /** A record, with the transaction that it is part of. */
  record AppendedRecord(Transaction transaction, String key, Object value) {}

  void append(AppendedRecord entry) {
    entries.add(entry);
  }

  AppendedRecord get(int offset) {
    return entries.get(offset);
  }

  /** The offset of the next record that may be read; -1: none. */
  int next(int offset) {
    for (int at = offset; at < entries.size(); at++) {
      Transaction transaction = entries.get(at).transaction();
      if (transaction.committed) {
        return at;
      }
      if (!transaction.aborted) {
        return -1;
      }
    }
    return -1;
  }

  /** The committed records of a tier's topic. */
  List<TierRecord> committed() {
    return entries.stream()
        .filter(entry -> entry.transaction().committed)
        .map(entry -> (TierRecord) entry.value())
        .toList();
  }
}
