package io.postflight.topology.simulation;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.schema.state.LifecycleState;
import io.postflight.topology.lifecycle.LifecycleReducer;
import io.postflight.topology.lifecycle.LifecycleRules;
import io.postflight.topology.lifecycle.Placement;
import io.postflight.topology.lifecycle.Transition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Runs the reducer over a log with transactions: offsets, state and output of a transaction are
 * committed atomically. It may crash at any point; then the next instance restores the committed
 * state and continues at the committed offset.
 */
final class TransactionalLifecycle {
  /** An injected fault. */
  enum TransactionFault {
    NONE,
    /** As without transactions: the state is kept, but output before the crash is lost. */
    OUTPUT_LOST,
    /** The next instance starts with empty state. */
    STATE_LOST
  }

  private record PendingDeadline(long at, String key) implements Comparable<PendingDeadline> {
    @Override
    public int compareTo(PendingDeadline other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : key.compareTo(other.key);
    }
  }

  private static final Placement PLACEMENT = new Placement("30d", time -> 4, time -> 2);

  private final LifecycleReducer reducer = new LifecycleReducer(LifecycleRules.DEFAULT);
  private final List<MessageEvent> log;
  private final SplittableRandom random;
  private final TransactionFault fault;

  private final Map<String, LifecycleState> committedStates = new HashMap<>();
  private final List<TierRecord> committedOutput = new ArrayList<>();
  private int committedOffset;

  private Map<String, LifecycleState> states = new HashMap<>();
  private TreeSet<PendingDeadline> deadlines = new TreeSet<>();
  private final List<TierRecord> output = new ArrayList<>();
  private int crashes;

  TransactionalLifecycle(List<MessageEvent> log, SplittableRandom random, TransactionFault fault) {
    this.log = log;
    this.random = random;
    this.fault = fault;
  }

  /** Reads the log to its end and fires all deadlines; returns the records of the tier's topic. */
  List<TierRecord> run() {
    while (committedOffset < log.size()) {
      transaction(log.size(), moment());
    }
    transaction(log.size(), LifecycleScript.END);
    return committedOutput;
  }

  int crashes() {
    return crashes;
  }

  private long moment() {
    return LifecycleScript.BEGINNING
        + random.nextLong(LifecycleScript.END - LifecycleScript.BEGINNING);
  }

  private void transaction(int end, long caughtUpAsOf) {
    int last = Math.min(end, committedOffset + 1 + random.nextInt(12));
    boolean crashesNow = caughtUpAsOf < LifecycleScript.END && random.nextInt(6) == 0;
    int lastProcessed =
        crashesNow ? committedOffset + random.nextInt(last - committedOffset + 1) : last;
    for (int i = committedOffset; i < lastProcessed; i++) {
      process(log.get(i));
    }
    if (!crashesNow || random.nextBoolean()) {
      fire(caughtUpAsOf);
    }
    if (crashesNow) {
      crash();
    } else {
      committedStates.clear();
      committedStates.putAll(states);
      committedOutput.addAll(output);
      output.clear();
      committedOffset = last;
    }
  }

  private void crash() {
    crashes++;
    output.clear();
    if (fault == TransactionFault.OUTPUT_LOST) {
      return;
    }
    states =
        fault == TransactionFault.STATE_LOST ? new HashMap<>() : new HashMap<>(committedStates);
    deadlines = new TreeSet<>();
    states.forEach((key, state) -> deadlines.add(new PendingDeadline(state.getDeadline(), key)));
  }

  private void process(MessageEvent event) {
    String id = event.getMessageId();
    if (event.getStatus() == Status.ACTION || id == null) {
      TimelineEntry entry = new TimelineEntry(event, LifecycleReducer.anchorOf(event), 4);
      output.add(
          new TierRecord(
              event.getTenant(), List.of(entry), null, event.getReceivedAt(), null, null, null));
      return;
    }
    take(id, reducer.reduce(states.get(id), event, PLACEMENT, List.of()), event.getReceivedAt());
  }

  private void fire(long asOf) {
    while (!deadlines.isEmpty() && deadlines.first().at() <= asOf) {
      PendingDeadline due = deadlines.first();
      LifecycleState state = states.get(due.key());
      if (state == null) {
        deadlines.remove(due);
      } else {
        take(due.key(), reducer.due(state, PLACEMENT), due.at());
      }
    }
  }

  private void take(String key, Transition transition, long arrivedAt) {
    LifecycleState before = states.get(key);
    if (before != null) {
      deadlines.remove(new PendingDeadline(before.getDeadline(), key));
    }
    LifecycleState next = transition.next();
    if (next == null) {
      states.remove(key);
    } else {
      states.put(key, next);
      deadlines.add(new PendingDeadline(next.getDeadline(), key));
    }
    @Nullable MessageRevision revision = transition.revision();
    if (revision != null || !transition.timeline().isEmpty()) {
      output.add(
          new TierRecord(
              LifecycleScript.TENANT,
              transition.timeline(),
              revision,
              arrivedAt,
              null,
              null,
              null));
    }
  }
}
