package io.postflight.bench.load;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What became of the webhooks.
 *
 * @param webhooks how many were sent
 * @param events valid events in them, duplicates included
 * @param failed webhooks that were not answered 200
 * @param cpuMicros CPU time of the process that sent them
 * @param seconds from the first to the answer of the last
 * @param latencyMicros time to the answer by percentile, from the time at which each was to be sent
 */
public record LoadResult(
    long webhooks,
    long events,
    long failed,
    long cpuMicros,
    double seconds,
    Map<String, Long> latencyMicros) {
  /** The figures of the process that sends, and of the answers. */
  public Map<String, Double> figures(long divisor) {
    Map<String, Double> figures = new LinkedHashMap<>();
    latencyMicros.forEach(
        (percentile, micros) -> figures.put("responseMillis" + percentile, micros / 1e3));
    figures.put("loadCpuMicrosPerEvent", (double) cpuMicros / divisor);
    return figures;
  }
}
