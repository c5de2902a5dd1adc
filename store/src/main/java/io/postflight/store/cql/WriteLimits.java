package io.postflight.store.cql;

/**
 * Bounds of single write requests.
 *
 * @param batchRows rows in one batch at most
 * @param batchBytes bytes in one batch at most (a single row may have more); keep it below the
 *     server's batch_size_fail_threshold, 50 KiB unless set otherwise
 * @param rowBytes bytes that a row may have at most
 */
public record WriteLimits(int batchRows, int batchBytes, int rowBytes) {
  /** 20 rows, 48 KiB; rows up to 1 MiB. */
  public static final WriteLimits USUAL = new WriteLimits(20, 48 * 1024, 1024 * 1024);

  public WriteLimits {
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
