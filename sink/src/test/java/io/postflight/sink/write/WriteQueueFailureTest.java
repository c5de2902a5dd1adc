package io.postflight.sink.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.store.StoreException;
import io.postflight.store.StoreException.Kind;
import org.junit.jupiter.api.Test;

/** Retries, rejections and cancellation of the write queue. */
class WriteQueueFailureTest extends WriteQueueFixture {
  @Test
  void a_transient_failure_is_retried_indefinitely_with_backoff() {
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
  void while_replicas_are_available_a_success_does_not_end_backoff() {
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
  void the_first_success_after_a_second_without_one_ends_backoff() {
    submitEach(0, 4);
    time.pass(1_000);
    for (int call = 0; call < 3; call++) {
      calls.fail(call, Kind.TRANSIENT);
    }

    calls.succeed(3);

    assertThat(calls.sizes()).hasSize(7);
  }

  @Test
  void statements_that_back_off_are_retried_when_the_database_is_available_again() {
    submit("u1", "m1");
    calls.fail(0, Kind.TRANSIENT);

    queue.retryNow();

    assertThat(calls.sizes()).containsExactly(1, 1);
    time.pass(5_000);
    assertThat(calls.sizes()).hasSize(2);
  }

  @Test
  void a_rejected_batch_is_retried_row_by_row_and_only_the_bad_row_is_rejected() {
    fill("u1", 5);
    calls.fail(2, Kind.INVALID);
    calls.succeed(0);
    calls.succeed(1);
    assertThat(calls.sizes()).startsWith(1, 1, 5, 1, 1);

    calls.fail(3, Kind.INVALID);
    assertThat(rejected).isEmpty();
    time.pass(1_000);
    int again = calls.batches.lastIndexOf(calls.batches.get(3));
    calls.fail(again, Kind.INVALID);
    for (int call = 4; call < 9; call++) {
      if (call != again) {
        calls.succeed(call);
      }
    }

    assertThat(rejected).hasSize(1);
    assertThat(settled).hasSize(6);
    assertThat(queue.statements()).isZero();
  }

  @Test
  void a_row_is_not_rejected_while_the_canary_row_fails() {
    calls.canary = new StoreException(Kind.TRANSIENT, "half broken");
    submit("u1", "m1");
    calls.fail(0, Kind.INVALID);
    assertThat(rejected).isEmpty();

    calls.canary = null;
    time.pass(1_000);
    calls.succeed(1);

    assertThat(rejected).isEmpty();
    assertThat(settled).hasSize(1);
  }

  @Test
  void a_row_rejected_by_a_node_that_recovers_is_written() {
    submit("u1", "m1");
    calls.fail(0, Kind.INVALID);
    time.pass(1_000);
    calls.succeed(1);

    assertThat(rejected).isEmpty();
    assertThat(settled).hasSize(1);
    assertThat(queue.statements()).isZero();
  }

  @Test
  void an_unexpected_exception_is_retried_and_finally_rejects_the_row() {
    submit("u1", "m1");
    for (int attempt = 0; attempt < 9; attempt++) {
      calls.fail(attempt, new IllegalStateException("bug"));
      time.pass(1_000);
    }

    assertThat(rejected).hasSize(1);
    assertThat(queue.statements()).isZero();
  }

  @Test
  void one_unexpected_exception_after_an_outage_does_not_reject_the_row() {
    submit("u1", "m1");
    for (int attempt = 0; attempt < 20; attempt++) {
      calls.fail(attempt, Kind.TRANSIENT);
      time.pass(10_000);
    }
    calls.fail(20, new IllegalStateException("bug"));
    time.pass(10_000);
    calls.succeed(21);

    assertThat(rejected).isEmpty();
    assertThat(queue.statements()).isZero();
  }

  @Test
  void a_fatal_failure_stops_the_queue() {
    submit("u1", "m1");
    calls.fail(0, Kind.FATAL);
    submit("u2", "m2");
    time.pass(10_000);

    assertThat(fatal).containsExactly("FATAL");
    assertThat(calls.sizes()).containsExactly(1);
    assertThat(settled).isEmpty();
  }

  @Test
  void after_a_fatal_failure_nothing_is_retried() {
    submit("u1", "m1");
    calls.fail(0, Kind.TRANSIENT);
    submit("u2", "m2");
    calls.fail(1, Kind.FATAL);

    queue.retryNow();

    assertThat(calls.sizes()).containsExactly(1, 1);
    assertThat(settled).isEmpty();
  }

  @Test
  void cancelled_rows_are_dropped_in_every_state() {
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
}
