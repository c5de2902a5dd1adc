package io.postflight.schema.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * A metric that Postflight reports. Each module implements this with one enum, and registers meters
 * through it only, so that every meter has a description and the reference page lists them all.
 */
public interface DeclaredMetric {
  /** Its declaration. */
  MetricDefinition definition();

  /** Registers a counter, or returns the one with these tags. */
  default Counter counter(MeterRegistry registry, Tags tags) {
    MetricDefinition metric = checked(MetricDefinition.Type.COUNTER, tags);
    return Counter.builder(metric.name())
        .description(metric.description())
        .baseUnit(metric.unit())
        .tags(tags)
        .register(registry);
  }

  /** Registers a counter over a number that {@code holder} keeps; the registry does not keep it. */
  default <T> FunctionCounter counter(
      MeterRegistry registry, Tags tags, T holder, ToDoubleFunction<T> value) {
    MetricDefinition metric = checked(MetricDefinition.Type.COUNTER, tags);
    return FunctionCounter.builder(metric.name(), holder, value)
        .description(metric.description())
        .baseUnit(metric.unit())
        .tags(tags)
        .register(registry);
  }

  /** Registers a gauge; the registry keeps {@code value} reachable. */
  default Gauge gauge(MeterRegistry registry, Tags tags, DoubleSupplier value) {
    MetricDefinition metric = checked(MetricDefinition.Type.GAUGE, tags);
    return Gauge.builder(metric.name(), value::getAsDouble)
        .description(metric.description())
        .baseUnit(metric.unit())
        .strongReference(true)
        .tags(tags)
        .register(registry);
  }

  /** Registers a timer, or returns the one with these tags. */
  default Timer timer(MeterRegistry registry, Tags tags) {
    MetricDefinition metric = checked(MetricDefinition.Type.TIMER, tags);
    Timer.Builder timer = Timer.builder(metric.name()).description(metric.description()).tags(tags);
    MetricDefinition.Histogram histogram = metric.histogram();
    if (histogram != null) {
      timer
          .publishPercentileHistogram()
          .minimumExpectedValue(histogram.minimum())
          .maximumExpectedValue(histogram.maximum());
    }
    return timer.register(registry);
  }

  /** Registers a distribution summary, or returns the one with these tags. */
  default DistributionSummary summary(MeterRegistry registry, Tags tags) {
    MetricDefinition metric = checked(MetricDefinition.Type.SUMMARY, tags);
    return DistributionSummary.builder(metric.name())
        .description(metric.description())
        .baseUnit(metric.unit())
        .tags(tags)
        .register(registry);
  }

  private MetricDefinition checked(MetricDefinition.Type type, Tags tags) {
    MetricDefinition metric = definition();
    Set<String> declared =
        metric.tags().stream().map(MetricDefinition.Tag::name).collect(Collectors.toSet());
    Set<String> given = tags.stream().map(Tag::getKey).collect(Collectors.toSet());
    if (metric.type() != type || !declared.equals(given)) {
      throw new IllegalArgumentException(
          metric.name() + " is declared as " + metric.type() + " with the tags " + declared);
    }
    return metric;
  }
}
