package io.postflight.bench.role;

import io.postflight.bench.process.RoundMeter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a role has done since it was started.
 *
 * @param port that it serves HTTP on; 0: none
 * @param caughtUpAsOf up to when it has processed its input, epoch milliseconds; 0: unknown
 * @param stored records of which all rows but those of listings are acknowledged
 * @param inFlight rows that are neither acknowledged nor rejected
 * @param statements that were sent to the database
 * @param records those of which all rows were acknowledged since they were last taken
 * @param usage since the measurement began, at its end; else null
 */
public record RoleState(
    int port,
    long caughtUpAsOf,
    long stored,
    long inFlight,
    long statements,
    List<StoredRecord> records,
    RoundMeter.@Nullable Usage usage) {
  /** Copies the list. */
  public RoleState {
    records = List.copyOf(records);
  }

  /** What was used. */
  public RoundMeter.Usage used() {
    if (usage == null) {
      throw new IllegalStateException("the measurement has not ended");
    }
    return usage;
  }
}
