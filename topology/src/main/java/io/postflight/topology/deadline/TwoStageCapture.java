package io.postflight.topology.deadline;

import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Determines times up to which the pipeline has caught up.
 *
 * <p>The pipeline has two stages: raw webhooks become events, and events advance lifecycles. It is
 * not sufficient to capture the ends of both topics at one time T and to wait until both are
 * passed: a webhook that arrived before T may be normalized after the capture, and its event then
 * lies beyond the captured end of {@code events}, so that its message would time out too early. So
 * the stages are followed one after the other:
 *
 * <ol>
 *   <li>at T, capture the ends of {@code raw.webhooks}, and wait until they are passed: then the
 *       events of every webhook before T have been written (exactly once, in the transaction that
 *       committed those offsets);
 *   <li>then capture the ends of {@code events}, and wait until they are passed.
 * </ol>
 *
 * <p>Then every webhook that arrived before T has been applied to its message. The ends of {@code
 * events} must be the high watermarks, not the last stable offsets: an event may be written before
 * the marker of its transaction.
 */
final class TwoStageCapture implements CaughtUp {
  private final String rawTopic;
  private final String eventsTopic;
  private final LogProgress progress;
  private final LongSupplier clock;

  private volatile long asOf = NEVER;
  private long capturedAt;
  private @Nullable Map<TopicPartition, Long> rawEnds;
  private @Nullable Map<TopicPartition, Long> eventsEnds;

  TwoStageCapture(String rawTopic, String eventsTopic, LogProgress progress, LongSupplier clock) {
    this.rawTopic = rawTopic;
    this.eventsTopic = eventsTopic;
    this.progress = progress;
    this.clock = clock;
  }

  @Override
  public long asOf() {
    return asOf;
  }

  /** Advances the capture as far as possible. Called repeatedly by one thread. */
  void poll() {
    if (rawEnds == null) {
      // The clock is read first: records that arrive in between only make the capture stricter.
      capturedAt = clock.getAsLong();
      rawEnds = progress.ends(rawTopic);
    }
    if (eventsEnds == null && progress.passed(rawEnds)) {
      eventsEnds = progress.ends(eventsTopic);
    }
    if (eventsEnds != null && progress.passed(eventsEnds)) {
      asOf = Math.max(asOf, capturedAt);
      rawEnds = null;
      eventsEnds = null;
    }
  }
}
