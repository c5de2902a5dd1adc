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
 * The punctuations of one task: once a second while it has no work, and at the interval given by
 * {@link PunctuationBudget} while it has. They are aligned to the clock, so that those of all tasks
 * of a thread are due in the same round.
 */
public final class BudgetedPunctuation {
  /** Interval while a task has no work, so that it commits and detects new work. */
  static final Duration WITHOUT_WORK = Duration.ofSeconds(1);

  private final PunctuationScheduler scheduler;
  private final PunctuationBudget budget;
  private final LongConsumer spent;
  private final List<IncrementalWork> tasks;
  private final PunctuationBudget.Claim claim = new PunctuationBudget.Claim();
  private Duration interval = Duration.ZERO;
  private @Nullable Cancellable schedule;
  private int first;
  private boolean finished;

  /** Schedules punctuations at all multiples of an interval. */
  @FunctionalInterface
  interface PunctuationScheduler {
    Cancellable every(Duration interval, Punctuator punctuator);
  }

  private BudgetedPunctuation(
      PunctuationScheduler scheduler,
      PunctuationBudget budget,
      LongConsumer spent,
      List<IncrementalWork> tasks) {
    this.scheduler = scheduler;
    this.budget = budget;
    this.spent = spent;
    this.tasks = tasks;
  }

  /**
   * Schedules the work of a task between its records, round robin.
   *
   * @param context of the task, which is being initialized
   * @param spent receives the duration of each slice, nanoseconds
   */
  public static void start(
      ProcessorContext<?, ?> context,
      PunctuationBudget budget,
      LongConsumer spent,
      List<IncrementalWork> tasks) {
    start(scheduler(context), budget, spent, tasks);
  }

  static void start(
      PunctuationScheduler scheduler,
      PunctuationBudget budget,
      LongConsumer spent,
      List<IncrementalWork> tasks) {
    new BudgetedPunctuation(scheduler, budget, spent, List.copyOf(tasks)).every(WITHOUT_WORK);
  }

  /**
   * Schedules a no-op punctuation once a second, aligned with the other tasks of the thread. A task
   * commits only if it has processed a record or a punctuation: without this, the last position of
   * an idle partition would not be committed.
   */
  public static void commitTail(ProcessorContext<?, ?> context) {
    scheduler(context).every(WITHOUT_WORK, timestamp -> {});
  }

  private static PunctuationScheduler scheduler(ProcessorContext<?, ?> context) {
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
      long nanos = budget.run(claim, this::run);
      if (nanos >= 0) {
        spent.accept(nanos);
      }
    }
    every(finished ? WITHOUT_WORK : budget.interval());
  }

  private boolean pending() {
    for (IncrementalWork work : tasks) {
      if (work.pending()) {
        return true;
      }
    }
    return false;
  }

  private void run(BooleanSupplier over) {
    first = (first + 1) % tasks.size();
    for (int i = 0; i < tasks.size(); i++) {
      IncrementalWork work = tasks.get((first + i) % tasks.size());
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
