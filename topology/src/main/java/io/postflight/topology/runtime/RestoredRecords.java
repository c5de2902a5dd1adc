package io.postflight.topology.runtime;

import io.postflight.topology.metrics.TopologyMetrics;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the changelog records that are read to restore state stores. */
public final class RestoredRecords implements StateRestoreListener {
  private static final Logger log = LoggerFactory.getLogger(RestoredRecords.class);

  private final TopologyMetrics metrics;

  public RestoredRecords(TopologyMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void onRestoreStart(TopicPartition changelog, String store, long from, long to) {
    log.debug("Restoring {} from offset {} to {}", changelog, from, to);
  }

  @Override
  public void onBatchRestored(TopicPartition changelog, String store, long to, long records) {
    metrics.restored(store, records);
  }

  @Override
  public void onRestoreEnd(TopicPartition changelog, String store, long records) {
    log.info("Restored {} records of {}", records, changelog);
  }
}
