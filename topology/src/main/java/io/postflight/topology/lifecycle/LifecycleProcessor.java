package io.postflight.topology.lifecycle;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.LifecycleCommand;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.log.ThrottledLog;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.schema.state.LifecycleState;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.topic.RawHeaders;
import io.postflight.schema.topic.RecordKeys;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.topology.deadletter.DeadLetter;
import io.postflight.topology.deadline.CaughtUp;
import io.postflight.topology.deadline.DeadlineIndex;
import io.postflight.topology.metrics.TopologyMetrics;
import io.postflight.topology.punctuation.BudgetedPunctuation;
import io.postflight.topology.punctuation.IncrementalWork;
import io.postflight.topology.punctuation.Pacing;
import io.postflight.topology.route.Placements;
import io.postflight.topology.route.TenantResolver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows each message until its life is over: fetches what is known, has {@link LifecycleReducer}
 * fold the event, keeps the new state and its deadline, forwards what follows to the message's tier
 * and, once the message is complete, to whoever else wants to know.
 *
 * <p>It takes {@link MessageEvent}s and privacy commands ({@link LifecycleCommand}). No event and
 * no deadline goes on before the marks of the commands have been asked.
 */
public final class LifecycleProcessor extends ContextualProcessor<String, Object, Object, Object> {
  /** Store of {@link LifecycleState}, by {@code tenant|message_id}. */
  public static final String LIFECYCLES = "lifecycles";

  /** Store of the {@link DeadlineIndex}. */
  public static final String DEADLINES = "deadlines";

  /** Store of the marks of privacy commands, and of the acknowledgements of users' commands. */
  public static final String ERASURES = "erasures";

  /** Store of how far the lives of erased users have been looked for, by tenant. */
  public static final String ERASURE_SCANS = "erasure-scans";

  private static final Logger log = LoggerFactory.getLogger(LifecycleProcessor.class);
  private static final ThrottledLog faults = new ThrottledLog(log);

  /** Deadlines fired in one step. */
  private static final int DEADLINES_PER_STEP = 64;

  /** RetainedCommands looked at in one step. */
  private static final int MARKS_PER_STEP = 64;

  private final LifecycleReducer fold;
  private final TenantResolver tenants;
  private final Pacing pacing;
  private final Serializer<MessageEvent> serializer;
  private final TopologyMetrics metrics;
  private final Targets targets;
  private final Memory memory;

  private LifecycleStore lives;
  private RetainedCommandStore marks;
  private Outputs outlets;
  private Eraser eraser;
  private UserErasureScan sweep;
  private CommandHandler commands;

  /** Where the processor forwards to, by name of the node. */
  public interface Targets {
    /** Takes a tier's records; null: the tier is not configured. */
    @Nullable String tier(String tier);

    /** Takes completed revisions. */
    String postflight();

    /** Takes dead letters. */
    String deadLetters();

    /** Takes acknowledgements of users' commands. */
    String acknowledgements();

    /** How many partitions {@code events} has: so many acknowledge a user's command. */
    int partitions();
  }

  /**
   * How long what concerns erasure counts.
   *
   * @param ledger how long after a command's time its marks are kept; null: for ever
   * @param tiers how long after a tenant left a tier rows of its may stand there; null: for ever
   */
  public record Memory(@Nullable Duration ledger, @Nullable Duration tiers) {}

  /**
   * @param serializer gives the bytes of an event that becomes a dead letter
   */
  @SuppressWarnings("NullAway.Init") // stores are known in init()
  public LifecycleProcessor(
      LifecycleReducer fold,
      TenantResolver tenants,
      Pacing pacing,
      Serializer<MessageEvent> serializer,
      TopologyMetrics metrics,
      Targets targets,
      Memory memory) {
    this.fold = fold;
    this.tenants = tenants;
    this.pacing = pacing;
    this.serializer = serializer;
    this.metrics = metrics;
    this.targets = targets;
    this.memory = memory;
  }

  @Override
  public void init(ProcessorContext<Object, Object> context) {
    super.init(context);
    KeyValueStore<String, LifecycleState> states = context.getStateStore(LIFECYCLES);
    KeyValueStore<Bytes, byte[]> deadlines = context.getStateStore(DEADLINES);
    KeyValueStore<String, LifecycleCommand> erasures = context.getStateStore(ERASURES);
    KeyValueStore<String, String> sweeps = context.getStateStore(ERASURE_SCANS);
    lives = new LifecycleStore(states, new DeadlineIndex(deadlines));
    marks = new RetainedCommandStore(erasures, memory.ledger());
    outlets = new Outputs(context, targets, metrics);
    eraser = new Eraser(lives, marks, outlets, metrics);
    sweep = new UserErasureScan(sweeps, lives, marks, eraser);
    Acknowledgements acknowledgements =
        new Acknowledgements(erasures, context.taskId().partition(), targets.partitions());
    commands =
        new CommandHandler(
            fold, lives, marks, eraser, sweep, acknowledgements, tenants, outlets, memory.tiers());
    CaughtUp caughtUp = pacing.caughtUp();
    BudgetedPunctuation.start(
        context,
        pacing.budget(),
        metrics::punctuated,
        List.of(
            IncrementalWork.of(
                () -> lives.mayBeDue(caughtUp.asOf()), () -> fireDeadlines(caughtUp.asOf())),
            sweep,
            IncrementalWork.of(
                () -> marks.expiring(caughtUp.asOf()),
                () -> marks.expire(caughtUp.asOf(), MARKS_PER_STEP))));
  }

  @Override
  public void process(Record<String, Object> record) {
    if (record.value() instanceof LifecycleCommand command) {
      commands.obey(command);
    } else if (record.value() instanceof MessageEvent event) {
      follow(record.withValue(event));
    }
  }

  private void follow(Record<String, MessageEvent> record) {
    MessageEvent event = record.value();
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
    LifecycleState before = lives.find(key);
    EventDecision ruling = ErasureRules.ofEvent(before, event, messageId, marks);
    if (ruling.by() != null) {
      drop(key, before, messageId, ruling.kind(), ruling.by());
      return;
    }
    String tier = before == null ? placement.tier() : before.getMessage().getTier();
    if (!outlets.has(tier)) {
      reject(record, RejectionReason.INTERNAL, "tier '" + tier + "' is not configured");
      return;
    }
    Transition step;
    try {
      step = fold.fold(before, event, placement, ruling.redacted());
    } catch (RuntimeException fault) {
      // A fold that fails will fail again; the other messages of the partition must go on.
      faults.error(
          fault.getClass().getName(),
          "An event cannot be applied to its message and becomes a dead letter",
          fault);
      log.debug("It is an event of {}", key);
      reject(record, RejectionReason.INTERNAL, "the lifecycle failed with " + fault.getClass());
      return;
    }
    lives.keep(key, before, step.next());
    outlets.tell(
        tier,
        messageId,
        ErasureRules.spared(step, marks),
        event.getReceivedAt(),
        record.timestamp());
  }

  /** An event of something erased: nothing of it goes on. */
  private void drop(
      String key,
      @Nullable LifecycleState life,
      String messageId,
      EventDecision.Kind kind,
      Erasure by) {
    metrics.erasedEvent();
    if (kind == EventDecision.Kind.ERASED && life != null) {
      eraser.erase(key, life, by);
    } else if (kind == EventDecision.Kind.SUPPRESSED) {
      marks.put(ErasureRules.onUnborn(messageId, by));
    }
  }

  /** An action is no message: it has no life, only its place on the user's timeline. */
  private void act(Record<String, MessageEvent> record, Placement placement) {
    MessageEvent event = record.value();
    if (ErasureRules.ofAction(event, marks) != null) {
      metrics.erasedEvent();
      return;
    }
    boolean configured = outlets.has(placement.tier());
    if (event.getUserId() == null || !configured) {
      reject(
          record,
          RejectionReason.INTERNAL,
          !configured
              ? "tier '" + placement.tier() + "' is not configured"
              : "an action without a user");
      return;
    }
    TimelineEntry entry =
        new TimelineEntry(
            event,
            LifecycleReducer.anchorOf(event),
            placement.timelineShards().applyAsInt(event.getEventTime()));
    TierRecord value =
        new TierRecord(event.getTenant(), List.of(entry), null, event.getReceivedAt(), null, null);
    outlets.tier(
        placement.tier(),
        RecordKeys.ofTimeline(event.getTenant(), event.getUserId(), event.getEventId()),
        value,
        record.timestamp());
  }

  private void fireDeadlines(long asOf) {
    for (DeadlineIndex.Due due : lives.due(asOf, DEADLINES_PER_STEP)) {
      metrics.deadline(Duration.ofMillis(asOf - due.deadline()));
      fire(due);
    }
  }

  private void fire(DeadlineIndex.Due due) {
    LifecycleState life = lives.due(due);
    if (life == null) {
      return;
    }
    Erasure erased = ErasureRules.ofLife(life, marks);
    if (erased != null) {
      eraser.erase(due.lifeKey(), life, erased);
      return;
    }
    MessageRevision message = life.getMessage();
    Optional<Tenant> tenant = tenants.now(message.getTenant());
    Transition step = fold.due(life, Placements.ofLife(tenant, message.getTier()));
    lives.keep(due.lifeKey(), life, step.next());
    outlets.tell(message.getTier(), message.getMessageId(), step, due.deadline(), due.deadline());
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
