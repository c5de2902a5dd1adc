package io.postflight.demo;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.postflight.sink.write.SinkMetric;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Percentiles of the time from arrival to stored, from the sinks' own histograms. */
final class Latencies {
  private final Map<Double, Double> cumulative = new TreeMap<>();
  private boolean whole = true;
  private long count;
  private double longest;

  private Latencies() {}

  static Latencies of(MeterRegistry meters) {
    Latencies latencies = new Latencies();
    for (Timer timer : meters.find(SinkMetric.END_TO_END.definition().name()).timers()) {
      latencies.count += timer.count();
      latencies.longest = Math.max(latencies.longest, timer.max(TimeUnit.MILLISECONDS));
      for (CountAtBucket bucket : timer.takeSnapshot().histogramCounts()) {
        latencies.cumulative.merge(
            bucket.bucket(TimeUnit.MILLISECONDS), bucket.count(), Double::sum);
      }
    }
    return latencies;
  }

  /** Latencies of the records since an earlier snapshot of the same histograms. */
  Latencies since(Latencies earlier) {
    Latencies since = new Latencies();
    since.count = count - earlier.count;
    since.longest = longest;
    since.whole = false;
    cumulative.forEach(
        (bucket, records) ->
            since.cumulative.put(bucket, records - earlier.cumulative.getOrDefault(bucket, 0.0)));
    return since;
  }

  /** Number of records. */
  long count() {
    return count;
  }

  /**
   * The lowest bucket boundary that covers this share of the records, milliseconds; 0 if there are
   * none.
   *
   * @param share such as 0.99
   */
  double percentile(double share) {
    for (Map.Entry<Double, Double> bucket : cumulative.entrySet()) {
      if (bucket.getValue() >= count * share) {
        // The maximum covers all records, not only the later ones.
        return whole && longest > 0 ? Math.min(bucket.getKey(), longest) : bucket.getKey();
      }
    }
    return longest;
  }
}
