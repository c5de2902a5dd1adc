package io.postflight.store;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Writes rows. Writes are idempotent and commutative. */
public interface EventWriter {
  /**
   * Writes rows of one partition. Never blocks and never throws. The remaining TTL of each row is
   * computed by this call, so a retry has to call it again; expired rows are skipped and counted.
   *
   * <p>Many rows are sent as several requests, so that some may be written although the stage
   * fails.
   *
   * @param samePartition rows with equal {@link Row#partition()}
   * @return completes once the database has acknowledged every row that is not expired; fails with
   *     {@link StoreException} only
   */
  CompletionStage<WriteResult> write(List<Row> samePartition);

  /**
   * Writes rows of one partition through a coordinator, or through another node if that is
   * unavailable.
   *
   * @param coordinator one of {@link Replicas#coordinators()}
   */
  default CompletionStage<WriteResult> write(List<Row> samePartition, Object coordinator) {
    return write(samePartition);
  }

  /** The replicas of a partition. Never blocks and never throws. */
  default Replicas replicas(PartitionKey partition) {
    return Replicas.UNKNOWN;
  }

  /**
   * Writes and reads a canary row, to check that the database accepts writes.
   *
   * @return fails with {@link StoreException} only
   */
  CompletionStage<Void> probe();
}
