package io.postflight.sink.write;

import io.postflight.schema.concurrent.FutureFailures;
import io.postflight.schema.erasure.Erasure;
import io.postflight.store.EventEraser;
import io.postflight.store.EventWriter;
import io.postflight.store.PartitionKey;
import io.postflight.store.Replicas;
import io.postflight.store.Row;
import io.postflight.store.StoreException;
import io.postflight.store.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports that the database rejects requests because its disk is full, and delegates everything.
 * Such a request is retried like one to an unavailable database, but a full disk does not recover
 * by itself. So an operator is warned, even if so little is written that the window never fills and
 * consumption continues.
 */
public final class DiskFullMonitor implements EventWriter, EventEraser {
  private static final Logger LOG = LoggerFactory.getLogger(DiskFullMonitor.class);
  private static final long REMIND_NANOS = Duration.ofMinutes(1).toNanos();

  private final String name;
  private final EventWriter writer;
  private final EventEraser eraser;
  private final Runnable counter;
  private final LongSupplier nanoClock;
  private @Nullable Long lastReported;

  /**
   * Wraps a writer and an eraser.
   *
   * @param name name of the sink, for the log
   * @param counter called for each rejected request
   */
  public DiskFullMonitor(
      String name,
      EventWriter writer,
      EventEraser eraser,
      Runnable counter,
      LongSupplier nanoClock) {
    this.name = name;
    this.writer = writer;
    this.eraser = eraser;
    this.counter = counter;
    this.nanoClock = nanoClock;
  }

  @Override
  public CompletionStage<WriteResult> write(List<Row> samePartition) {
    return watch(writer.write(samePartition));
  }

  @Override
  public CompletionStage<WriteResult> write(List<Row> samePartition, Object coordinator) {
    return watch(writer.write(samePartition, coordinator));
  }

  @Override
  public Replicas replicas(PartitionKey partition) {
    return writer.replicas(partition);
  }

  @Override
  public CompletionStage<Void> probe() {
    return watch(writer.probe());
  }

  @Override
  public CompletionStage<Long> erase(Erasure command, long timestampMicros) {
    return watch(eraser.erase(command, timestampMicros));
  }

  private <T> CompletionStage<T> watch(CompletionStage<T> request) {
    return request.whenComplete(
        (done, failure) -> {
          if (failure != null
              && FutureFailures.unwrap(failure) instanceof StoreException why
              && why.diskFull()) {
            counter.run();
            if (shouldReport()) {
              LOG.warn("Sink {} awaits free disk space: {}", name, why.getMessage());
            }
          }
        });
  }

  private synchronized boolean shouldReport() {
    long now = nanoClock.getAsLong();
    if (lastReported != null && now - lastReported < REMIND_NANOS) {
      return false;
    }
    lastReported = now;
    return true;
  }
}
