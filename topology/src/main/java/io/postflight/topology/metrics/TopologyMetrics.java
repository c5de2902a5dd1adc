package io.postflight.topology.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
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

/** The meters of the topology; {@link TopologyMetric} describes them. */
public final class TopologyMetrics {
  private static final int MAX_TENANT_LABELS = 1_000;
  private static final String OTHER = "other";

  private final MeterRegistry registry;
  private final Set<String> providers;
  private final ConcurrentMap<EventKey, Counter> events = new ConcurrentHashMap<>();
  private final ConcurrentMap<RejectionKey, Counter> rejections = new ConcurrentHashMap<>();
  private final ConcurrentMap<MessageStatus, Counter> completed = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Counter> limits = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Counter> unknownTypes = new ConcurrentHashMap<>();
  private final Counter duplicates;
  private final Counter erasedEvents;
  private final Counter erasedMessages;
  private final Timer deadlines;
  private final Timer punctuations;

  private record EventKey(String tenant, String provider, Status status) {}

  private record RejectionKey(RejectionReason reason, String provider) {}

  /**
   * @param providers values of the label; all others are {@code other}
   */
  public TopologyMetrics(MeterRegistry registry, Set<String> providers) {
    this.registry = registry;
    this.providers = Set.copyOf(providers);
    this.duplicates = TopologyMetric.DUPLICATES.counter(registry, Tags.empty());
    this.erasedEvents = TopologyMetric.ERASED_EVENTS.counter(registry, Tags.empty());
    this.erasedMessages = TopologyMetric.ERASED_MESSAGES.counter(registry, Tags.empty());
    this.deadlines = TopologyMetric.DEADLINE_DELAY.timer(registry, Tags.empty());
    this.punctuations = TopologyMetric.PUNCTUATION.timer(registry, Tags.empty());
  }

  /**
   * An event was normalized.
   *
   * @param tenants how many tenants there are: above 1,000 the label is the same for all
   */
  public void event(String tenant, String provider, Status status, int tenants) {
    String label = tenants > MAX_TENANT_LABELS ? OTHER : tenant;
    EventKey key = new EventKey(label, known(provider), status);
    // Unlike computeIfAbsent(), this takes no lock.
    Counter known = events.get(key);
    (known == null ? events.computeIfAbsent(key, this::eventCounter) : known).increment();
  }

  private Counter eventCounter(EventKey key) {
    return TopologyMetric.EVENTS.counter(
        registry,
        Tags.of("tenant", key.tenant(), "provider", key.provider(), "status", key.status().name()));
  }

  /** A record without a known provider was rejected. */
  public void rejection(RejectionReason reason) {
    rejection(reason, null);
  }

  /** An entry, or a whole record, was rejected. */
  public void rejection(RejectionReason reason, @Nullable String provider) {
    rejections
        .computeIfAbsent(
            new RejectionKey(reason, known(provider)),
            key ->
                TopologyMetric.REJECTIONS.counter(
                    registry, Tags.of("reason", key.reason().name(), "provider", key.provider())))
        .increment();
  }

  /** The adapter did not know the type of a message. */
  public void unknownType(String provider) {
    unknownTypes
        .computeIfAbsent(
            known(provider),
            key -> TopologyMetric.UNKNOWN_TYPES.counter(registry, Tags.of("provider", key)))
        .increment();
  }

  /** A message became complete. */
  public void completed(MessageStatus status) {
    completed
        .computeIfAbsent(
            status,
            key -> TopologyMetric.COMPLETED.counter(registry, Tags.of("status", key.name())))
        .increment();
  }

  /** An event was a duplicate. */
  public void duplicate() {
    duplicates.increment();
  }

  /** An event was dropped because its message or its user had been erased. */
  public void erasedEvent() {
    erasedEvents.increment();
  }

  /** The state of a message was erased. */
  public void erasedMessage() {
    erasedMessages.increment();
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
    TopologyMetric.RESTORED_RECORDS
        .counter(registry, Tags.of("store", store))
        .increment((double) records);
  }

  /** The state of a message met one of its bounds. */
  public void limit(String limit) {
    limits
        .computeIfAbsent(
            limit,
            key ->
                TopologyMetric.LIMITS.counter(
                    registry, Tags.of("limit", key.toLowerCase(Locale.ROOT))))
        .increment();
  }

  private String known(@Nullable String provider) {
    return provider != null && providers.contains(provider) ? provider : OTHER;
  }
}
