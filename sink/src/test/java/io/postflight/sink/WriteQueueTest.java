package io.postflight.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.topic.RejectionReason;
import io.postflight.store.EventWriter;
import io.postflight.store.PartitionKey;
import io.postflight.store.Replicas;
import io.postflight.store.Row;
import io.postflight.store.Rows;
import io.postflight.store.Table;
import io.postflight.store.WriteException;
import io.postflight.store.WriteException.Kind;
import io.postflight.store.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The queue under a clock that the test moves: no thread, no wait. */
class WriteQueueTest {
  private final ManualScheduler time = new ManualScheduler();
  private final Calls calls = new Calls();
  private final List<Row> settled = new ArrayList<>();
  private final List<Row> blocked = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private final List<String> fatal = new ArrayList<>();
  private boolean cancelled;
  private final WriteQueue queue =
      new WriteQueue(
          calls,
          new WriteLimits(1_000, 1 << 20, 1 << 20, 5, 1 << 20, 1 << 20, 4, 2, Duration.ofMillis(5)),
          new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), () -> Math.nextDown(1.0)),
          time,
          time::nanos,
          listener());

  @Test
  void an_idle_database_gets_a_row_at_once() {
    submit("u1", "m1");

    assertThat(calls.sizes()).containsExactly(1);
  }

  @Test
  void a_busy_database_gets_the_rows_of_a_partition_together_once_the_linger_is_over() {
    submit("u8", "m8");
    submit("u9", "m9");
    submit("u1", "m1");
    submit("u1", "m2");
    submit("u1", "m3");
    assertThat(calls.sizes()).containsExactly(1, 1);

    time.pass(6);
    calls.succeed(0);

    assertThat(calls.sizes()).containsExactly(1, 1, 3);
  }

  @Test
  void a_full_statement_does_not_wait() {
    submit("u8", "m8");
    submit("u9", "m9");
    for (int i = 0; i < 5; i++) {
      submit("u1", "m" + i);
    }

    assertThat(calls.sizes()).containsExactly(1, 1, 5);
  }

  @Test
  void a_transient_failure_is_repeated_for_ever_with_a_growing_pause() {
    submit("u1", "m1");

    for (int attempt = 0; attempt < 20; attempt++) {
      calls.fail(attempt, Kind.TRANSIENT);
      time.pass(1_000);
    }
    calls.succeed(20);

    assertThat(calls.sizes()).hasSize(21);
    assertThat(settled).hasSize(1);
  }

  @Test
  void a_statement_that_rests_leaves_its_slot_to_others() {
    submitEach(0, 6);
    assertThat(calls.sizes()).hasSize(4);

    calls.fail(0, Kind.TRANSIENT);
    calls.fail(1, Kind.TRANSIENT);

    assertThat(calls.sizes()).hasSize(6);
    assertThat(blocked).hasSize(2);
  }

  @Test
  void replicas_have_no_more_statements_than_they_may_and_others_go_on() {
    calls.lost = "lost";
    submitEach(0, 4);
    for (int call = 0; call < 4; call++) {
      calls.succeed(call);
    }
    for (int i = 0; i < 20; i++) {
      submit("lost" + i, "m" + i);
      time.pass(10);
      failLost();
    }
    assertThat(queue.statements()).isEqualTo(8);
    assertThat(blocked).hasSize(20);

    for (int i = 10; i < 12; i++) {
      submitEach(i, 1);
      failLost();
    }
    assertThat(calls.subjects()).contains("u10", "u11");
  }

  private void failLost() {
    for (int call = 0; call < calls.answers.size(); call++) {
      if (calls.subjects().get(call).startsWith(calls.lost)) {
        calls.fail(call, Kind.TRANSIENT);
      }
    }
    time.pass(1);
  }

  @Test
  void a_statement_that_is_overdue_does_not_keep_others_from_being_sent() {
    submitEach(0, 8);
    assertThat(calls.sizes()).hasSize(4);

    time.pass(WriteQueue.OVERDUE.toMillis() + 2);

    assertThat(calls.sizes()).hasSize(8);
    assertThat(blocked).hasSize(4);
  }

  @Test
  void the_coordinator_with_the_fewest_statements_is_asked() {
    calls.nodes = List.of("a", "b", "c");
    submitEach(0, 4);
    assertThat(calls.coordinators)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(calls.nodes.stream(), Stream.of(calls.coordinators.get(3))).toList());

    Object slow = calls.coordinators.get(0);
    assertThat(calls.coordinators.get(3)).isEqualTo(slow);
    for (int call = 1; call < 40; call++) {
      if (call != 3) {
        calls.succeed(call);
        submitEach(10 + call, 1);
      }
    }

    assertThat(calls.coordinators.stream().filter(slow::equals)).hasSize(2);
  }

  @Test
  void a_statement_is_not_sent_again_to_the_coordinator_that_failed_it_while_there_is_another() {
    calls.nodes = List.of("a", "b");
    submit("u1", "m1");
    for (int attempt = 0; attempt < 10; attempt++) {
      calls.fail(attempt, Kind.TRANSIENT);
      time.pass(1_000);
    }
    for (int attempt = 1; attempt < 10; attempt++) {
      assertThat(calls.coordinators.get(attempt)).isNotEqualTo(calls.coordinators.get(attempt - 1));
    }
  }

  @Test
  void a_statement_with_one_coordinator_is_sent_to_it_again() {
    calls.nodes = List.of("a");
    submit("u1", "m1");
    calls.fail(0, Kind.TRANSIENT);
    time.pass(1_000);

    assertThat(calls.coordinators).containsExactly("a", "a");
  }

  @Test
  void while_replicas_take_statements_a_success_does_not_cut_short_what_rests() {
    submitEach(0, 4);
    for (int call = 0; call < 3; call++) {
      calls.fail(call, Kind.TRANSIENT);
    }

    calls.succeed(3);

    assertThat(calls.sizes()).hasSize(4);
    time.pass(100);
    assertThat(calls.sizes()).hasSize(7);
  }

  @Test
  void the_first_success_after_a_second_without_wakes_what_rests() {
    submitEach(0, 4);
    time.pass(1_000);
    for (int call = 0; call < 3; call++) {
      calls.fail(call, Kind.TRANSIENT);
    }

    calls.succeed(3);

    assertThat(calls.sizes()).hasSize(7);
  }

  @Test
  void with_nothing_but_blocked_rows_the_database_flows_while_other_replicas_are_sound() {
    submitEach(0, 1);
    calls.succeed(0);
    calls.lost = "lost";
    submit("lost1", "m1");
    submit("lost2", "m2");
    for (int i = 0; i < 20; i++) {
      time.pass(100);
      failLost();
    }
    assertThat(blocked).hasSize(2);
    assertThat(queue.flowing()).isTrue();

    submit("u1", "m1");
    assertThat(queue.flowing()).isTrue();
    time.pass(499);
    assertThat(queue.flowing()).isTrue();
    time.pass(1);
    assertThat(queue.flowing()).isFalse();
    calls.succeed(calls.subjects().indexOf("u1"));
    assertThat(queue.flowing()).isTrue();
  }

  @Test
  void with_all_replicas_in_trouble_the_database_does_not_flow_though_all_rows_are_blocked() {
    submitEach(0, 1);
    for (int attempt = 0; attempt < 3; attempt++) {
      calls.fail(attempt, Kind.TRANSIENT);
      time.pass(1_000);
    }

    assertThat(blocked).hasSize(1);
    assertThat(queue.flowing()).isFalse();
  }

  private void submitEach(int first, int users) {
    for (int i = first; i < first + users; i++) {
      submit("u" + i, "m" + i);
      time.pass(10);
      queue.dropCancelled();
    }
  }

  @Test
  void what_rests_goes_at_once_when_the_database_answers_again() {
    submit("u1", "m1");
    calls.fail(0, Kind.TRANSIENT);

    queue.retryNow();

    assertThat(calls.sizes()).containsExactly(1, 1);
    time.pass(5_000);
    assertThat(calls.sizes()).hasSize(2);
  }

  @Test
  void a_refused_batch_is_sent_row_by_row_and_only_the_bad_row_is_refused() {
    fill("u1", 5);
    calls.fail(2, Kind.INVALID);
    calls.succeed(0);
    calls.succeed(1);
    assertThat(calls.sizes()).startsWith(1, 1, 5, 1, 1);

    calls.fail(3, Kind.INVALID);
    assertThat(refused).isEmpty();
    time.pass(1_000);
    int again = calls.batches.lastIndexOf(calls.batches.get(3));
    calls.fail(again, Kind.INVALID);
    for (int call = 4; call < 9; call++) {
      if (call != again) {
        calls.succeed(call);
      }
    }

    assertThat(refused).hasSize(1);
    assertThat(settled).hasSize(6);
    assertThat(queue.statements()).isZero();
  }

  @Test
  void a_row_is_not_refused_while_the_canary_fails() {
    calls.canary = new WriteException(Kind.TRANSIENT, "half broken", null);
    submit("u1", "m1");
    calls.fail(0, Kind.INVALID);
    assertThat(refused).isEmpty();

    calls.canary = null;
    time.pass(1_000);
    calls.succeed(1);

    assertThat(refused).isEmpty();
    assertThat(settled).hasSize(1);
  }

  @Test
  void a_row_refused_by_a_node_that_recovers_before_the_canary_comes_is_written() {
    submit("u1", "m1");
    calls.fail(0, Kind.INVALID);
    time.pass(1_000);
    calls.succeed(1);

    assertThat(refused).isEmpty();
    assertThat(settled).hasSize(1);
    assertThat(queue.statements()).isZero();
  }

  @Test
  void a_bug_of_the_writer_is_repeated_at_first_and_does_not_stop_the_queue_for_ever() {
    submit("u1", "m1");
    for (int attempt = 0; attempt < 9; attempt++) {
      calls.fail(attempt, new IllegalStateException("bug"));
      time.pass(1_000);
    }

    assertThat(refused).hasSize(1);
    assertThat(queue.statements()).isZero();
  }

  @Test
  void one_bug_of_the_writer_after_an_outage_does_not_refuse_a_good_row() {
    submit("u1", "m1");
    for (int attempt = 0; attempt < 20; attempt++) {
      calls.fail(attempt, Kind.TRANSIENT);
      time.pass(10_000);
    }
    calls.fail(20, new IllegalStateException("bug"));
    time.pass(10_000);
    calls.succeed(21);

    assertThat(refused).isEmpty();
    assertThat(queue.statements()).isZero();
  }

  @Test
  void a_fatal_failure_stops_everything() {
    submit("u1", "m1");
    calls.fail(0, Kind.FATAL);
    submit("u2", "m2");
    time.pass(10_000);

    assertThat(fatal).containsExactly("FATAL");
    assertThat(calls.sizes()).containsExactly(1);
    assertThat(settled).isEmpty();
  }

  @Test
  void after_a_fatal_failure_nothing_is_sent_again_when_the_database_answers() {
    submit("u1", "m1");
    calls.fail(0, Kind.TRANSIENT);
    submit("u2", "m2");
    calls.fail(1, Kind.FATAL);

    queue.retryNow();

    assertThat(calls.sizes()).containsExactly(1, 1);
    assertThat(settled).isEmpty();
  }

  @Test
  void cancelled_rows_are_dropped_wherever_they_wait() {
    submit("u1", "m1");
    submit("u2", "m2");
    submit("u3", "m3");
    calls.fail(0, Kind.TRANSIENT);
    cancelled = true;
    queue.dropCancelled();
    calls.fail(1, Kind.TRANSIENT);
    calls.fail(2, Kind.TRANSIENT);
    time.pass(10_000);

    assertThat(queue.statements()).isZero();
    assertThat(settled).hasSize(3);
  }

  @Test
  void a_writer_that_answers_within_the_call_does_not_deepen_the_stack() {
    calls.immediate = true;
    List<Row> many = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      many.add(timelineRow("u" + i, "m" + i));
    }

    queue.submit(many, owner(many.get(0)));

    assertThat(settled).hasSize(20_000);
  }

  private void fill(String user, int rows) {
    submit("a", "a");
    submit("b", "b");
    for (int i = 0; i < rows; i++) {
      submit(user, "m" + i);
    }
  }

  private void submit(String user, String messageId) {
    Row row = timelineRow(user, messageId);
    queue.submit(List.of(row), owner(row));
  }

  private static Row timelineRow(String user, String messageId) {
    return Rows.of(Fixtures.delivered(user, messageId), Fixtures.TIER).stream()
        .filter(row -> row.table() == Table.TIMELINE)
        .findFirst()
        .orElseThrow();
  }

  private RowOwner owner(Row row) {
    return new RowOwner() {
      @Override
      public boolean cancelled() {
        return cancelled;
      }

      @Override
      public void rowBlocked() {
        blocked.add(row);
      }

      @Override
      public void rowSettled() {
        settled.add(row);
      }

      @Override
      public void rowRefused(RejectionReason reason, String detail) {
        refused.add(detail);
      }
    };
  }

  private WriteListener listener() {
    return new WriteListener() {
      @Override
      public void written(Table table, WriteResult result, long nanos) {}

      @Override
      public void retried(Table table, int rows) {}

      @Override
      public void refused(Table table) {}

      @Override
      public void fatal(WriteException why) {
        fatal.add(String.valueOf(why.getMessage()));
      }
    };
  }

  /** Keeps every call until the test answers it. */
  private static final class Calls implements EventWriter {
    private final List<List<Row>> batches = new ArrayList<>();
    private final List<CompletableFuture<WriteResult>> answers = new ArrayList<>();
    private @Nullable WriteException canary;
    private boolean immediate;
    private String lost = "nobody";
    private List<String> nodes = List.of();
    private final List<Object> coordinators = new ArrayList<>();

    private record Nodes(boolean lost, List<String> coordinators) implements Replicas {}

    @Override
    public Replicas replicas(PartitionKey partition) {
      return new Nodes(partition.subject().startsWith(lost), nodes);
    }

    @Override
    public CompletionStage<WriteResult> write(List<Row> samePartition, Object coordinator) {
      coordinators.add(coordinator);
      return write(samePartition);
    }

    @Override
    public CompletionStage<WriteResult> write(List<Row> samePartition) {
      PartitionKey key = samePartition.get(0).partition();
      assertThat(samePartition).allMatch(row -> row.partition().equals(key));
      CompletableFuture<WriteResult> answer = new CompletableFuture<>();
      if (immediate) {
        answer.complete(new WriteResult(samePartition.size(), 0));
      }
      batches.add(samePartition);
      answers.add(answer);
      return answer;
    }

    @Override
    public CompletionStage<Void> probe() {
      return canary == null
          ? CompletableFuture.completedStage(null)
          : CompletableFuture.failedStage(canary);
    }

    List<String> subjects() {
      return batches.stream().map(rows -> rows.get(0).partition().subject()).toList();
    }

    List<Integer> sizes() {
      return batches.stream().map(List::size).toList();
    }

    void succeed(int call) {
      answers.get(call).complete(new WriteResult(batches.get(call).size(), 0));
    }

    void fail(int call, Kind kind) {
      fail(call, new WriteException(kind, kind.name(), null));
    }

    void fail(int call, RuntimeException failure) {
      answers.get(call).completeExceptionally(failure);
    }
  }
}
