package io.postflight.topology.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommitPacingTest {
  private static final Duration POLL = Duration.ofMillis(100);

  private final MockProcessorContext<String, String> context = new MockProcessorContext<>();
  private long nanos;
  private final CommitPacing commits = new CommitPacing(() -> nanos);
  private final Processor<String, String, String, String> processor = commits.around(record -> {});

  @BeforeEach
  void init() {
    processor.init(context);
    commitWhichTakes(0);
  }

  @Test
  void processed_input_is_committed_50_ms_after_the_last_commit() {
    pass(20);
    process();

    assertThat(commits.pollTimeout(POLL)).isEqualTo(Duration.ofMillis(30));
    pass(30);
    commits.polled(() -> false);
    assertThat(context.committed()).isTrue();
  }

  @Test
  void a_record_after_a_time_without_input_is_committed_at_once() {
    pass(200);
    process();

    assertThat(commits.pollTimeout(POLL)).isEqualTo(Duration.ofMillis(1));
    pass(1);
    commits.polled(() -> false);
    assertThat(context.committed()).isTrue();
  }

  @Test
  void nothing_is_committed_sooner() {
    process();
    pass(49);
    commits.polled(() -> false);

    assertThat(context.committed()).isFalse();
  }

  @Test
  void while_input_is_queued_it_is_committed_100_ms_after_the_last_commit() {
    process();
    pass(60);
    commits.polled(() -> true);
    assertThat(context.committed()).isFalse();
    assertThat(commits.pollTimeout(POLL)).isEqualTo(Duration.ofMillis(40));

    pass(40);
    commits.polled(() -> true);
    assertThat(context.committed()).isTrue();
  }

  @Test
  void commits_take_a_fifth_of_the_time_at_most() {
    commitWhichTakes(20);
    process();
    pass(79);
    commits.polled(() -> false);
    assertThat(context.committed()).isFalse();

    pass(1);
    commits.polled(() -> false);
    assertThat(context.committed()).isTrue();
  }

  @Test
  void commits_take_an_eleventh_at_most_while_input_is_queued() {
    commitWhichTakes(20);
    process();
    pass(199);
    commits.polled(() -> true);
    assertThat(context.committed()).isFalse();

    pass(1);
    commits.polled(() -> true);
    assertThat(context.committed()).isTrue();
  }

  @Test
  void what_the_state_stores_take_after_kafka_has_acknowledged_a_commit_counts() {
    commits.committing();
    pass(5);
    commits.committing();
    commits.committed();
    pass(15);
    endCommit();

    process();
    pass(79);
    commits.polled(() -> false);
    assertThat(context.committed()).isFalse();
    pass(1);
    commits.polled(() -> false);
    assertThat(context.committed()).isTrue();
  }

  @Test
  void a_commit_ends_with_the_next_record() {
    commits.committing();
    pass(20);
    commits.committed();
    process();
    pass(79);

    endCommit();
    commits.polled(() -> false);
    assertThat(context.committed()).isFalse();
  }

  @Test
  void a_commit_that_failed_does_not_count() {
    commits.committing();
    pass(1_000);
    endCommit();
    process();

    commits.polled(() -> false);
    assertThat(context.committed()).isTrue();
  }

  @Test
  void without_a_record_since_the_last_commit_there_is_nothing_to_commit() {
    process();
    commitWhichTakes(0);
    pass(60);
    commits.polled(() -> false);

    assertThat(context.committed()).isFalse();
    assertThat(commits.pollTimeout(POLL)).isEqualTo(POLL);
  }

  @Test
  void a_poll_is_short_once_and_not_for_as_long_as_nothing_is_committed() {
    process();
    pass(60);
    commits.polled(() -> false);

    assertThat(context.committed()).isTrue();
    assertThat(commits.pollTimeout(POLL)).isEqualTo(POLL);
  }

  private void commitWhichTakes(long millis) {
    commits.committing();
    pass(millis);
    commits.committed();
    endCommit();
  }

  /** As the next poll does. */
  private void endCommit() {
    Duration unused = commits.pollTimeout(POLL);
  }

  private void process() {
    processor.process(new Record<>("key", "value", 0));
  }

  private void pass(long millis) {
    nanos += Duration.ofMillis(millis).toNanos();
  }
}
