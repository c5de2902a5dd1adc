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
 *   <li>at T, capture the ends of {@code raw.webhooks}, and wait until the normalizer's group has
 *       passed them: then the events of every webhook before T have been written;
 *   <li>then capture the ends of {@code events}, and wait until the lifecycle's group has passed
 *       them.
 * </ol>
 *
 * <p>Then every webhook that arrived before T has been applied to its message. The ends of {@code
 * events} must be the high watermarks, not the last stable offsets: an event may be written before
 * the marker of its transaction.
 *
 * <p>That the normalizer runs at least once does not matter. Kafka Streams commits offsets after
 * the flush of its producer: when an offset is committed, the events of all webhooks before it are
 * acknowledged, so they have offsets below the ends that are captured afterwards. A crash between
 * flush and commit leaves the committed offset behind, and the first stage waits until the webhooks
 * have been read again. What may lie beyond the captured ends of {@code events} is a copy of an
 * event that lies before them: sent by an instance that had lost its partitions, and delivered
 * late, within {@code delivery.timeout.ms}. Its message has the event already, and keeps its state
 * for longer, so the copy is a duplicate.
 */
final class TwoStageCapture implements CaughtUp {
  private final Stage raw;
  private final Stage events;
  private final LongSupplier clock;

  private volatile long asOf = NEVER;
  private long capturedAt;
  private @Nullable Map<TopicPartition, Long> rawEnds;
  private @Nullable Map<TopicPartition, Long> eventsEnds;

  /** The input of a stage, and the progress of its group. */
  record Stage(String topic, LogProgress progress) {
    Map<TopicPartition, Long> ends() {
      return progress.ends(topic);
    }
  }

  TwoStageCapture(Stage raw, Stage events, LongSupplier clock) {
    this.raw = raw;
    this.events = events;
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
      rawEnds = raw.ends();
    }
    if (eventsEnds == null && raw.progress().passed(rawEnds)) {
      eventsEnds = events.ends();
    }
    if (eventsEnds != null && events.progress().passed(eventsEnds)) {
      asOf = Math.max(asOf, capturedAt);
      rawEnds = null;
      eventsEnds = null;
    }
  }
}
