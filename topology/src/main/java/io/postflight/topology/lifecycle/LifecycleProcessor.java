package io.postflight.topology.lifecycle;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.life.Facts;
import io.postflight.schema.life.MessageStatus;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.schema.state.LifeState;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.topic.RawHeaders;
import io.postflight.schema.topic.RecordKeys;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.topology.deadletter.DeadLetter;
import io.postflight.topology.deadline.CaughtUp;
import io.postflight.topology.deadline.DeadlineIndex;
import io.postflight.topology.metrics.TopologyMetrics;
import io.postflight.topology.route.Placements;
import io.postflight.topology.route.TenantGate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows each message until its life is over: fetches what is known, has {@link Lives} fold the
 * event, keeps the new state and its deadline, forwards what follows to the message's tier and,
 * once the message is complete, to whoever else wants to know.
 */
public final class LifecycleProcessor
    extends ContextualProcessor<String, MessageEvent, Object, Object> {
  /** Store of {@link LifeState}, by {@code tenant|message_id}. */
  public static final String LIVES = "lives";

  /** Store of the {@link DeadlineIndex}. */
  public static final String DEADLINES = "deadlines";

  private static final Logger log = LoggerFactory.getLogger(LifecycleProcessor.class);
  private static final Duration LOOK_AT_DEADLINES = Duration.ofSeconds(1);

  /** A punctuation ends after so long, however many lives are due: the others wait for the next. */
  private static final long BUDGET_NANOS = Duration.ofMillis(200).toNanos();

  private static final int BATCH = 128;

  private final Lives lives;
  private final TenantGate tenants;
  private final CaughtUp caughtUp;
  private final Serializer<MessageEvent> serializer;
  private final TopologyMetrics metrics;
  private final Targets targets;

  private KeyValueStore<String, LifeState> states;
  private DeadlineIndex deadlines;

  /** Where the processor forwards to, by name of the node. */
  public interface Targets {
    /** Takes a tier's records; null: the tier is not configured. */
    @Nullable String tier(String tier);

    /** Takes completed revisions. */
    String postflight();

    /** Takes dead letters. */
    String deadLetters();
  }

  /**
   * @param serializer gives the bytes of an event that becomes a dead letter
   */
  @SuppressWarnings("NullAway.Init") // stores are known in init()
  public LifecycleProcessor(
      Lives lives,
      TenantGate tenants,
      CaughtUp caughtUp,
      Serializer<MessageEvent> serializer,
      TopologyMetrics metrics,
      Targets targets) {
    this.lives = lives;
    this.tenants = tenants;
    this.caughtUp = caughtUp;
    this.serializer = serializer;
    this.metrics = metrics;
    this.targets = targets;
  }

  @Override
  public void init(ProcessorContext<Object, Object> context) {
    super.init(context);
    states = context.getStateStore(LIVES);
    KeyValueStore<Bytes, byte[]> index = context.getStateStore(DEADLINES);
    deadlines = new DeadlineIndex(index);
    // Also has the task commit when nothing is due: the last position of an idle partition.
    context.schedule(LOOK_AT_DEADLINES, PunctuationType.WALL_CLOCK_TIME, now -> fireDeadlines());
  }

  @Override
  public void process(Record<String, MessageEvent> record) {
    MessageEvent event = record.value();
    if (event == null) {
      return;
    }
    Optional<Tenant> tenant = tenants.find(event.getTenant(), tenantsVersion(record.headers()));
    if (tenant.isEmpty()) {
      reject(
          record,
          RejectionReason.UNKNOWN_TENANT,
          "tenant '" + event.getTenant() + "' was removed while the event was on its way");
      return;
    }
    Placement placement = Placements.of(tenant.get(), event.getReceivedAt());
    if (event.getStatus() == Status.ACTION) {
      act(record, placement);
    } else if (event.getMessageId() == null) {
      reject(record, RejectionReason.MISSING_MESSAGE_ID, "a message's event without message_id");
    } else {
      live(record, event.getMessageId(), placement);
    }
  }

  private void live(Record<String, MessageEvent> record, String messageId, Placement placement) {
    MessageEvent event = record.value();
    String key = RecordKeys.ofMessage(event.getTenant(), messageId);
    LifeState before = states.get(key);
    String tier = before == null ? placement.tier() : before.getMessage().getTier();
    if (targets.tier(tier) == null) {
      reject(record, RejectionReason.INTERNAL, "tier '" + tier + "' is not configured");
      return;
    }
    Step step;
    try {
      step = lives.fold(before, event, placement);
    } catch (RuntimeException fault) {
      // A fold that fails will fail again; the other messages of the partition must go on.
      log.error("The life of {} cannot be followed", key, fault);
      reject(record, RejectionReason.INTERNAL, "the lifecycle failed with " + fault.getClass());
      return;
    }
    keep(key, before, step);
    tell(tier, messageId, step, event.getReceivedAt(), record.timestamp());
  }

  /** An action is no message: it has no life, only its place on the user's timeline. */
  private void act(Record<String, MessageEvent> record, Placement placement) {
    MessageEvent event = record.value();
    String node = targets.tier(placement.tier());
    if (event.getUserId() == null || node == null) {
      reject(
          record,
          RejectionReason.INTERNAL,
          node == null
              ? "tier '" + placement.tier() + "' is not configured"
              : "an action without a user");
      return;
    }
    TimelineEntry entry =
        new TimelineEntry(
            event,
            Lives.anchorOf(event),
            placement.timelineShards().applyAsInt(event.getEventTime()));
    TierRecord value =
        new TierRecord(event.getTenant(), List.of(entry), null, event.getReceivedAt(), null, null);
    forward(
        RecordKeys.ofTimeline(event.getTenant(), event.getUserId(), event.getEventId()),
        value,
        record.timestamp(),
        node);
  }

  private void fireDeadlines() {
    long asOf = caughtUp.asOf();
    if (asOf < 0) {
      return;
    }
    long start = System.nanoTime();
    List<DeadlineIndex.Due> due;
    do {
      due = deadlines.due(asOf, BATCH);
      due.forEach(this::fire);
    } while (due.size() == BATCH && System.nanoTime() - start < BUDGET_NANOS);
  }

  private void fire(DeadlineIndex.Due due) {
    deadlines.remove(due.deadline(), due.lifeKey());
    LifeState life = states.get(due.lifeKey());
    if (life == null || life.getDeadline() != due.deadline()) {
      return;
    }
    MessageRevision message = life.getMessage();
    Optional<Tenant> tenant = tenants.now(message.getTenant());
    Step step = lives.due(life, Placements.ofLife(tenant, message.getTier()));
    keep(due.lifeKey(), life, step);
    tell(
        message.getTier(),
        message.getMessageId(),
        step,
        due.deadline(),
        Math.max(0, due.deadline()));
  }

  private void keep(String key, @Nullable LifeState before, Step step) {
    LifeState next = step.next();
    if (next == null) {
      states.delete(key);
    } else {
      states.put(key, next);
    }
    Long old = before == null ? null : before.getDeadline();
    Long moved = next == null ? null : next.getDeadline();
    if (!Objects.equals(old, moved)) {
      if (old != null) {
        deadlines.remove(old, key);
      }
      if (moved != null) {
        deadlines.put(moved, key);
      }
    }
  }

  private void tell(String tier, String messageId, Step step, long arrivedAt, long timestamp) {
    count(step);
    MessageRevision revision = step.revision();
    if (revision == null && step.timeline().isEmpty()) {
      return;
    }
    String node = targets.tier(tier);
    if (node == null) {
      throw new UnconfiguredTierException(tier);
    }
    String tenant =
        revision == null ? step.timeline().get(0).getEvent().getTenant() : revision.getTenant();
    String key = RecordKeys.ofTimeline(tenant, user(step), messageId);
    LifeState next = step.next();
    Long bornAt = next == null ? null : next.getMessage().getBornAt();
    forward(
        key,
        new TierRecord(tenant, step.timeline(), revision, arrivedAt, null, bornAt),
        timestamp,
        node);
    if (revision != null && revision.getListedAt() != null) {
      forward(RecordKeys.ofMessage(tenant, messageId), revision, timestamp, targets.postflight());
    }
  }

  private static @Nullable String user(Step step) {
    if (!step.timeline().isEmpty()) {
      return step.timeline().get(step.timeline().size() - 1).getEvent().getUserId();
    }
    MessageRevision revision = step.revision();
    return revision == null ? null : Facts.text(revision.getFacts(), Facts.USER_ID);
  }

  private void count(Step step) {
    for (Note note : step.notes()) {
      if (note == Note.DUPLICATE) {
        metrics.duplicate();
      } else if (note == Note.COMPLETED) {
        LifeState next = step.next();
        MessageStatus status = next == null ? null : MessageStatus.of(next.getMessage().getFacts());
        if (status != null) {
          metrics.completed(status);
        }
      } else {
        metrics.limit(note.name());
      }
    }
  }

  private void forward(String key, Object value, long timestamp, String node) {
    context().forward(new Record<Object, Object>(key, value, timestamp, new RecordHeaders()), node);
  }

  private void reject(Record<String, MessageEvent> record, RejectionReason reason, String detail) {
    metrics.rejection(reason, record.value().getProvider());
    RecordMetadata at = context().recordMetadata().orElseThrow();
    DeadLetter letter =
        new DeadLetter(
            reason, detail, DeadLetter.LIFECYCLE, null, at.topic(), at.partition(), at.offset());
    context()
        .forward(
            new Record<Object, Object>(
                record.key() == null ? null : record.key().getBytes(StandardCharsets.UTF_8),
                serializer.serialize(at.topic(), record.value()),
                record.timestamp(),
                letter.headers(record.headers())),
            targets.deadLetters());
  }

  private static long tenantsVersion(Headers headers) {
    Header header = headers.lastHeader(RawHeaders.TENANTS_VERSION);
    if (header == null || header.value() == null) {
      return 0;
    }
    String text = new String(header.value(), StandardCharsets.UTF_8);
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }
}
