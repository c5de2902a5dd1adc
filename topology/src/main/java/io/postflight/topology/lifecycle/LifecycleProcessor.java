package io.postflight.topology.lifecycle;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.LifecycleCommand;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.MessageTimes;
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
import io.postflight.topology.route.TenantResolver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
 * Tracks each message until its lifecycle ends: fetches its state, has {@link LifecycleReducer}
 * reduce the event into it, stores the new state and its deadline, and forwards the changes to the
 * message's tier and, once the message is complete, to {@code postflight}.
 *
 * <p>Input are {@link MessageEvent}s and privacy commands ({@link LifecycleCommand}). Every event
 * and every deadline is checked against the retained commands first.
 */
public final class LifecycleProcessor extends ContextualProcessor<String, Object, Object, Object> {
  /** Store of {@link LifecycleState}, by {@code tenant|message_id}. */
  public static final String LIFECYCLES = "lifecycles";

  /** Store of the {@link DeadlineIndex}. */
  public static final String DEADLINES = "deadlines";

  /** Store of the retained privacy commands, and of the acknowledgements of users' commands. */
  public static final String ERASURES = "erasures";

  /** Store of the progress of {@link UserErasureScan}, by tenant. */
  public static final String ERASURE_SCANS = "erasure-scans";

  /** Node that completed revisions are forwarded to. */
  public static final String POSTFLIGHT = "postflight";

  /** Node that dead letters are forwarded to. */
  public static final String DEAD_LETTERS = "dead-events";

  /** Node that acknowledgements of users' commands are forwarded to. */
  public static final String ACKNOWLEDGEMENTS = "acknowledgements";

  /** Node that links between ids are forwarded to. */
  public static final String LINKS = "links";

  private static final Logger log = LoggerFactory.getLogger(LifecycleProcessor.class);
  private static final ThrottledLog faults = new ThrottledLog(log);

  /** Deadlines fired per step. */
  private static final int DEADLINES_PER_STEP = 64;

  /** Retained commands examined per step. */
  private static final int RETAINED_PER_STEP = 64;

  private final LifecycleReducer reducer;
  private final TenantResolver tenants;
  private final Pacing pacing;
  private final Serializer<MessageEvent> serializer;
  private final TopologyMetrics metrics;
  private final LifecycleSettings settings;

  private LifecycleStore lifecycles;
  private RetainedCommandStore retained;
  private Outputs outputs;
  private LinkOutput links;
  private Eraser eraser;
  private UserErasureScan userScan;
  private CommandHandler commands;

  /**
   * Settings of the lifecycle.
   *
   * @param tiers that are configured
   * @param partitions number of partitions of {@code events}, each of which acknowledges a user's
   *     command
   * @param commandRetention how long a command is retained; null: indefinitely
   * @param tierRetention how long a tier may hold rows of a tenant after the tenant left it; null:
   *     indefinitely
   */
  public record LifecycleSettings(
      Set<String> tiers,
      int partitions,
      @Nullable Duration commandRetention,
      @Nullable Duration tierRetention) {}

  /**
   * Collaborators of the lifecycle.
   *
   * @param pacing of punctuators
   * @param serializer for events that become dead letters
   */
  public record LifecycleServices(
      TenantResolver tenants,
      Pacing pacing,
      Serializer<MessageEvent> serializer,
      TopologyMetrics metrics) {}

  /** Creates the processor of one task. */
  @SuppressWarnings("NullAway.Init") // stores are known in init()
  public LifecycleProcessor(
      LifecycleReducer reducer, LifecycleServices services, LifecycleSettings settings) {
    this.reducer = reducer;
    this.tenants = services.tenants();
    this.pacing = services.pacing();
    this.serializer = services.serializer();
    this.metrics = services.metrics();
    this.settings = settings;
  }

  /** Node that the records of a tier are forwarded to. */
  public static String tierNode(String tier) {
    return "tier-" + tier;
  }

  @Override
  public void init(ProcessorContext<Object, Object> context) {
    super.init(context);
    KeyValueStore<String, LifecycleState> states = context.getStateStore(LIFECYCLES);
    KeyValueStore<Bytes, byte[]> deadlines = context.getStateStore(DEADLINES);
    KeyValueStore<String, LifecycleCommand> erasures = context.getStateStore(ERASURES);
    KeyValueStore<String, String> userScans = context.getStateStore(ERASURE_SCANS);
    lifecycles = new LifecycleStore(states, new DeadlineIndex(deadlines));
    retained = new RetainedCommandStore(erasures, settings.commandRetention(), metrics::limit);
    outputs = new Outputs(context, settings.tiers(), metrics);
    links = new LinkOutput(outputs);
    eraser = new Eraser(lifecycles, retained, outputs, metrics);
    userScan = new UserErasureScan(userScans, lifecycles, retained, eraser);
    Acknowledgements acknowledgements =
        new Acknowledgements(erasures, context.taskId().partition(), settings.partitions());
    commands =
        new CommandHandler(
            reducer,
            new CommandHandler.LifecycleTask(lifecycles, retained, outputs, eraser, links),
            new CommandHandler.UserErasures(userScan, acknowledgements),
            new CommandHandler.TierLookup(tenants, settings.tierRetention()));
    CaughtUp caughtUp = pacing.caughtUp();
    BudgetedPunctuation.start(
        context,
        pacing.budget(),
        metrics::punctuated,
        List.of(
            IncrementalWork.of(
                () -> lifecycles.mayBeDue(caughtUp.asOf()), () -> fireDeadlines(caughtUp.asOf())),
            userScan,
            IncrementalWork.of(
                () -> retained.expiring(caughtUp.asOf()),
                () -> retained.expire(caughtUp.asOf(), RETAINED_PER_STEP))));
  }

  @Override
  public void process(Record<String, Object> record) {
    if (record.value() instanceof LifecycleCommand command) {
      commands.apply(command);
    } else if (record.value() instanceof MessageEvent event) {
      processMessageEvent(record.withValue(event));
    }
  }

  private void processMessageEvent(Record<String, MessageEvent> record) {
    MessageEvent event = record.value();
    Optional<Tenant> tenant = tenants.find(event.getTenant(), tenantsVersion(record.headers()));
    if (tenant.isEmpty()) {
      reject(
          record,
          RejectionReason.UNKNOWN_TENANT,
          "tenant '" + event.getTenant() + "' was removed after the event was received");
      return;
    }
    Placement placement = Placement.of(tenant.get(), event.getReceivedAt());
    if (event.getStatus() == Status.ACTION) {
      processAction(record, placement);
    } else if (event.getMessageId() == null) {
      reject(
          record, RejectionReason.MISSING_MESSAGE_ID, "the event of a message has no message_id");
    } else {
      applyEvent(record, event.getMessageId(), placement);
    }
  }

  private void applyEvent(
      Record<String, MessageEvent> record, String messageId, Placement placement) {
    MessageEvent event = record.value();
    String key = RecordKeys.ofMessage(event.getTenant(), messageId);
    LifecycleState before = lifecycles.find(key);
    EventDecision decision = LifecycleErasures.ofEvent(before, event, messageId, retained);
    if (decision.kind().isFinal()) {
      sendLinks(event, placement, before, before);
      drop(key, before, messageId, decision);
      return;
    }
    Transition transition = reduce(record, before, placement, decision);
    LifecycleState next = transition == null ? null : transition.next();
    if (transition == null || next == null) {
      return;
    }
    sendLinks(event, placement, before, next);
    EventDecision after = LifecycleErasures.ofTransition(decision, before, next, retained);
    if (after.kind().isFinal()) {
      drop(key, before, messageId, after);
      return;
    }
    if (after.by() != null) {
      metrics.erasedEvent();
    }
    lifecycles.replace(key, before, next);
    outputs.emit(
        next.getMessage().getTier(),
        messageId,
        LifecycleErasures.permitted(transition, retained),
        event.getReceivedAt(),
        record.timestamp());
  }

  /**
   * Reduces an event into the state of its message.
   *
   * @param before the state before the event; null: there was none
   * @return null if that is not possible; then the event is dead-lettered, or dropped if it is of
   *     an erased user
   */
  private @Nullable Transition reduce(
      Record<String, MessageEvent> record,
      @Nullable LifecycleState before,
      Placement placement,
      EventDecision decision) {
    MessageEvent event = record.value();
    String tier = before == null ? placement.tier() : before.getMessage().getTier();
    String detail;
    if (outputs.has(tier)) {
      try {
        MessageEvent reduced = decision.by() == null ? event : EventCopies.onlyUser(event);
        return reducer.reduce(before, reduced, placement, decision.redacted());
      } catch (RuntimeException fault) {
        // Reducing the event again would fail again, and would block the partition.
        faults.error(
            fault.getClass().getName(), "An event could not be applied to its message", fault);
        log.debug("The event belongs to {}", record.key());
        detail = "the lifecycle failed with " + fault.getClass();
      }
    } else {
      detail = "tier '" + tier + "' is not configured";
    }
    if (decision.by() == null) {
      reject(record, RejectionReason.INTERNAL, detail);
    } else {
      metrics.erasedEvent();
    }
    return null;
  }

  /**
   * Sends the ids of an event, with that of the message's user if the event names it by another
   * one.
   *
   * @param before the state before the event; null: there was none
   * @param after the state after it
   */
  private void sendLinks(
      MessageEvent event,
      Placement placement,
      @Nullable LifecycleState before,
      @Nullable LifecycleState after) {
    String owner = null;
    long since = event.getEventTime();
    if (after != null) {
      MessageRevision message = after.getMessage();
      owner =
          Filing.linkedUser(
              event, before == null ? null : before.getMessage().getFacts(), message.getFacts());
      since = Math.min(since, MessageTimes.earliest(message));
    }
    links.send(event, placement.tier(), owner, since);
  }

  /** Drops an event of an erased message or user, and erases its message if that is decided. */
  private void drop(
      String key, @Nullable LifecycleState state, String messageId, EventDecision decision) {
    Erasure by = Objects.requireNonNull(decision.by(), "command");
    metrics.erasedEvent();
    if (decision.kind() == EventDecision.DecisionKind.ERASED && state != null) {
      eraser.erase(key, state, by);
    } else if (decision.kind() == EventDecision.DecisionKind.SUPPRESSED) {
      retained.put(LifecycleErasures.onSuppressed(messageId, by));
    }
  }

  /** An action has no lifecycle; it is stored on the user's timeline only. */
  private void processAction(Record<String, MessageEvent> record, Placement placement) {
    MessageEvent event = record.value();
    links.send(event, placement.tier(), null, event.getEventTime());
    if (LifecycleErasures.ofAction(event, retained) != null) {
      metrics.erasedEvent();
      return;
    }
    boolean configured = outputs.has(placement.tier());
    if (event.getUserId() == null || !configured) {
      reject(
          record,
          RejectionReason.INTERNAL,
          !configured
              ? "tier '" + placement.tier() + "' is not configured"
              : "the action has no user");
      return;
    }
    TimelineEntry entry =
        new TimelineEntry(
            event,
            LifecycleReducer.anchorOf(event),
            placement.timelineShards().applyAsInt(event.getEventTime()));
    TierRecord value =
        new TierRecord(
            event.getTenant(), List.of(entry), null, event.getReceivedAt(), null, null, null);
    outputs.tier(
        placement.tier(),
        RecordKeys.ofTimeline(event.getTenant(), event.getUserId(), event.getEventId()),
        value,
        record.timestamp());
  }

  private void fireDeadlines(long asOf) {
    for (DeadlineIndex.Due due : lifecycles.due(asOf, DEADLINES_PER_STEP)) {
      metrics.deadline(Duration.ofMillis(asOf - due.deadline()));
      fire(due);
    }
  }

  private void fire(DeadlineIndex.Due due) {
    LifecycleState state = lifecycles.due(due);
    if (state == null) {
      return;
    }
    Erasure erased = LifecycleErasures.ofState(state, retained);
    if (erased != null) {
      eraser.erase(due.key(), state, erased);
      return;
    }
    MessageRevision message = state.getMessage();
    Optional<Tenant> tenant = tenants.now(message.getTenant());
    Transition transition = reducer.due(state, Placement.of(tenant, message.getTier()));
    lifecycles.replace(due.key(), state, transition.next());
    outputs.emit(
        message.getTier(), message.getMessageId(), transition, due.deadline(), due.deadline());
  }

  private void reject(Record<String, MessageEvent> record, RejectionReason reason, String detail) {
    metrics.rejection(reason, record.value().getProvider());
    RecordMetadata at = context().recordMetadata().orElseThrow();
    DeadLetter deadLetter = DeadLetter.ofLifecycle(reason, detail);
    context()
        .forward(
            new Record<Object, Object>(
                record.key() == null ? null : record.key().getBytes(StandardCharsets.UTF_8),
                serializer.serialize(at.topic(), record.value()),
                record.timestamp(),
                deadLetter.headers(record.headers(), at)),
            DEAD_LETTERS);
  }

  private static long tenantsVersion(Headers headers) {
    Header header = headers.lastHeader(RawHeaders.TENANTS_VERSION);
    return header == null || header.value() == null
        ? 0
        : Math.max(0, RawHeaders.number(header.value()));
  }
}
