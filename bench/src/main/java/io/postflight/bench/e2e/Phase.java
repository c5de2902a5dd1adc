package io.postflight.bench.e2e;

import io.postflight.bench.load.LoadResult;
import io.postflight.bench.load.QueryResult;
import io.postflight.bench.process.RoundMeter;
import io.postflight.bench.workload.BenchServers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.HdrHistogram.Histogram;

/**
 * What a phase of load has caused.
 *
 * @param load what was sent
 * @param queries what was read meanwhile
 * @param usages of each role, by its name in figures
 * @param statements that were sent to the database
 * @param stored records of which all rows were acknowledged
 * @param seconds from the first webhook to the last acknowledgement
 * @param latencies from the time at which a webhook was to be sent to the acknowledgement of its
 *     rows, milliseconds
 * @param lagMillis median of the same over the last quarter of the webhooks
 */
record Phase(
    LoadResult load,
    QueryResult queries,
    Map<String, RoundMeter.Usage> usages,
    long statements,
    long stored,
    double seconds,
    Histogram latencies,
    long lagMillis) {
  static final String EVENTS = "eventsPerSecond";
  static final String STATEMENTS = "statementsPerEvent";
  static final String P50 = "latencyMillisP50";
  static final String P99 = "latencyMillisP99";

  private static final double MIB = 1024.0 * 1024;

  /**
   * The figures. Of sink and database they are per record of the tier's topic, else per event in a
   * webhook.
   *
   * @param duration of which events per second are counted
   */
  Map<String, Double> figures(double duration) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put(EVENTS, load.events() / duration);
    figures.put(P50, (double) latencies.getValueAtPercentile(50));
    figures.put(P99, (double) latencies.getValueAtPercentile(99));
    figures.put("latencyMillisP999", (double) latencies.getValueAtPercentile(99.9));
    figures.put(STATEMENTS, (double) statements / stored);
    usages.forEach(
        (role, usage) -> figures.put(cpu(role), usage.cpuMicros() / (double) divisor(role)));
    Objects.requireNonNull(usages.get(Pipeline.SINK), Pipeline.SINK)
        .serverCpuMicros()
        .forEach((server, micros) -> figures.put(cpu(server), micros / (double) divisor(server)));
    figures.putAll(queries.figures());
    figures.putAll(load.figures(load.events()));
    usages.forEach(
        (role, usage) -> {
          figures.put(heap(role), usage.peakHeapBytes() / MIB);
          figures.put(resident(role), usage.peakResidentBytes() / MIB);
        });
    return figures;
  }

  /** The same with what was read meanwhile. */
  Phase with(QueryResult read) {
    return new Phase(load, read, usages, statements, stored, seconds, latencies, lagMillis);
  }

  /** Time of the compilers of all roles, as a share of the CPU time. */
  double compilationShare() {
    double micros = 0;
    double cpuMicros = 1;
    for (RoundMeter.Usage each : usages.values()) {
      micros += 1e3 * each.compilationMillis();
      cpuMicros += each.cpuMicros();
    }
    return micros / cpuMicros;
  }

  private long divisor(String process) {
    return process.equals(Pipeline.SINK) || process.equals(BenchServers.DATABASE)
        ? stored
        : load.events();
  }

  static String cpu(String process) {
    return process + "CpuMicrosPerEvent";
  }

  static String heap(String role) {
    return role + "PeakHeapMiB";
  }

  static String resident(String role) {
    return role + "PeakResidentMiB";
  }
}
