package io.postflight.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The guarantee that deadlines, however many are due at once, leave the stream threads to the
 * events.
 *
 * <p>Phases with and without due deadlines alternate within one run, so that both meet the same
 * machine, and the sums of each kind are compared.
 */
class DeadlineLoadTest {
  private static final double SHARE = 0.8;

  /**
   * Other test JVMs run beside this one, so the rate is that per second of the threads' own time.
   */
  @Test
  void due_deadlines_leave_four_fifths_of_the_threads_to_events() throws Exception {
    Compared compared = compare(10_000, Duration.ofSeconds(1), Duration.ofSeconds(2));

    assertThat(compared.byThreadTime()).isGreaterThan(SHARE);
    assertThat(compared.byTime()).as("no standstill").isGreaterThan(SHARE / 2);
  }

  @Test
  @Tag("soak")
  void a_million_due_deadlines_leave_four_fifths_of_the_rate_to_events() throws Exception {
    Compared compared = compare(1_000_000, Duration.ofSeconds(10), Duration.ofSeconds(30));

    assertThat(compared.byTime()).isGreaterThan(SHARE);
    assertThat(compared.due().seconds()).isLessThan(600.0);
  }

  /** With nothing else to do; the thread's polls and commits are included. */
  @Test
  @Tag("soak")
  void a_deadline_costs_its_thread_at_most_30_microseconds() throws Exception {
    int deadlines = 200_000;
    try (DeadlineLoad load = new DeadlineLoad()) {
      load.holdMessages(deadlines);
      load.allDue();
      await().atMost(Duration.ofMinutes(5)).until(() -> load.fired() > 0.5 * deadlines); // warm-up
      DeadlineLoad.Sample warm = load.read();
      await().atMost(Duration.ofMinutes(5)).until(() -> load.fired() >= deadlines);
      DeadlineLoad.Sample cost = load.read().minus(warm);

      double micros = cost.threadSeconds() * 1e6 / cost.fired();
      System.out.printf("one deadline: %.1f us of its thread%n", micros);
      assertThat(micros).isLessThan(30);
    }
  }

  /** Two kinds of phases of one run. */
  private record Compared(DeadlineLoad.Sample without, DeadlineLoad.Sample due) {
    double byTime() {
      return due.events() / due.seconds() / (without.events() / without.seconds());
    }

    double byThreadTime() {
      return due.events() / due.threadSeconds() / (without.events() / without.threadSeconds());
    }
  }

  private static Compared compare(int deadlines, Duration phase, Duration duePhase)
      throws Exception {
    try (DeadlineLoad load = new DeadlineLoad()) {
      load.holdMessages(deadlines);
      load.sendEvents();
      load.run(duePhase, Double.MAX_VALUE); // warm-up
      DeadlineLoad.Sample without = DeadlineLoad.Sample.NONE;
      DeadlineLoad.Sample due = DeadlineLoad.Sample.NONE;
      while (load.fired() < deadlines) {
        without = without.plus(load.run(phase, Double.MAX_VALUE));
        load.allDue();
        due = due.plus(load.run(duePhase, deadlines));
        load.noneDue();
      }
      Compared compared = new Compared(without, due);
      System.out.printf(
          "%,d deadlines in %.1f s: %,.0f events/s without and %,.0f with due deadlines, %.0f %% of"
              + " the rate and %.0f %% of the rate by thread time; punctuations took %.1f %% of the"
              + " threads' time, %.0f us for each%n",
          deadlines,
          due.seconds(),
          without.events() / without.seconds(),
          due.events() / due.seconds(),
          100 * compared.byTime(),
          100 * compared.byThreadTime(),
          100 * due.share(),
          1e6 * due.punctuated() / due.fired());
      return compared;
    }
  }
}
