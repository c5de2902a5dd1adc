package io.postflight.sink.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.serde.PoisonRecordException;
import io.postflight.schema.serde.RegistryUnavailableException;
import io.postflight.sink.Fixtures;
import io.postflight.sink.SimulatedDispatcher;
import io.postflight.sink.commit.TaskGeneration;
import io.postflight.sink.time.ManualScheduler;
import io.postflight.store.memory.InMemoryEventStore;
import java.time.Duration;
import java.time.InstantSource;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/**
 * Records that await the schema registry. None can be decoded, so that each becomes a dead letter.
 */
class RecordDispatcherTest {
  private static final TopicPartition P0 = new TopicPartition("store.30d", 0);

  private boolean unavailable;
  private boolean availableDuringWait;

  private final ManualScheduler scheduler = new ManualScheduler();
  private final SimulatedDispatcher sink =
      new SimulatedDispatcher(
          new Clock(),
          (topic, value) -> {
            if (unavailable) {
              throw new RegistryUnavailableException("unavailable");
            }
            throw new PoisonRecordException("no magic byte");
          },
          new InMemoryEventStore(Fixtures.TIER, InstantSource.system()),
          new SinkLimits(
              new SinkLimits.Window(1, 1_000, 1_000),
              new SinkLimits.Batch(1, 4_000, Duration.ZERO, Duration.ZERO, 1),
              900 << 10,
              1));
  private final TaskGeneration generation = sink.partitionOffsets.begin(P0, new Clock()::millis);

  private final class Clock implements SimulatedDispatcher.Clock {
    @Override
    public Timer schedule(long delayMillis, Runnable task) {
      return scheduler.schedule(delayMillis, task);
    }

    @Override
    public long nanos() {
      return scheduler.nanos();
    }

    @Override
    public void await(Object lock, long nanos) {
      unavailable = !availableDuringWait;
      scheduler.pass(nanos / 1_000_000);
    }

    @Override
    public double fraction() {
      return 0.5;
    }
  }

  @Test
  void a_record_that_waited_for_capacity_while_the_registry_recovered_is_processed() {
    begin();
    unavailable = true;
    take(0);
    availableDuringWait = true;

    take(1);
    scheduler.pass(10_000);

    assertAllIsDone(2);
  }

  @Test
  void parked_records_are_processed_when_the_registry_recovers() {
    begin();
    unavailable = true;
    take(0);
    take(1);
    scheduler.pass(10_000);
    assertThat(sink.deadLetters.history()).isEmpty();
    assertThat(sink.intakeController.closed()).isFalse();

    unavailable = false;
    scheduler.pass(10_000);

    assertAllIsDone(2);
  }

  private void assertAllIsDone(int records) {
    assertThat(sink.deadLetters.history()).hasSize(records);
    assertThat(sink.partitionOffsets.of(P0).acknowledgedBelow()).isEqualTo(records);
    assertThat(sink.window.count()).isZero();
    assertThat(sink.intakeController.closed()).isTrue();
  }

  private void begin() {
    sink.begin();
    scheduler.pass(0);
  }

  private void take(long offset) {
    sink.dispatcher.dispatch(
        generation,
        new SourceRecord(
            P0.topic(), P0.partition(), offset, null, new byte[4], new RecordHeaders()));
  }
}
