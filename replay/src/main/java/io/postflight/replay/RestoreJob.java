package io.postflight.replay;

import io.postflight.replay.RestoreSettings.ReplayRange;
import io.postflight.schema.topic.OffsetRange;
import io.postflight.schema.topic.TopicLog;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A restore job.
 *
 * @param tier name of the tier
 * @param range what is restored
 * @param spans offsets still to be read
 */
record RestoreJob(String tier, ReplayRange range, Map<TopicPartition, OffsetRange> spans) {
  /** Starts a job and commits its parameters, or reads those of an earlier start. */
  static RestoreJob begin(RangeReader reader, TierReplay replay, RestoreSettings settings) {
    ReplayRange range = settings.range();
    if (range == null) {
      return resumed(reader, replay, settings.id());
    }
    RestoreJob job =
        new RestoreJob(replay.tier().name(), range, reader.spans(range.from(), range.to()));
    if (!settings.dryRun()) {
      Map<TopicPartition, OffsetAndMetadata> offsets = new TreeMap<>(TopicLog.ORDER);
      job.spans()
          .forEach(
              (partition, span) ->
                  offsets.put(partition, new OffsetAndMetadata(span.from(), job.metadata(span))));
      reader.commit(offsets);
    }
    return job;
  }

  private static RestoreJob resumed(RangeReader reader, TierReplay replay, String id) {
    String tier = replay.tier().name();
    ReplayRange range = null;
    Map<TopicPartition, OffsetRange> spans = new TreeMap<>(TopicLog.ORDER);
    for (Map.Entry<TopicPartition, OffsetAndMetadata> each : reader.committed().entrySet()) {
      Checkpoint checkpoint = Checkpoint.decode(each.getValue().metadata());
      if (!checkpoint.tier().equals(tier)) {
        throw ReplayException.invalid(
            "restore %s belongs to tier %s, not to %s".formatted(id, checkpoint.tier(), tier));
      }
      range = checkpoint.range();
      long from = each.getValue().offset();
      spans.put(each.getKey(), new OffsetRange(from, Math.max(from, checkpoint.end())));
    }
    if (range == null) {
      throw ReplayException.invalid(
          ("restore '%s' of tier %s is unknown: the id is wrong, or its offsets have expired in"
                  + " Kafka")
              .formatted(id, tier));
    }
    return new RestoreJob(tier, range, spans);
  }

  /** The metadata committed with the offset of a partition. */
  String metadata(OffsetRange span) {
    return new Checkpoint(tier, range, span.to(), System.currentTimeMillis()).encoded();
  }

  /**
   * Start of the range that the topic still covers completely, if later than requested; epoch
   * milliseconds, else null.
   */
  @Nullable Long coveredFrom(RangeReader reader) {
    Long from = null;
    for (long oldest : reader.oldest(spans.keySet()).values()) {
      if (oldest > range.from() && (from == null || oldest > from)) {
        from = oldest;
      }
    }
    return from;
  }
}
