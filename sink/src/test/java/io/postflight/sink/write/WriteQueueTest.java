package io.postflight.sink.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.store.Row;
import io.postflight.store.StoreException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Batching, slots and coordinators of the write queue. */
class WriteQueueTest extends WriteQueueFixture {
  @Test
  void with_few_statements_in_flight_a_row_is_sent_immediately() {
    submit("u1", "m1");

    assertThat(calls.sizes()).containsExactly(1);
  }

  @Test
  void under_load_the_rows_of_a_partition_are_batched_after_the_linger_time() {
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
  void each_statement_sent_is_reported_a_batch_as_one_and_a_retry_again() {
    submit("u8", "m8");
    submit("u9", "m9");
    for (int i = 0; i < 5; i++) {
      submit("u1", "m" + i);
    }
    assertThat(sent).isEqualTo(3);

    calls.fail(0, Kind.TRANSIENT);
    time.pass(100);

    assertThat(calls.sizes()).containsExactly(1, 1, 5, 1);
    assertThat(sent).isEqualTo(4);
  }

  @Test
  void a_full_batch_does_not_wait_for_the_linger_time() {
    submit("u8", "m8");
    submit("u9", "m9");
    for (int i = 0; i < 5; i++) {
      submit("u1", "m" + i);
    }

    assertThat(calls.sizes()).containsExactly(1, 1, 5);
  }

  @Test
  void a_statement_that_backs_off_releases_its_slot() {
    submitEach(0, 6);
    assertThat(calls.sizes()).hasSize(4);

    calls.fail(0, Kind.TRANSIENT);
    calls.fail(1, Kind.TRANSIENT);

    assertThat(calls.sizes()).hasSize(6);
    assertThat(blocked).hasSize(2);
  }

  @Test
  void a_statement_backs_off_before_its_timer_can_fire() {
    WriteQueue immediate =
        queue(
            (delay, task) -> {
              task.run();
              return () -> {};
            });
    Row row = timelineRow("u1", "m1");
    immediate.submit(List.of(row), owner(row));

    calls.fail(0, Kind.TRANSIENT);
    calls.succeed(1);

    assertThat(settled).containsExactly(row);
  }

  @Test
  void unavailable_replicas_do_not_exceed_their_limit_and_others_continue() {
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

  @Test
  void an_overdue_statement_releases_its_slot() {
    submitEach(0, 8);
    assertThat(calls.sizes()).hasSize(4);

    time.pass(InFlightStatements.OVERDUE.toMillis() + 2);

    assertThat(calls.sizes()).hasSize(8);
    assertThat(blocked).hasSize(4);
  }

  @Test
  void the_coordinator_with_the_fewest_statements_in_flight_is_selected() {
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
  void a_retry_avoids_the_coordinator_that_failed_last() {
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
  void a_retry_uses_the_only_coordinator_again() {
    calls.nodes = List.of("a");
    submit("u1", "m1");
    calls.fail(0, Kind.TRANSIENT);
    time.pass(1_000);

    assertThat(calls.coordinators).containsExactly("a", "a");
  }

  @Test
  void with_only_blocked_rows_the_database_accepts_writes_while_other_replicas_are_available() {
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
    assertThat(queue.acceptsWrites()).isTrue();

    submit("u1", "m1");
    assertThat(queue.acceptsWrites()).isTrue();
    time.pass(499);
    assertThat(queue.acceptsWrites()).isTrue();
    time.pass(1);
    assertThat(queue.acceptsWrites()).isFalse();
    calls.succeed(calls.subjects().indexOf("u1"));
    assertThat(queue.acceptsWrites()).isTrue();
  }

  @Test
  void with_all_replicas_unavailable_the_database_does_not_accept_writes() {
    submitEach(0, 1);
    for (int attempt = 0; attempt < 3; attempt++) {
      calls.fail(attempt, Kind.TRANSIENT);
      time.pass(1_000);
    }

    assertThat(blocked).hasSize(1);
    assertThat(queue.acceptsWrites()).isFalse();
  }

  @Test
  void a_writer_that_completes_within_the_call_does_not_cause_recursion() {
    calls.immediate = true;
    List<Row> many = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      many.add(timelineRow("u" + i, "m" + i));
    }

    queue.submit(many, owner(many.get(0)));

    assertThat(settled).hasSize(20_000);
  }
}
