package io.postflight.topology.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.topic.RejectionReason;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the topology counts. Counters count work done: what is done again after a crash is counted
 * again.
 *
 * <ul>
 *   <li>{@code postflight_events_total{tenant,provider,status}}: canonical events made
 *   <li>{@code postflight_rejections_total{reason,provider}}: entries that are no event
 *   <li>{@code postflight_completed_total{status}}: messages that became complete, by the status
 *       they had then
 *   <li>{@code postflight_duplicates_total}: events that had come before
 *   <li>{@code postflight_limits_total{limit}}: times that a life met one of its bounds
 *   <li>{@code postflight_erased_events_total}: events dropped since their message or their user is
 *       erased
 *   <li>{@code postflight_erased_lives_total}: lives of messages erased by a privacy command
 *   <li>{@code postflight_deadline_delay_seconds}: deadlines fired, and how long before each the
 *       topology had caught up with it
 *   <li>{@code postflight_punctuation_seconds}: time that stream threads gave to deadlines and to
 *       the search for lives of erased users, in slices
 *   <li>{@code postflight_restored_records_total{store}}: changelog records read to rebuild state
 * </ul>
 */
public final class TopologyMetrics {
  private static final int MAX_TENANT_LABELS = 1_000;
  private static final String OTHER = "other";

  private final MeterRegistry registry;
  private final Set<String> providers;
  private final ConcurrentMap<EventKey, Counter> events = new ConcurrentHashMap<>();
  private final ConcurrentMap<RejectionKey, Counter> rejections = new ConcurrentHashMap<>();
  private final ConcurrentMap<MessageStatus, Counter> completed = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Counter> limits = new ConcurrentHashMap<>();
  private final Counter duplicates;
  private final Counter erasedEvents;
  private final Counter erasedLives;
  private final Timer deadlines;
  private final Timer punctuations;

  private record EventKey(String tenant, String provider, Status status) {}

  private record RejectionKey(RejectionReason reason, String provider) {}

  /**
   * @param providers names that may stand in a label; all others are {@code other}
   */
  public TopologyMetrics(MeterRegistry registry, Set<String> providers) {
    this.registry = registry;
    this.providers = Set.copyOf(providers);
    this.duplicates =
        Counter.builder("postflight.duplicates")
            .description("Events that had come before")
            .register(registry);
    this.erasedEvents =
        Counter.builder("postflight.erased.events")
            .description("Events dropped since their message or their user is erased")
            .register(registry);
    this.erasedLives =
        Counter.builder("postflight.erased.lives")
            .description("LifecycleReducer of messages erased by a privacy command")
            .register(registry);
    this.deadlines =
        Timer.builder("postflight.deadline.delay")
            .description("Deadlines fired, and for how long each had been due")
            .register(registry);
    this.punctuations =
        Timer.builder("postflight.punctuation")
            .description("Time that stream threads gave to work between records, in slices")
            .register(registry);
  }

  /**
   * An event was made.
   *
   * @param tenants how many tenants there are: above 1,000 the label is the same for all
   */
  public void event(String tenant, String provider, Status status, int tenants) {
    String label = tenants > MAX_TENANT_LABELS ? OTHER : tenant;
    events
        .computeIfAbsent(
            new EventKey(label, known(provider), status),
            key ->
                Counter.builder("postflight.events")
                    .description("Canonical events made of webhooks")
                    .tag("tenant", key.tenant())
                    .tag("provider", key.provider())
                    .tag("status", key.status().name())
                    .register(registry))
        .increment();
  }

  /** An entry, or a whole record, was rejected. */
  public void rejection(RejectionReason reason, @Nullable String provider) {
    rejections
        .computeIfAbsent(
            new RejectionKey(reason, known(provider)),
            key ->
                Counter.builder("postflight.rejections")
                    .description("Entries of webhooks that are no event")
                    .tag("reason", key.reason().name())
                    .tag("provider", key.provider())
                    .register(registry))
        .increment();
  }

  /** A message became complete. */
  public void completed(MessageStatus status) {
    completed
        .computeIfAbsent(
            status,
            key ->
                Counter.builder("postflight.completed")
                    .description("Messages that became complete")
                    .tag("status", key.name())
                    .register(registry))
        .increment();
  }

  /** An event had come before. */
  public void duplicate() {
    duplicates.increment();
  }

  /** An event was dropped since its message or its user is erased. */
  public void erasedEvent() {
    erasedEvents.increment();
  }

  /** The life of a message was erased. */
  public void erasedLife() {
    erasedLives.increment();
  }

  /** A deadline fired, after it had been due for so long. */
  public void deadline(Duration delay) {
    deadlines.record(delay);
  }

  /** A stream thread worked between records for so many nanoseconds. */
  public void punctuated(long nanos) {
    punctuations.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Changelog records were read to rebuild a store. */
  public void restored(String store, long records) {
    Counter.builder("postflight.restored.records")
        .description("Changelog records read to rebuild state")
        .tag("store", store)
        .register(registry)
        .increment((double) records);
  }

  /** A life met one of its bounds. */
  public void limit(String limit) {
    limits
        .computeIfAbsent(
            limit,
            key ->
                Counter.builder("postflight.limits")
                    .description("Times that a life met one of its bounds")
                    .tag("limit", key.toLowerCase(Locale.ROOT))
                    .register(registry))
        .increment();
  }

  private String known(@Nullable String provider) {
    return provider != null && providers.contains(provider) ? provider : OTHER;
  }
}
