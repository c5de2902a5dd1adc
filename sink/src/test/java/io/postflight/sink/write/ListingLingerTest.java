package io.postflight.sink.write;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Rows of a tenant's listing wait for others of their partition, 50 ms here. */
class ListingLingerTest extends WriteQueueFixture {
  @Test
  void rows_of_a_listing_that_arrive_within_the_linger_time_are_one_statement() {
    submitListing("m1", 0);
    time.pass(30);
    submitListing("m2", 0);
    assertThat(calls.sizes()).isEmpty();

    time.pass(25);

    assertThat(calls.sizes()).containsExactly(2);
  }

  @Test
  void a_full_statement_does_not_wait() {
    for (int i = 0; i < 5; i++) {
      submitListing("m" + i, 0);
    }

    assertThat(calls.sizes()).containsExactly(5);
  }

  @Test
  void a_flush_sends_the_rows_that_wait_but_not_later_ones() {
    submitListing("m1", 0);
    queue.flush();
    assertThat(calls.sizes()).containsExactly(1);

    time.pass(1);
    submitListing("m2", 0);
    assertThat(calls.sizes()).containsExactly(1);
  }

  @Test
  void rows_whose_records_hold_a_quarter_of_the_windows_rows_are_sent() {
    for (int day = 0; day < 250; day++) {
      submitListing("m", day);
    }
    assertThat(calls.sizes()).isEmpty();

    submitListing("m", 250);

    assertThat(calls.sizes()).containsExactly(1);
  }

  @Test
  void rows_whose_records_hold_a_quarter_of_the_windows_bytes_are_sent() {
    heldBytes = 1 << 18;
    submitListing("m1", 0);
    assertThat(calls.sizes()).isEmpty();

    submitListing("m2", 1);

    assertThat(calls.sizes()).containsExactly(1);
  }

  @Test
  void a_flush_concerns_the_rows_of_parked_partitions_and_the_rest_of_a_full_statement() {
    for (int day = 0; day < 3; day++) {
      submitListing("m" + day, day);
    }
    queue.flush();

    assertThat(calls.sizes()).containsExactly(1, 1, 1);
  }

  @Test
  void other_rows_do_not_wait_for_them() {
    submitListing("m1", 0);
    submit("u1", "m1");

    assertThat(calls.sizes()).containsExactly(1);
    assertThat(calls.subjects()).containsExactly("u1");
  }

  @Test
  void cancelled_rows_are_settled_and_not_sent() {
    submitListing("m1", 0);
    cancelled = true;
    queue.dropCancelled();
    assertThat(settled).hasSize(1);

    time.pass(60);

    assertThat(calls.sizes()).isEmpty();
  }
}
