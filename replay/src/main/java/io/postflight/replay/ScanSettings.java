package io.postflight.replay;

import java.util.function.LongSupplier;

/**
 * Settings of a {@link RecoveryScan}.
 *
 * @param slices number of token ranges per table; the unit of progress
 * @param pageRows rows per page
 * @param mostCommands subjects of derived commands in memory, of about 200 bytes each
 * @param rate rows per second; 0: unlimited
 */
public record ScanSettings(int slices, int pageRows, int mostCommands, LongSupplier rate) {
  /** 1,024 slices, pages of 1,000 rows, 500,000 commands. */
  public static ScanSettings of(LongSupplier rate) {
    return new ScanSettings(1_024, 1_000, 500_000, rate);
  }
}
