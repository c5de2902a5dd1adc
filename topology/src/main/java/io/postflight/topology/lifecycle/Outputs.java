package io.postflight.topology.lifecycle;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.LifecycleCommand;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.state.LifecycleState;
import io.postflight.schema.topic.RecordKeys;
import io.postflight.topology.metrics.TopologyMetrics;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where that goes which follows from events, deadlines and commands. */
final class Outputs {
  private static final Logger log = LoggerFactory.getLogger(Outputs.class);

  private final ProcessorContext<Object, Object> context;
  private final LifecycleProcessor.Targets targets;
  private final TopologyMetrics metrics;

  Outputs(
      ProcessorContext<Object, Object> context,
      LifecycleProcessor.Targets targets,
      TopologyMetrics metrics) {
    this.context = context;
    this.targets = targets;
    this.metrics = metrics;
  }

  /** Whether a tier is configured. */
  boolean has(String tier) {
    return targets.tier(tier) != null;
  }

  /** Tells what a step of a life changed, to its tier and, once it is complete, to others. */
  void tell(String tier, String messageId, Transition step, long arrivedAt, long timestamp) {
    count(step);
    MessageRevision revision = step.revision();
    if (revision == null && step.timeline().isEmpty()) {
      return;
    }
    String tenant =
        revision == null ? step.timeline().get(0).getEvent().getTenant() : revision.getTenant();
    String key = RecordKeys.ofTimeline(tenant, user(step), messageId);
    LifecycleState next = step.next();
    Long createdAt = next == null ? null : next.getMessage().getCreatedAt();
    tier(
        tier,
        key,
        new TierRecord(tenant, step.timeline(), revision, arrivedAt, null, createdAt),
        timestamp);
    if (revision != null && revision.getListedAt() != null) {
      forward(RecordKeys.ofMessage(tenant, messageId), revision, timestamp, targets.postflight());
    }
  }

  /** Sends a record to a tier's topic. */
  void tier(String tier, String key, TierRecord record, long timestamp) {
    String node = targets.tier(tier);
    if (node == null) {
      throw new UnconfiguredTierException(tier);
    }
    forward(key, record, timestamp, node);
  }

  /**
   * Sends a command to tiers' topics, behind all that was sent there from here under any of its
   * keys. A tier that is not configured has no sink either, so it is passed over.
   */
  void command(Collection<String> tiers, Erasure command) {
    command(tiers, command, null);
  }

  /** The same with a message's command that goes with the erasure of a user. */
  void command(Collection<String> tiers, Erasure command, @Nullable String erasedUser) {
    for (String tier : tiers) {
      if (has(tier)) {
        ErasureRules.copies(command, erasedUser)
            .forEach((key, copy) -> tier(tier, key, record(copy), copy.getAt()));
      } else {
        log.warn(
            "Command {} does not reach tier '{}', which is not configured", command.getId(), tier);
      }
    }
  }

  private static TierRecord record(Erasure command) {
    return new TierRecord(command.getTenant(), List.of(), null, command.getAt(), command, null);
  }

  /** Sends this partition's acknowledgement of a user's command to the one that forwards it. */
  void acknowledge(LifecycleCommand acknowledgement) {
    Erasure command = acknowledgement.getCommand();
    String key = RecordKeys.ofUser(command.getTenant(), String.valueOf(command.getUserId()));
    forward(key, acknowledgement, command.getAt(), targets.acknowledgements());
  }

  /** Forwards to a node. */
  void forward(String key, Object value, long timestamp, String node) {
    context.forward(
        new Record<Object, Object>(key, value, Math.max(0, timestamp), new RecordHeaders()), node);
  }

  private static @Nullable String user(Transition step) {
    if (!step.timeline().isEmpty()) {
      return step.timeline().get(step.timeline().size() - 1).getEvent().getUserId();
    }
    MessageRevision revision = step.revision();
    return revision == null ? null : Facts.text(revision.getFacts(), Facts.USER_ID);
  }

  private void count(Transition step) {
    for (TransitionFlag note : step.notes()) {
      if (note == TransitionFlag.DUPLICATE) {
        metrics.duplicate();
      } else if (note == TransitionFlag.COMPLETED) {
        LifecycleState next = step.next();
        MessageStatus status = next == null ? null : MessageStatus.of(next.getMessage().getFacts());
        if (status != null) {
          metrics.completed(status);
        }
      } else {
        metrics.limit(note.name());
      }
    }
  }
}
