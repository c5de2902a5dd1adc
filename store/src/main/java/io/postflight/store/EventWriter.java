package io.postflight.store;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Writes rows. Writing a row any number of times, in any order with others, ends in one state. */
public interface EventWriter {
  /**
   * Writes rows of one partition. Never blocks and never throws. The time that is left to each row
   * is computed at this call, so a retry calls again; rows whose life is over are left out and
   * counted.
   *
   * <p>Many rows are sent as several requests; then some may be written although the stage fails.
   *
   * @param samePartition rows with equal {@link Row#partition()}
   * @return completes once the database has acknowledged every row that is not expired; fails with
   *     {@link WriteException} only
   */
  CompletionStage<WriteResult> write(List<Row> samePartition);

  /**
   * The same through a coordinator. Should it be out of reach, another one is taken.
   *
   * @param coordinator one of {@link Replicas#coordinators()}
   */
  default CompletionStage<WriteResult> write(List<Row> samePartition, Object coordinator) {
    return write(samePartition);
  }

  /** Who holds a partition. Never blocks and never throws. */
  default Replicas replicas(PartitionKey partition) {
    return Replicas.UNKNOWN;
  }

  /**
   * Writes and reads a row of no meaning, to see whether the database takes writes.
   *
   * @return fails with {@link WriteException} only
   */
  CompletionStage<Void> probe();
}
