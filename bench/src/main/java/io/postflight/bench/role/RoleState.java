package io.postflight.bench.role;

import io.postflight.bench.process.RoundMeter;
import org.jspecify.annotations.Nullable;

/**
 * What a role has done since it was started.
 *
 * @param port that it serves HTTP on; 0: none
 * @param stored records of which all rows are acknowledged
 * @param statements that were sent to the database
 * @param usage since the measurement began, at its end; else null
 */
public record RoleState(int port, long stored, long statements, RoundMeter.@Nullable Usage usage) {
  /** What was used. */
  public RoundMeter.Usage used() {
    if (usage == null) {
      throw new IllegalStateException("the measurement has not ended");
    }
    return usage;
  }
}
