package io.postflight.topology.punctuation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * The punctuations of one task: once a second while it has nothing to do, and as often as the
 * {@link PunctuationBudget} says while it has. They are aligned to the clock, so that those of all
 * tasks of a thread are due in the same round.
 */
public final class BudgetedPunctuation {
  /** How often a task is punctuated that has no work, so that it commits and finds new work. */
  static final Duration WITHOUT_WORK = Duration.ofSeconds(1);

  private final Scheduler scheduler;
  private final PunctuationBudget budget;
  private final LongConsumer spent;
  private final List<IncrementalWork> works;
  private final PunctuationBudget.Claim claim = new PunctuationBudget.Claim();
  private Duration interval = Duration.ZERO;
  private @Nullable Cancellable schedule;
  private int turn;
  private boolean finished;

  /** Has a task punctuated at all multiples of an interval. */
  @FunctionalInterface
  interface Scheduler {
    Cancellable every(Duration interval, Punctuator punctuator);
  }

  private BudgetedPunctuation(
      Scheduler scheduler,
      PunctuationBudget budget,
      LongConsumer spent,
      List<IncrementalWork> works) {
    this.scheduler = scheduler;
    this.budget = budget;
    this.spent = spent;
    this.works = works;
  }

  /**
   * Has a task's works done between its records. They take turns in being the first of a slice.
   *
   * @param context of the task, which is being initialized
   * @param spent given the length of each slice, nanoseconds
   */
  public static void start(
      ProcessorContext<?, ?> context,
      PunctuationBudget budget,
      LongConsumer spent,
      List<IncrementalWork> works) {
    start(scheduler(context), budget, spent, works);
  }

  static void start(
      Scheduler scheduler,
      PunctuationBudget budget,
      LongConsumer spent,
      List<IncrementalWork> works) {
    new BudgetedPunctuation(scheduler, budget, spent, List.copyOf(works)).every(WITHOUT_WORK);
  }

  /**
   * Has a task be punctuated once a second, together with the others of its thread, and do nothing.
   * A task commits only if it has processed or punctuated something: without this, the last
   * position of an idle partition would not be committed.
   */
  public static void commitTail(ProcessorContext<?, ?> context) {
    scheduler(context).every(WITHOUT_WORK, timestamp -> {});
  }

  private static Scheduler scheduler(ProcessorContext<?, ?> context) {
    return (interval, punctuator) ->
        context.schedule(Instant.EPOCH, interval, PunctuationType.WALL_CLOCK_TIME, punctuator);
  }

  private void every(Duration wanted) {
    if (wanted.equals(interval)) {
      return;
    }
    if (schedule != null) {
      schedule.cancel();
    }
    interval = wanted;
    schedule = scheduler.every(wanted, timestamp -> punctuate());
  }

  private void punctuate() {
    finished = !pending();
    if (!finished) {
      long nanos = budget.run(claim, this::proceed);
      if (nanos >= 0) {
        spent.accept(nanos);
      }
    }
    every(finished ? WITHOUT_WORK : budget.interval());
  }

  private boolean pending() {
    for (IncrementalWork work : works) {
      if (work.pending()) {
        return true;
      }
    }
    return false;
  }

  private void proceed(BooleanSupplier over) {
    turn = (turn + 1) % works.size();
    for (int i = 0; i < works.size(); i++) {
      IncrementalWork work = works.get((turn + i) % works.size());
      while (work.pending()) {
        work.step();
        if (over.getAsBoolean()) {
          return;
        }
      }
    }
    finished = true;
  }
}
