package io.postflight.store.cql;

/**
 * Limits of single write requests.
 *
 * @param batchRows maximum rows of one batch
 * @param batchBytes maximum bytes of one batch (a single row may have more); should be below the
 *     server's batch_size_fail_threshold, by default 50 KiB
 * @param rowBytes maximum bytes of a row
 */
public record BatchLimits(int batchRows, int batchBytes, int rowBytes) {
  /** 20 rows, 48 KiB; rows up to 1 MiB. */
  public static final BatchLimits DEFAULT = new BatchLimits(20, 48 * 1024, 1024 * 1024);

  public BatchLimits {
    requireAtLeastOne("batchRows", batchRows);
    requireAtLeastOne("batchBytes", batchBytes);
    requireAtLeastOne("rowBytes", rowBytes);
  }

  private static void requireAtLeastOne(String field, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(field + " is " + value + "; allowed is 1 or more");
    }
  }
}
