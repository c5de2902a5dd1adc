package io.postflight.topology.deadline;

import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Finds moments as of which the pipeline has caught up.
 *
 * <p>The pipeline has two legs: raw webhooks become events, events move lives. It does not do to
 * capture the ends of both topics at one moment T and to wait until both are passed: a webhook that
 * arrived before T may be normalized only after the capture, and its event then stands beyond the
 * captured end of {@code events}. Its life would be declared overdue with the answer on its way. So
 * the legs are followed one after the other:
 *
 * <ol>
 *   <li>at T, capture the ends of {@code raw.webhooks}, and wait until they are passed: now the
 *       event of every webhook before T has been written (exactly once, in the transaction that
 *       committed those offsets);
 *   <li>only then capture the ends of {@code events}, and wait until they are passed.
 * </ol>
 *
 * <p>Then all that arrived before T has moved its life. The ends of {@code events} must be the high
 * watermarks, not the last stable offsets: an event may be written and its transaction's marker
 * still be on its way.
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

  /** Takes the capture as far as it goes now. To be called by one thread, again and again. */
  void poll() {
    if (rawEnds == null) {
      // The clock first: what arrives between the two readings only makes the capture stricter.
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
