package io.postflight.topology.intake;

import io.postflight.schema.directory.TenantTiers;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.RawReference;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.topic.EntryIndices;
import io.postflight.schema.topic.RecordKeys;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.topology.adapter.MessageTypes;
import io.postflight.topology.deadletter.DeadLetter;
import io.postflight.topology.metrics.TopologyMetrics;
import io.postflight.topology.normalize.Normalizer;
import io.postflight.topology.normalize.Outcome;
import io.postflight.topology.normalize.RawWebhook;
import io.postflight.topology.punctuation.BudgetedPunctuation;
import io.postflight.topology.route.TenantResolver;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Normalizes a raw record into events, and into at most one dead letter for all rejected entries.
 * Stateless.
 *
 * <p>Events are serialized here, not in the sink: their size must be known before they are sent,
 * since a record that is too large for Kafka would block the partition.
 */
public final class NormalizeProcessor extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
  /** Maximum size of a canonical event, bytes when serialized. */
  public static final int MAX_EVENT_BYTES = 256 * 1024;

  /** Node that events are forwarded to. */
  public static final String EVENTS = "normalized";

  /** Node that dead letters are forwarded to. */
  public static final String DEAD_LETTERS = "dead-webhooks";

  private final Normalizer normalizer;
  private final TenantResolver tenants;
  private final Set<String> tiers;
  private final String eventsTopic;
  private final Serializer<MessageEvent> serializer;
  private final TopologyMetrics metrics;

  /**
   * @param tiers that are configured
   * @param eventsTopic topic that events are serialized for
   */
  public NormalizeProcessor(
      Normalizer normalizer,
      TenantResolver tenants,
      Set<String> tiers,
      String eventsTopic,
      Serializer<MessageEvent> serializer,
      TopologyMetrics metrics) {
    this.normalizer = normalizer;
    this.tenants = tenants;
    this.tiers = tiers;
    this.eventsTopic = eventsTopic;
    this.serializer = serializer;
    this.metrics = metrics;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    super.init(context);
    BudgetedPunctuation.commitTail(context);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata at = context().recordMetadata().orElseThrow();
    RawRecord raw =
        RawRecord.read(
            record.value(),
            record.headers(),
            record.timestamp(),
            new RawReference(at.partition(), at.offset(), 0));
    if (raw instanceof RawRecord.Invalid invalid) {
      reject(record, at, invalid, null);
    } else if (raw instanceof RawRecord.Valid valid) {
      normalize(record, at, valid);
    }
  }

  private void normalize(Record<byte[], byte[]> record, RecordMetadata at, RawRecord.Valid raw) {
    RawWebhook webhook = raw.webhook();
    Optional<Tenant> tenant = tenants.find(webhook.tenant(), raw.tenantsVersion());
    if (tenant.isEmpty()) {
      String detail = "no tenant '" + webhook.tenant() + "'";
      reject(record, at, raw.rejected(RejectionReason.UNKNOWN_TENANT, detail), raw.redriven());
      return;
    }
    String tier = TenantTiers.tierAt(tenant.get(), webhook.receivedAt());
    if (!tiers.contains(tier)) {
      String detail = "tier '" + tier + "' of tenant '" + webhook.tenant() + "' is not configured";
      reject(record, at, raw.rejected(RejectionReason.INTERNAL, detail), raw.redriven());
      return;
    }
    List<Outcome> outcomes = normalizer.normalize(webhook);
    boolean whole = Rejections.ofWholeBody(outcomes);
    Rejections rejections = new Rejections();
    for (Outcome outcome : raw.selected(outcomes)) {
      handle(outcome, raw, record.headers(), rejections);
    }
    if (!rejections.isEmpty()) {
      deadLetter(
          record,
          at,
          new DeadLetter(
              rejections.reasons(),
              rejections.detail(),
              DeadLetter.NORMALIZE,
              rejections.indices(whole, raw.redriven())));
    }
  }

  private void handle(Outcome outcome, RawRecord.Valid raw, Headers source, Rejections rejections) {
    Outcome checked =
        outcome instanceof Outcome.Accepted accepted ? send(accepted, raw, source) : outcome;
    if (checked instanceof Outcome.Rejected rejected) {
      metrics.rejection(rejected.reason(), raw.webhook().provider());
      if (rejected.reason() != RejectionReason.UNSUPPORTED_EVENT) {
        rejections.add(rejected);
      }
    }
  }

  /** Forwards the event unless it is too large. */
  private Outcome send(Outcome.Accepted accepted, RawRecord.Valid raw, Headers source) {
    MessageEvent event = accepted.event();
    byte[] value = serializer.serialize(eventsTopic, event);
    if (value.length > MAX_EVENT_BYTES) {
      return new Outcome.Rejected(
          accepted.index(),
          RejectionReason.TOO_LARGE,
          "the event has " + value.length + " bytes; allowed: at most " + MAX_EVENT_BYTES);
    }
    context()
        .forward(
            new Record<>(
                RecordKeys.ofEvent(event).getBytes(StandardCharsets.UTF_8),
                value,
                event.getReceivedAt(),
                raw.eventHeaders(source)),
            EVENTS);
    metrics.event(event.getTenant(), event.getProvider(), event.getStatus(), tenants.size());
    if (MessageTypes.isUnknown(event)) {
      metrics.unknownType(event.getProvider());
    }
    return accepted;
  }

  /** Rejects the record as a whole. */
  private void reject(
      Record<byte[], byte[]> record,
      RecordMetadata at,
      RawRecord.Invalid why,
      @Nullable EntryIndices redriven) {
    metrics.rejection(why.reason(), why.provider());
    deadLetter(
        record,
        at,
        new DeadLetter(
            Set.of(why.reason()),
            why.detail(),
            DeadLetter.NORMALIZE,
            redriven == null ? null : redriven.toHeader()));
  }

  private void deadLetter(Record<byte[], byte[]> record, RecordMetadata at, DeadLetter deadLetter) {
    Headers headers = deadLetter.headers(record.headers(), at);
    DeadLetter.putTimestamp(headers, record.timestamp());
    context()
        .forward(
            record.withHeaders(headers).withTimestamp(Math.max(0, record.timestamp())),
            DEAD_LETTERS);
  }
}
