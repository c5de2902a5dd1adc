package io.postflight.bench.process;

import com.sun.management.ThreadMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Measures one round: what this process and the servers use between the first statement or request
 * and the end of the last. Thread-safe.
 */
public final class RoundMeter {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Map<String, Long> servers;
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile @Nullable Snapshot start;

  /**
   * Measures beside this process others.
   *
   * @param servers process ids by name
   */
  public RoundMeter(Map<String, Long> servers) {
    this.servers = Map.copyOf(servers);
  }

  /**
   * What one round used.
   *
   * @param seconds its duration
   * @param cpuMicros CPU time of this process
   * @param serverCpuMicros CPU time of each server, by name
   * @param writtenBytes bytes that this process wrote, to all servers
   * @param allocatedBytes bytes that its Java threads allocated; of a thread that has ended, none
   * @param peakHeapBytes sum of the largest used sizes of its heap's pools
   * @param peakResidentBytes its largest resident set
   * @param collectionMillis time of its garbage collections
   * @param compilationMillis time of its compilers
   */
  public record Usage(
      double seconds,
      long cpuMicros,
      Map<String, Long> serverCpuMicros,
      long writtenBytes,
      long allocatedBytes,
      long peakHeapBytes,
      long peakResidentBytes,
      long collectionMillis,
      long compilationMillis) {
    /**
     * What processes used that were measured at the same time, as if they were one. That of the
     * servers is the first's, since each has measured all of it.
     */
    public static Usage together(List<Usage> all) {
      return new Usage(
          all.stream().mapToDouble(Usage::seconds).max().orElseThrow(),
          sum(all, Usage::cpuMicros),
          all.get(0).serverCpuMicros(),
          sum(all, Usage::writtenBytes),
          sum(all, Usage::allocatedBytes),
          sum(all, Usage::peakHeapBytes),
          sum(all, Usage::peakResidentBytes),
          sum(all, Usage::collectionMillis),
          sum(all, Usage::compilationMillis));
    }

    private static long sum(List<Usage> all, ToLongFunction<Usage> part) {
      return all.stream().mapToLong(part).sum();
    }

    /** Share of its CPU time that went to its compilers; 0 once it is warm. */
    public double compilationShare() {
      return cpuMicros == 0 ? 0 : 1000.0 * compilationMillis / cpuMicros;
    }
  }

  private record Snapshot(
      long nanos,
      ProcessUsage self,
      Map<String, Long> serverCpuMicros,
      Map<Long, Long> allocated,
      long collectionMillis,
      long compilationMillis) {}

  /** Begins the round; every call but the first has no effect. */
  public void begin() {
    if (!begun.get() && begun.compareAndSet(false, true)) {
      ProcessUsage.resetPeak(ProcessHandle.current().pid());
      heap(MemoryPoolMXBean::resetPeakUsage);
      start = snapshot();
    }
  }

  /** Whether it has begun. */
  public boolean hasBegun() {
    return begun.get();
  }

  /** Ends the round. */
  public Usage end() {
    Snapshot before = start;
    if (before == null) {
      throw new IllegalStateException("the round has ended before it began");
    }
    Snapshot after = snapshot();
    Map<String, Long> ofServers = new TreeMap<>();
    after
        .serverCpuMicros()
        .forEach(
            (name, micros) ->
                ofServers.put(name, micros - before.serverCpuMicros().getOrDefault(name, 0L)));
    long allocated = 0;
    for (Map.Entry<Long, Long> thread : after.allocated().entrySet()) {
      allocated += thread.getValue() - before.allocated().getOrDefault(thread.getKey(), 0L);
    }
    long[] peak = new long[1];
    heap(pool -> peak[0] += pool.getPeakUsage().getUsed());
    return new Usage(
        (after.nanos() - before.nanos()) / 1e9,
        after.self().cpuMicros() - before.self().cpuMicros(),
        ofServers,
        after.self().writtenBytes() - before.self().writtenBytes(),
        allocated,
        peak[0],
        after.self().peakResidentBytes(),
        after.collectionMillis() - before.collectionMillis(),
        after.compilationMillis() - before.compilationMillis());
  }

  private Snapshot snapshot() {
    Map<String, Long> cpu = new HashMap<>();
    servers.forEach((name, pid) -> cpu.put(name, ProcessUsage.of(pid).cpuMicros()));
    Map<Long, Long> allocated = new HashMap<>();
    long[] ids = THREADS.getAllThreadIds();
    long[] bytes = THREADS.getThreadAllocatedBytes(ids);
    for (int i = 0; i < ids.length; i++) {
      if (bytes[i] >= 0) {
        allocated.put(ids[i], bytes[i]);
      }
    }
    long collections =
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .mapToLong(GarbageCollectorMXBean::getCollectionTime)
            .sum();
    return new Snapshot(
        System.nanoTime(),
        ProcessUsage.of(ProcessHandle.current().pid()),
        cpu,
        allocated,
        collections,
        ManagementFactory.getCompilationMXBean().getTotalCompilationTime());
  }

  private static void heap(Consumer<MemoryPoolMXBean> each) {
    ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .forEach(each);
  }
}
