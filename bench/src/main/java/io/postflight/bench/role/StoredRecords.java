package io.postflight.bench.role;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A registry that keeps each value of the sink's end-to-end timer, whose histogram is too coarse to
 * be compared with a goal, and does not know when a record arrived.
 */
public final class StoredRecords extends PrometheusMeterRegistry {
  /** The sink's timer. */
  public static final String TIMER = "postflight.end.to.end";

  private final Queue<StoredRecord> records = new ConcurrentLinkedQueue<>();

  /** An empty registry. */
  public StoredRecords() {
    super(PrometheusConfig.DEFAULT);
  }

  /** The records since the last call. */
  public List<StoredRecord> take() {
    List<StoredRecord> taken = new ArrayList<>();
    for (StoredRecord next = records.poll(); next != null; next = records.poll()) {
      taken.add(next);
    }
    return taken;
  }

  @Override
  protected Timer newTimer(Meter.Id id, DistributionStatisticConfig config, PauseDetector pauses) {
    Timer timer = super.newTimer(id, config, pauses);
    return id.getName().equals(TIMER) ? new ObservedTimer(timer) : timer;
  }

  private final class ObservedTimer implements Timer {
    private final Timer timer;

    ObservedTimer(Timer timer) {
      this.timer = timer;
    }

    @Override
    public void record(long amount, TimeUnit unit) {
      long millis = unit.toMillis(amount);
      records.add(new StoredRecord(System.currentTimeMillis() - millis, millis));
      timer.record(amount, unit);
    }

    @Override
    public <T> T record(Supplier<T> timed) {
      return timer.record(timed);
    }

    @Override
    public <T> T recordCallable(Callable<T> timed) throws Exception {
      return timer.recordCallable(timed);
    }

    @Override
    public void record(Runnable timed) {
      timer.record(timed);
    }

    @Override
    public long count() {
      return timer.count();
    }

    @Override
    public double totalTime(TimeUnit unit) {
      return timer.totalTime(unit);
    }

    @Override
    public double max(TimeUnit unit) {
      return timer.max(unit);
    }

    @Override
    public TimeUnit baseTimeUnit() {
      return timer.baseTimeUnit();
    }

    @Override
    public HistogramSnapshot takeSnapshot() {
      return timer.takeSnapshot();
    }

    @Override
    public Id getId() {
      return timer.getId();
    }
  }
}
