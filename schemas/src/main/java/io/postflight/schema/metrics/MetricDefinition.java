package io.postflight.schema.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What users of a metric need to know about it.
 *
 * @param name in Micrometer's form, such as {@code postflight.sink.writes}
 * @param type how it is measured
 * @param description one line, published as its help text
 * @param unit its base unit, which is part of the name that Prometheus shows; null for a plain
 *     number. The unit of a timer is always seconds
 * @param tags in the order of the reference page
 * @param histogram the range that its histogram covers, if it publishes one
 */
public record MetricDefinition(
    String name,
    Type type,
    String description,
    @Nullable String unit,
    List<Tag> tags,
    @Nullable Histogram histogram) {

  /** How a metric is measured. */
  public enum Type {
    /** A number that only grows. */
    COUNTER,
    /** A number read when it is scraped. */
    GAUGE,
    /** Count, sum and greatest of durations. */
    TIMER,
    /** Count, sum and greatest of sizes. */
    SUMMARY
  }

  /**
   * A label.
   *
   * @param name its key
   * @param values all that it takes, or none if they are not a closed set
   */
  public record Tag(String name, List<String> values) {}

  /** The range of durations that the buckets of a histogram cover. */
  public record Histogram(Duration minimum, Duration maximum) {}

  /** Copies the tags. */
  public MetricDefinition {
    tags = List.copyOf(tags);
    if (description.isBlank() || description.contains("\n")) {
      throw new IllegalArgumentException("the description of " + name + " must be one line");
    }
  }

  /** A counter without unit and tags. */
  public static MetricDefinition counter(String name, String description) {
    return new MetricDefinition(name, Type.COUNTER, description, null, List.of(), null);
  }

  /** A gauge without unit and tags. */
  public static MetricDefinition gauge(String name, String description) {
    return new MetricDefinition(name, Type.GAUGE, description, null, List.of(), null);
  }

  /** A timer without tags and histogram. */
  public static MetricDefinition timer(String name, String description) {
    return new MetricDefinition(name, Type.TIMER, description, "seconds", List.of(), null);
  }

  /** A distribution summary without unit and tags. */
  public static MetricDefinition summary(String name, String description) {
    return new MetricDefinition(name, Type.SUMMARY, description, null, List.of(), null);
  }

  /** This with a base unit. */
  public MetricDefinition unit(String baseUnit) {
    return new MetricDefinition(name, type, description, baseUnit, tags, histogram);
  }

  /** This with one tag more; {@code values} lists a closed set and is empty otherwise. */
  public MetricDefinition tag(String key, String... values) {
    List<Tag> more = new ArrayList<>(tags);
    more.add(new Tag(key, List.of(values)));
    return new MetricDefinition(name, type, description, unit, more, histogram);
  }

  /** This with a histogram over a range of durations. */
  public MetricDefinition histogram(Duration minimum, Duration maximum) {
    Histogram range = new Histogram(minimum, maximum);
    return new MetricDefinition(name, type, description, unit, tags, range);
  }
}
