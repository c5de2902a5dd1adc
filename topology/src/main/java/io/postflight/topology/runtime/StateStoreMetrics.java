package io.postflight.topology.runtime;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.postflight.topology.lifecycle.LifecycleProcessor;
import io.postflight.topology.metrics.TopologyMetric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * Metrics of the state stores of one instance: the size on disk of each, over its partitions, and
 * what all stores share.
 *
 * <p>Kafka Streams has metrics of each store, which it reads from RocksDB; that would crash the
 * process if the store is closed in the meantime, as in a rebalance. So sizes are those of files.
 */
public final class StateStoreMetrics implements AutoCloseable {
  private static final List<String> STORES =
      List.of(
          LifecycleProcessor.LIFECYCLES,
          LifecycleProcessor.DEADLINES,
          LifecycleProcessor.ERASURES,
          LifecycleProcessor.ERASURE_SCANS);

  /** Within it, files are not listed again. */
  private static final long MAX_AGE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final MeterRegistry registry;
  private final Path state;
  private final List<Meter> meters = new ArrayList<>();
  private Map<String, Long> sizes = Map.of();
  private long readAt = System.nanoTime() - MAX_AGE_NANOS;

  /**
   * Registers the metrics.
   *
   * @param memory shared by the stores
   * @param state directory in which the files of each store are in one of its own name
   */
  public StateStoreMetrics(MeterRegistry registry, RocksMemory memory, Path state) {
    this.registry = registry;
    this.state = state;
    for (String store : STORES) {
      meters.add(
          TopologyMetric.STATE_SIZE.gauge(registry, Tags.of("store", store), () -> size(store)));
    }
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

  private synchronized double size(String store) {
    long now = System.nanoTime();
    if (now - readAt >= MAX_AGE_NANOS) {
      readAt = now;
      sizes = sizes(state);
    }
    return sizes.getOrDefault(store, 0L);
  }

  /** Sums of the sizes of files, by the name of their directory. */
  private static Map<String, Long> sizes(Path state) {
    Map<String, Long> sizes = new HashMap<>();
    try {
      Files.walkFileTree(
          state,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              sizes.merge(
                  file.getName(file.getNameCount() - 2).toString(), attributes.size(), Long::sum);
              return FileVisitResult.CONTINUE;
            }

            /** It was deleted in the meantime. */
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return sizes;
  }

  /** Removes the metrics; called before the memory is closed. */
  @Override
  public void close() {
    meters.forEach(registry::remove);
  }
}
