package io.postflight.sink;

import io.postflight.schema.erasure.Erasure;
import io.postflight.store.EventEraser;
import io.postflight.store.EventWriter;
import io.postflight.store.PartitionKey;
import io.postflight.store.Replicas;
import io.postflight.store.Row;
import io.postflight.store.WriteException;
import io.postflight.store.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people of a database that refuses requests because its disk is full, and passes everything
 * on. Such a request is sent again in silence, like one to a database that is away; but a full disk
 * does not come back by itself, so somebody has to hear of it, also when so little is written that
 * the window never fills and the intake goes on.
 */
final class FullDiskWatch implements EventWriter, EventEraser {
  private static final Logger LOG = LoggerFactory.getLogger(FullDiskWatch.class);
  private static final long REMIND_NANOS = Duration.ofMinutes(1).toNanos();

  private final String name;
  private final EventWriter writer;
  private final EventEraser eraser;
  private final Runnable counter;
  private final LongSupplier nanoClock;
  private @Nullable Long lastTold;

  /**
   * @param name of the sink, for the log
   * @param counter called for each request refused
   */
  FullDiskWatch(
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
          Throwable cause =
              failure instanceof CompletionException && failure.getCause() != null
                  ? failure.getCause()
                  : failure;
          if (cause instanceof WriteException why && why.diskFull()) {
            counter.run();
            if (toBeTold()) {
              LOG.warn("Sink {} waits for room: {}", name, why.getMessage());
            }
          }
        });
  }

  private synchronized boolean toBeTold() {
    long now = nanoClock.getAsLong();
    if (lastTold != null && now - lastTold < REMIND_NANOS) {
      return false;
    }
    lastTold = now;
    return true;
  }
}
