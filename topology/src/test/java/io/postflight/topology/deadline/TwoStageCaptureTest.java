package io.postflight.topology.deadline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class TwoStageCaptureTest {
  private final FakeLog log = new FakeLog();
  private long now = 1_000;
  private final TwoStageCapture capture =
      new TwoStageCapture(
          new TwoStageCapture.Stage("raw", log),
          new TwoStageCapture.Stage("events", log),
          () -> now);

  @Test
  void an_idle_pipeline_is_caught_up_at_the_first_poll() {
    capture.poll();

    assertThat(capture.asOf()).isEqualTo(1_000);
  }

  @Test
  void no_time_is_known_while_there_is_a_backlog_of_webhooks() {
    log.ends.put(raw(0), 5L);
    log.committed.put(raw(0), 4L);

    capture.poll();

    assertThat(capture.asOf()).isEqualTo(CaughtUp.NEVER);
  }

  @Test
  void the_time_is_that_of_the_capture() {
    log.ends.put(raw(0), 5L);
    capture.poll();
    now = 60_000;
    log.committed.put(raw(0), 5L);
    log.ends.put(events(0), 3L);
    capture.poll();
    log.committed.put(events(0), 3L);
    capture.poll();

    assertThat(capture.asOf()).isEqualTo(1_000);

    capture.poll();

    assertThat(capture.asOf()).isEqualTo(60_000);
  }

  /**
   * The history that rules out capturing both ends at once: the webhook arrived before T, but its
   * event was written after the capture.
   */
  @Test
  void a_webhook_normalized_after_the_capture_delays_the_time() {
    log.ends.put(raw(0), 1L); // the webhook has arrived...
    log.ends.put(events(0), 0L); // ...and is not normalized yet

    OneStage naive = new OneStage(log);
    capture.poll();

    log.committed.put(raw(0), 1L); // now it is normalized,
    log.ends.put(events(0), 1L); // its event is written, and not processed yet
    now = 2_000;
    capture.poll();

    assertThat(naive.caughtUp()).as("one stage: the message would time out").isTrue();
    assertThat(capture.asOf()).isEqualTo(CaughtUp.NEVER);

    log.committed.put(events(0), 1L);
    capture.poll();

    assertThat(capture.asOf()).isEqualTo(1_000);
  }

  @Test
  void an_unavailable_broker_loses_no_stage() {
    log.ends.put(raw(0), 1L);
    log.committed.put(raw(0), 1L);
    log.ends.put(events(0), 1L);
    capture.poll();
    log.unavailable = true;
    assertThatThrownBy(capture::poll).hasMessage("unavailable");
    log.unavailable = false;
    log.committed.put(events(0), 1L);
    now = 9_000;
    capture.poll();

    assertThat(capture.asOf()).isEqualTo(1_000);
  }

  /** The insufficient rule: both ends captured at once. */
  private record OneStage(FakeLog log, Map<TopicPartition, Long> ends) {
    OneStage(FakeLog log) {
      this(log, new HashMap<>(log.ends));
    }

    boolean caughtUp() {
      return log.passed(ends);
    }
  }

  private static final class FakeLog implements LogProgress {
    final Map<TopicPartition, Long> ends = new HashMap<>();
    final Map<TopicPartition, Long> committed = new HashMap<>();
    boolean unavailable;

    @Override
    public Map<TopicPartition, Long> ends(String topic) {
      Map<TopicPartition, Long> found = new HashMap<>(ends);
      found.keySet().removeIf(partition -> !partition.topic().equals(topic));
      return found;
    }

    @Override
    public boolean passed(Map<TopicPartition, Long> captured) {
      if (unavailable) {
        throw new IllegalStateException("unavailable");
      }
      return captured.entrySet().stream()
          .allMatch(end -> committed.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }
  }

  private static TopicPartition raw(int partition) {
    return new TopicPartition("raw", partition);
  }

  private static TopicPartition events(int partition) {
    return new TopicPartition("events", partition);
  }
}
