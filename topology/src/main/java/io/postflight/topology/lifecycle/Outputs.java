package io.postflight.topology.lifecycle;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.LifecycleCommand;
import io.postflight.schema.identity.IdentityRecord;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.state.LifecycleState;
import io.postflight.schema.topic.RecordKeys;
import io.postflight.topology.metrics.TopologyMetrics;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forwards the results of events, deadlines and commands to the output topics. */
final class Outputs {
  private static final Logger log = LoggerFactory.getLogger(Outputs.class);

  private final ProcessorContext<Object, Object> context;
  private final Set<String> tiers;
  private final TopologyMetrics metrics;

  Outputs(ProcessorContext<Object, Object> context, Set<String> tiers, TopologyMetrics metrics) {
    this.context = context;
    this.tiers = tiers;
    this.metrics = metrics;
  }

  /** Whether a tier is configured. */
  boolean has(String tier) {
    return tiers.contains(tier);
  }

  /** Forwards a transition to the message's tier and, once complete, to {@code postflight}. */
  void emit(String tier, String messageId, Transition transition, long arrivedAt, long timestamp) {
    count(transition);
    MessageRevision revision = transition.revision();
    if (revision == null && transition.timeline().isEmpty()) {
      return;
    }
    String tenant =
        revision == null
            ? transition.timeline().get(0).getEvent().getTenant()
            : revision.getTenant();
    String key = RecordKeys.ofTimeline(tenant, user(transition), messageId);
    LifecycleState next = transition.next();
    Long createdAt = next == null ? null : next.getMessage().getCreatedAt();
    tier(
        tier,
        key,
        new TierRecord(tenant, transition.timeline(), revision, arrivedAt, null, createdAt, null),
        timestamp);
    if (revision != null && revision.getListedAt() != null) {
      forward(
          RecordKeys.ofMessage(tenant, messageId),
          revision,
          timestamp,
          LifecycleProcessor.POSTFLIGHT);
    }
  }

  /** Sends a record to a tier's topic. */
  void tier(String tier, String key, TierRecord record, long timestamp) {
    if (!has(tier)) {
      throw new UnconfiguredTierException(tier);
    }
    forward(key, record, timestamp, LifecycleProcessor.tierNode(tier));
  }

  /**
   * Sends a command to the topics of tiers, behind all records that this task sent there under any
   * of its keys. A tier that is not configured has no sink, so it is skipped.
   */
  void command(Collection<String> tiers, Erasure command) {
    command(tiers, command, Map.of());
  }

  /** As {@link #command(Collection, Erasure)}, with {@link LifecycleErasures#timelinesFrom}. */
  void command(Collection<String> tiers, Erasure command, Map<String, Long> timelinesFrom) {
    for (String tier : tiers) {
      if (has(tier)) {
        LifecycleErasures.copies(command, timelinesFrom)
            .forEach((key, copy) -> tier(tier, key, record(copy), copy.getAt()));
      } else {
        log.warn(
            "Command {} is not sent to tier '{}', which is not configured", command.getId(), tier);
      }
    }
  }

  private static TierRecord record(Erasure command) {
    return new TierRecord(
        command.getTenant(), List.of(), null, command.getAt(), command, null, null);
  }

  /** Sends this partition's acknowledgement to the partition that forwards the command. */
  void acknowledge(LifecycleCommand acknowledgement) {
    Erasure command = acknowledgement.getCommand();
    String key = RecordKeys.ofUser(command.getTenant(), String.valueOf(command.getUserId()));
    forward(key, acknowledgement, command.getAt(), LifecycleProcessor.ACKNOWLEDGEMENTS);
  }

  /** Sends what an event says about the ids of its person. */
  void links(IdentityRecord named) {
    forward(named.getTenant(), named, named.getReceivedAt(), LifecycleProcessor.LINKS);
  }

  /** Forwards to a node. */
  void forward(String key, Object value, long timestamp, String node) {
    context.forward(
        new Record<Object, Object>(key, value, Math.max(0, timestamp), new RecordHeaders()), node);
  }

  private static @Nullable String user(Transition transition) {
    if (!transition.timeline().isEmpty()) {
      return transition.timeline().get(transition.timeline().size() - 1).getEvent().getUserId();
    }
    MessageRevision revision = transition.revision();
    return revision == null ? null : Facts.text(revision.getFacts(), Facts.USER_ID);
  }

  private void count(Transition transition) {
    for (TransitionFlag flag : transition.flags()) {
      if (flag == TransitionFlag.DUPLICATE) {
        metrics.duplicate();
      } else if (flag == TransitionFlag.COMPLETED) {
        LifecycleState next = transition.next();
        MessageStatus status = next == null ? null : MessageStatus.of(next.getMessage().getFacts());
        if (status != null) {
          metrics.completed(status);
        }
      } else {
        metrics.limit(flag.name());
      }
    }
  }
}
