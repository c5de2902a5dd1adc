package io.postflight.topology.punctuation;

import static io.postflight.topology.punctuation.SimulatedStreamThread.INPUT_QUEUED;
import static io.postflight.topology.punctuation.SimulatedStreamThread.NO_INPUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.topology.punctuation.SimulatedStreamThread.PunctuatedTask;
import io.postflight.topology.punctuation.SimulatedStreamThread.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threads with simulated time, and tasks that always have work. */
class PunctuationBudgetTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration STEP = Duration.ofNanos(500_000);

  private final Topology topology = new Topology();
  private final List<SimulatedStreamThread> threads = new ArrayList<>();

  private SimulatedStreamThread thread(int tasks) {
    SimulatedStreamThread thread = new SimulatedStreamThread(topology, tasks);
    threads.add(thread);
    return thread;
  }

  @AfterEach
  void close() {
    threads.forEach(SimulatedStreamThread::close);
  }

  @Test
  void while_input_is_queued_all_tasks_together_take_a_twentieth_of_the_time() {
    SimulatedStreamThread thread = thread(6);

    thread.run(MINUTE, INPUT_QUEUED);

    assertThat(thread.share()).isBetween(0.045, 0.0505);
  }

  @Test
  void a_thread_that_waits_for_input_takes_up_to_half_of_its_time() {
    SimulatedStreamThread thread = thread(1);

    thread.run(MINUTE, NO_INPUT);

    assertThat(thread.share()).isBetween(0.4, 0.505);
  }

  @Test
  void between_the_two_it_takes_up_to_half_of_what_records_leave() {
    SimulatedStreamThread thread = thread(3);

    thread.run(MINUTE, 0.4);

    assertThat(thread.share()).isBetween(0.06, 0.35);
  }

  @Test
  void no_round_lasts_longer_than_a_slice_and_the_step_that_exceeds_it() {
    SimulatedStreamThread thread = thread(6);
    Duration longest = Duration.ofNanos(PunctuationBudget.SLICE_NANOS).plus(STEP);

    thread.run(MINUTE, INPUT_QUEUED);
    assertThat(thread.longestRound()).isLessThanOrEqualTo(longest);

    thread.run(MINUTE, NO_INPUT);
    assertThat(thread.longestRound()).isLessThanOrEqualTo(longest);
  }

  @Test
  void while_input_is_queued_there_are_ten_rounds_a_second_and_one_when_no_work_is_left() {
    SimulatedStreamThread thread = thread(6);

    thread.run(MINUTE, INPUT_QUEUED);
    assertThat(thread.rounds()).isBetween(580, 605);

    thread.tasks.forEach(task -> task.left = 0);
    thread.run(Duration.ofSeconds(1), INPUT_QUEUED);
    thread.run(MINUTE, INPUT_QUEUED);
    assertThat(thread.rounds()).isBetween(59, 61);
  }

  @Test
  void tasks_of_a_thread_have_equal_shares_regardless_of_their_order() {
    SimulatedStreamThread thread = thread(7);

    thread.run(MINUTE, INPUT_QUEUED);

    long most = thread.tasks.stream().mapToLong(PunctuatedTask::done).max().orElseThrow();
    assertThat(thread.tasks)
        .allSatisfy(task -> assertThat(task.done()).isGreaterThan(most * 8 / 10));
  }

  @Test
  void a_migrated_task_does_not_block_other_tasks() {
    SimulatedStreamThread one = thread(4);
    SimulatedStreamThread other = thread(3);
    for (int i = 0; i < 200; i++) {
      one.run(Duration.ofMillis(300), INPUT_QUEUED);
      other.run(Duration.ofMillis(300), INPUT_QUEUED);
      SimulatedStreamThread from = i % 2 == 0 ? one : other;
      (i % 2 == 0 ? other : one).tasks.add(i % 3, from.tasks.remove(i % 3));
    }

    one.tasks.forEach(task -> task.first = task.second = 0);
    one.run(MINUTE, INPUT_QUEUED);
    assertThat(one.share()).isBetween(0.045, 0.0505);
    assertThat(one.tasks).allSatisfy(task -> assertThat(task.done()).isGreaterThan(1_000));
  }

  @Test
  void a_step_that_takes_too_long_is_paid_back_within_a_second() {
    SimulatedStreamThread thread = thread(1);
    PunctuatedTask task = thread.tasks.get(0);
    task.stepNanos = Duration.ofSeconds(30).toNanos();
    task.left = 1;
    thread.run(Duration.ofSeconds(31), INPUT_QUEUED);
    task.stepNanos = STEP.toNanos();
    task.left = Long.MAX_VALUE;

    thread.run(Duration.ofMillis(900), INPUT_QUEUED);
    assertThat(thread.punctuated()).isZero();

    thread.run(Duration.ofSeconds(3), INPUT_QUEUED);
    assertThat(thread.punctuated()).isPositive();
  }

  @Test
  void an_hour_of_waiting_earns_no_more_than_one_slice() {
    SimulatedStreamThread thread = thread(1);
    thread.tasks.get(0).left = 0;
    thread.run(Duration.ofHours(1), NO_INPUT);
    thread.tasks.get(0).left = Long.MAX_VALUE;

    thread.run(Duration.ofSeconds(2), INPUT_QUEUED);

    Duration slices = Duration.ofNanos(2 * PunctuationBudget.SLICE_NANOS);
    assertThat(thread.punctuated()).isLessThan(Duration.ofMillis(100).plus(slices));
  }

  @Test
  void work_of_a_task_runs_round_robin() {
    SimulatedStreamThread thread = thread(1);
    PunctuatedTask task = thread.tasks.get(0);

    thread.run(MINUTE, INPUT_QUEUED);

    assertThat(task.first).isBetween(task.second * 9 / 10, task.second * 11 / 10);
  }
}
