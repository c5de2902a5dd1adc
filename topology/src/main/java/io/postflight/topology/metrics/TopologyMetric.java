package io.postflight.topology.metrics;

import io.postflight.schema.metrics.DeclaredMetric;
import io.postflight.schema.metrics.MetricDefinition;

/**
 * The metrics of the topology. Counters count work done: what is processed again after a failure is
 * counted again.
 */
public enum TopologyMetric implements DeclaredMetric {
  /** Canonical events. */
  EVENTS(
      MetricDefinition.counter(
              "postflight.events",
              "Canonical events in webhooks; above 1,000 tenants the tenant is other")
          .tag("tenant")
          .tag("provider")
          .tag("status")),
  /** Rejected entries. */
  REJECTIONS(
      MetricDefinition.counter(
              "postflight.rejections", "Entries of webhooks that were rejected, by reason")
          .tag("reason")
          .tag("provider")),
  /** Messages of unknown types. */
  UNKNOWN_TYPES(
      MetricDefinition.counter(
              "postflight.unknown.types",
              "Messages of a type that the adapter does not know; messageType is the provider's"
                  + " name")
          .tag("provider")),
  /** Completed messages. */
  COMPLETED(
      MetricDefinition.counter(
              "postflight.completed", "Messages that became complete, by their status at that time")
          .tag("status")),
  /** Duplicate events. */
  DUPLICATES(MetricDefinition.counter("postflight.duplicates", "Events that were duplicates")),
  /** Bounds of the state that were met. */
  LIMITS(
      MetricDefinition.counter(
              "postflight.limits",
              "Times that a message, the links or erasures of an id or the ids of a person met a"
                  + " bound, by bound")
          .tag("limit")),
  /** Events of erased messages or users. */
  ERASED_EVENTS(
      MetricDefinition.counter(
          "postflight.erased.events",
          "Events dropped because their message or their user had been erased")),
  /** Erased messages. */
  ERASED_MESSAGES(
      MetricDefinition.counter(
          "postflight.erased.messages", "Messages whose state was erased by a privacy command")),
  /** Deadlines that fired. */
  DEADLINE_DELAY(
      MetricDefinition.timer(
          "postflight.deadline.delay",
          "Deadlines that fired, and how long each had been due; if it keeps growing, the topology"
              + " needs more threads")),
  /** Work between records. */
  PUNCTUATION(
      MetricDefinition.timer(
          "postflight.punctuation",
          "Time that stream threads spent in punctuators (deadlines, search for messages of erased"
              + " users), in slices")),
  /** Restored changelog records. */
  RESTORED_RECORDS(
      MetricDefinition.counter(
              "postflight.restored.records", "Changelog records read to rebuild a state store")
          .unit("records")
          .tag("store")),
  /** Bytes of a state store on disk. */
  STATE_SIZE(
      MetricDefinition.gauge("postflight.state.size", "Size of a state store on disk")
          .unit("bytes")
          .tag("store")),
  /** Size of the cache. */
  STATE_CACHE_CAPACITY(
      MetricDefinition.gauge(
              "postflight.state.cache.capacity",
              "Size of the cache that all state stores of an instance share")
          .unit("bytes")),
  /** Used bytes of the cache. */
  STATE_CACHE_USED(
      MetricDefinition.gauge(
              "postflight.state.cache.used", "Bytes of that cache in use, write buffers included")
          .unit("bytes")),
  /** Blocks found in the cache. */
  STATE_CACHE_HITS(
      MetricDefinition.counter(
              "postflight.state.cache.hits",
              "Blocks of data, index or filter that were found in the cache")
          .unit("blocks")),
  /** Blocks read from files. */
  STATE_CACHE_MISSES(
      MetricDefinition.counter(
              "postflight.state.cache.misses",
              "Blocks that were read from files; if each event causes several, enlarge"
                  + " topology.blockCache")
          .unit("blocks")),
  /** Time that writes waited. */
  STATE_WRITE_STALL(
      MetricDefinition.counter(
              "postflight.state.write.stall",
              "Time that writes waited for flushes and compactions of state stores")
          .unit("seconds"));

  @SuppressWarnings("ImmutableEnumChecker") // a record of values, whose lists are copies
  private final MetricDefinition definition;

  TopologyMetric(MetricDefinition definition) {
    this.definition = definition;
  }

  @Override
  public MetricDefinition definition() {
    return definition;
  }
}
