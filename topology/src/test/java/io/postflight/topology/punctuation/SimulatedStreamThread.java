package io.postflight.topology.punctuation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.Punctuator;

/**
 * A stream thread as in Kafka Streams: it polls, processes records, and then punctuates all tasks
 * that are due, always in the same order. Its time is simulated. The budget's state is
 * thread-local, so each simulated thread has a real one, of which one runs at a time.
 */
final class SimulatedStreamThread implements AutoCloseable {
  static final double INPUT_QUEUED = 1;
  static final double NO_INPUT = 0;

  private static final long ROUND_OF_RECORDS = TimeUnit.MILLISECONDS.toNanos(3);
  private static final long BETWEEN_RECORDS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final Duration POLL = Duration.ofMillis(100);

  /** State shared by the threads of one topology. */
  static final class Topology {
    @SuppressWarnings("ThreadLocalUsage") // gone with the test's threads
    private final ThreadLocal<SimulatedStreamThread> current = new ThreadLocal<>();

    final PunctuationBudget budget = new PunctuationBudget(() -> current.get().now);
  }

  final List<PunctuatedTask> tasks = new ArrayList<>();
  private final Topology topology;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  private long now;
  private long nextArrival;
  private long elapsed;
  private long punctuated;
  private long longestRound;
  private int rounds;

  SimulatedStreamThread(Topology topology, int tasks) {
    this.topology = topology;
    for (int i = 0; i < tasks; i++) {
      this.tasks.add(new PunctuatedTask());
    }
  }

  /** A task with work. */
  final class PunctuatedTask {
    long stepNanos = TimeUnit.MICROSECONDS.toNanos(500);
    long left = Long.MAX_VALUE;
    long first;
    long second;

    private long interval;
    private long due;
    private Punctuator punctuator = timestamp -> {};

    private PunctuatedTask() {
      BudgetedPunctuation.start(
          this::schedule,
          topology.budget,
          nanos -> {},
          List.of(
              IncrementalWork.of(() -> left > 0, () -> first += step()),
              IncrementalWork.of(() -> left > 0, () -> second += step())));
    }

    long done() {
      return first + second;
    }

    private int step() {
      topology.current.get().now += stepNanos;
      left--;
      return 1;
    }

    private Cancellable schedule(Duration every, Punctuator callback) {
      interval = every.toNanos();
      due = due == 0 ? interval : nextAfter(topology.current.get().now);
      punctuator = callback;
      return () -> {};
    }

    private long nextAfter(long time) {
      return (time / interval + 1) * interval;
    }

    private boolean punctuate(long time) {
      if (time < due) {
        return false;
      }
      due = nextAfter(time);
      punctuator.punctuate(time);
      return true;
    }
  }

  /**
   * Runs the thread for a time.
   *
   * @param load share of the time that records take
   */
  void run(Duration duration, double load) {
    try {
      thread.submit(() -> loop(duration.toNanos(), load)).get();
    } catch (InterruptedException | ExecutionException failed) {
      throw new AssertionError(failed);
    }
  }

  private void loop(long duration, double load) {
    topology.current.set(this);
    long begun = now;
    punctuated = 0;
    longestRound = 0;
    rounds = 0;
    while (now - begun < duration) {
      pollAndProcess(load);
      long roundBegun = now;
      boolean any = false;
      for (PunctuatedTask task : tasks) {
        any |= task.punctuate(now);
      }
      rounds += any ? 1 : 0;
      punctuated += now - roundBegun;
      longestRound = Math.max(longestRound, now - roundBegun);
    }
    elapsed = now - begun;
  }

  private void pollAndProcess(double load) {
    if (load == INPUT_QUEUED) {
      now += ROUND_OF_RECORDS;
      return;
    }
    long timeout = topology.budget.pollTimeout(POLL).toNanos();
    long untilArrival = load == NO_INPUT ? Long.MAX_VALUE : Math.max(0, nextArrival - now);
    long wait = Math.min(timeout, untilArrival);
    now += wait;
    topology.budget.waited(wait);
    if (wait == untilArrival) {
      now += (long) (BETWEEN_RECORDS * load);
      nextArrival += BETWEEN_RECORDS;
    }
  }

  /** Share of the time of the last run that punctuators took. */
  double share() {
    return (double) punctuated / elapsed;
  }

  Duration punctuated() {
    return Duration.ofNanos(punctuated);
  }

  Duration longestRound() {
    return Duration.ofNanos(longestRound);
  }

  /** Rounds of the last run in which any task was punctuated. */
  int rounds() {
    return rounds;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
