package io.postflight.topology.runtime;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.postflight.topology.lifecycle.LifecycleProcessor;
import io.postflight.topology.metrics.TopologyMetric;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * Metrics of the state stores of one instance: of each store the sum over its partitions, and of
 * what all stores share.
 *
 * <p>Kafka Streams reads the properties of a store from RocksDB, which may crash the process if the
 * store is closed at that moment: it removes a store from what it reads before it closes it, but
 * does not wait for a read that has begun. So they are read only while it is running; else the last
 * values are reported. What remains is a store that is closed within the microseconds in which one
 * of its properties is read: that of a standby task, of a corrupted task or of a failed thread,
 * which are closed while other threads run, or that of a partition that is revoked just after the
 * check.
 */
public final class StateStoreMetrics implements AutoCloseable {
  private static final List<String> STORES =
      List.of(
          LifecycleProcessor.LIFECYCLES,
          LifecycleProcessor.DEADLINES,
          LifecycleProcessor.ERASURES,
          LifecycleProcessor.ERASURE_SCANS);

  /** By the name of the property in Kafka Streams. */
  private static final Map<String, TopologyMetric> PROPERTIES =
      Map.of(
          "total-sst-files-size", TopologyMetric.STATE_SIZE,
          "size-all-mem-tables", TopologyMetric.STATE_WRITE_BUFFERS,
          "estimate-pending-compaction-bytes", TopologyMetric.STATE_PENDING_COMPACTION);

  private static final String GROUP = "stream-state-metrics";
  private static final String STORE_TAG = "rocksdb-state-id";

  /** All gauges of one scrape are computed of one reading. */
  private static final long MAX_AGE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final MeterRegistry registry;
  private final Supplier<Map<MetricName, ? extends Metric>> streams;
  private final List<Meter> meters = new ArrayList<>();
  private Map<Property, Double> last = Map.of();
  private long readAt = System.nanoTime() - MAX_AGE_NANOS;

  private record Property(String name, String store) {}

  /**
   * Registers the metrics.
   *
   * @param memory shared by the stores
   * @param streams the metrics of Kafka Streams; empty unless it is running
   */
  public StateStoreMetrics(
      MeterRegistry registry,
      RocksMemory memory,
      Supplier<Map<MetricName, ? extends Metric>> streams) {
    this.registry = registry;
    this.streams = streams;
    PROPERTIES.forEach(
        (name, metric) -> {
          for (String store : STORES) {
            Property property = new Property(name, store);
            meters.add(metric.gauge(registry, Tags.of("store", store), () -> value(property)));
          }
        });
    shared(TopologyMetric.STATE_CACHE_CAPACITY, memory, RocksMemory::capacity);
    shared(TopologyMetric.STATE_CACHE_USED, memory, RocksMemory::used);
    count(TopologyMetric.STATE_CACHE_HITS, memory, RocksMemory::hits);
    count(TopologyMetric.STATE_CACHE_MISSES, memory, RocksMemory::misses);
    count(TopologyMetric.STATE_WRITE_STALL, memory, RocksMemory::stalledSeconds);
  }

  private void shared(
      TopologyMetric metric, RocksMemory memory, ToDoubleFunction<RocksMemory> value) {
    meters.add(metric.gauge(registry, Tags.empty(), () -> value.applyAsDouble(memory)));
  }

  private void count(
      TopologyMetric metric, RocksMemory memory, ToDoubleFunction<RocksMemory> value) {
    meters.add(metric.counter(registry, Tags.empty(), memory, value));
  }

  private synchronized double value(Property property) {
    long now = System.nanoTime();
    if (now - readAt >= MAX_AGE_NANOS) {
      readAt = now;
      Map<MetricName, ? extends Metric> all = streams.get();
      if (!all.isEmpty()) {
        last = sums(all);
      }
    }
    return last.getOrDefault(property, 0.0);
  }

  private static Map<Property, Double> sums(Map<MetricName, ? extends Metric> all) {
    Map<Property, Double> sums = new HashMap<>();
    all.forEach(
        (name, metric) -> {
          String store = name.tags().get(STORE_TAG);
          if (store != null && name.group().equals(GROUP) && PROPERTIES.containsKey(name.name())) {
            if (metric.metricValue() instanceof Number value) {
              sums.merge(new Property(name.name(), store), value.doubleValue(), Double::sum);
            }
          }
        });
    return sums;
  }

  /** Removes the metrics; called before the memory is closed. */
  @Override
  public void close() {
    meters.forEach(registry::remove);
  }
}
