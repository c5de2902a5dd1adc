package io.postflight.sink.write;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.postflight.store.Table;
import io.postflight.store.WriteResult;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** The meters of one tier's sink. */
public final class SinkMetrics implements AutoCloseable {
  private final MeterRegistry registry;
  private final Tags tags;
  private final LongSupplier clock;
  private final List<Meter> meters = new ArrayList<>();
  private final Map<Table, Counter> written = new EnumMap<>(Table.class);
  private final Map<Table, Counter> expired = new EnumMap<>(Table.class);
  private final Map<Table, Counter> retried = new EnumMap<>(Table.class);
  private final Map<Table, Counter> rejected = new EnumMap<>(Table.class);
  private final Counter statements;
  private final Counter undecodable;
  private final Counter erased;
  private final Counter erasuresRetried;
  private final Counter erasuresRejected;
  private final Counter diskFull;
  private final Timer writeTime;
  private final Timer endToEnd;

  /**
   * Registers the meters of a tier, except its gauges.
   *
   * @param tier the tier's name, plus the lane's if it is not the main lane
   * @param clock epoch milliseconds
   */
  public SinkMetrics(MeterRegistry registry, String tier, LongSupplier clock) {
    this.registry = registry;
    this.tags = Tags.of("tier", tier);
    this.clock = clock;
    for (Table table : Table.values()) {
      written.put(table, writes(table.cqlName(), "written"));
      expired.put(table, writes(table.cqlName(), "expired"));
      retried.put(table, writes(table.cqlName(), "retried"));
      rejected.put(table, writes(table.cqlName(), "dead_lettered"));
    }
    statements = keep(SinkMetric.STATEMENTS.counter(registry, tags));
    undecodable = writes("none", "dead_lettered");
    erased = writes("all", "erased");
    erasuresRetried = writes("all", "retried");
    erasuresRejected = writes("all", "dead_lettered");
    diskFull = keep(SinkMetric.DISK_FULL.counter(registry, tags));
    writeTime = keep(SinkMetric.WRITE_TIME.timer(registry, tags));
    endToEnd = keep(SinkMetric.END_TO_END.timer(registry, tags));
  }

  /** Registers gauges over values that other classes hold. */
  public void gauges(
      DoubleSupplier inFlight,
      DoubleSupplier paused,
      DoubleSupplier oldest,
      DoubleSupplier lag,
      DoubleSupplier partitionsPaused) {
    gauge(SinkMetric.IN_FLIGHT, inFlight);
    gauge(SinkMetric.PAUSED, paused);
    gauge(SinkMetric.OLDEST_UNACKED, oldest);
    gauge(SinkMetric.PARTITIONS_PAUSED, partitionsPaused);
    gauge(SinkMetric.LAG, lag);
  }

  /** A statement is sent. */
  public void sent() {
    statements.increment();
  }

  /** A statement succeeded. */
  public void written(Table table, WriteResult result, long nanos) {
    of(written, table).increment(result.written());
    of(expired, table).increment(result.expired());
    writeTime.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** A statement will be retried. */
  public void retried(Table table, int rows) {
    of(retried, table).increment(rows);
  }

  /** A row was rejected permanently. */
  public void rejected(Table table) {
    of(rejected, table).increment();
  }

  /** A record could not be decoded. */
  void undecodable() {
    undecodable.increment();
  }

  /** A command was applied to this many rows. */
  public void erased(long rows) {
    erased.increment((double) rows);
  }

  /** A command will be retried. */
  public void erasureRetried() {
    erasuresRetried.increment();
  }

  /** A command was rejected permanently. */
  public void erasureRejected() {
    erasuresRejected.increment();
  }

  /** The database rejected a request because its disk is full; it will be retried. */
  public void diskFull() {
    diskFull.increment();
  }

  /** All rows of a record are acknowledged. */
  void stored(long arrivedAt) {
    endToEnd.record(Math.max(0, clock.getAsLong() - arrivedAt), TimeUnit.MILLISECONDS);
  }

  /** Removes the meters from the registry. */
  @Override
  public void close() {
    meters.forEach(registry::remove);
  }

  private static Counter of(Map<Table, Counter> counters, Table table) {
    Counter counter = counters.get(table);
    if (counter == null) {
      throw new IllegalStateException("no counter for " + table);
    }
    return counter;
  }

  private Counter writes(String table, String outcome) {
    return keep(SinkMetric.WRITES.counter(registry, tags.and("table", table, "outcome", outcome)));
  }

  private void gauge(SinkMetric metric, DoubleSupplier value) {
    keep(metric.gauge(registry, tags, value));
  }

  private <M extends Meter> M keep(M meter) {
    meters.add(meter);
    return meter;
  }
}
