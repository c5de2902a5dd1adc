package io.postflight.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.postflight.schema.serde.PoisonRecordException;
import io.postflight.schema.serde.RegistryUnavailableException;
import io.postflight.sink.simulation.SimulatedRecords;
import io.postflight.store.EventWriter;
import io.postflight.store.memory.InMemoryEventStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/**
 * Records that await the schema registry. None can be decoded, so that each becomes a dead letter.
 */
class RecordDispatcherTest {
  private static final TopicPartition P0 = new TopicPartition("store.30d", 0);

  private boolean unavailable;
  private boolean availableDuringWait;

  private final ManualScheduler scheduler = new ManualScheduler();
  private final Backoff backoff =
      new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1), () -> 0.5);
  private final InFlightWindow window = new InFlightWindow(1, 1_000);
  private final MockProducer<byte[], byte[]> deadLetters =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final PartitionOffsets partitionOffsets =
      new PartitionOffsets(() -> "the thread", TaskGeneration.Limits.ofBytes(1_000));
  private final TaskGeneration generation = partitionOffsets.begin(P0, this::millis);
  private final IntakeController intakeController =
      new IntakeController(
          "30d",
          new CircuitBreaker(backoff, "at start"),
          window::belowLowWatermark,
          scheduler,
          this::millis);
  private final WindowAdmission admission =
      new WindowAdmission(
          window,
          Duration.ofMillis(100),
          intakeController::trip,
          intakeController::onLowWatermark,
          new Time() {
            @Override
            public long nanos() {
              return scheduler.nanos();
            }

            @Override
            public void await(Object lock, long nanos) {
              unavailable = !availableDuringWait;
              scheduler.pass(nanos / 1_000_000);
            }
          },
          () -> "the thread");
  private final EventWriter writer =
      new InMemoryEventStore(SimulatedRecords.TIER, InstantSource.system());
  private final RecordDispatcher dispatcher =
      new RecordDispatcher(
          new RecordDecoder(
              (topic, value) -> {
                if (unavailable) {
                  throw new RegistryUnavailableException("unavailable");
                }
                throw new PoisonRecordException("no magic byte");
              },
              SimulatedRecords.TIER,
              SimulatedRecords.MAX_ROW_BYTES),
          admission,
          new WriteQueue(
              writer,
              new SinkLimits(
                  new SinkLimits.Window(1, 1_000, 1_000),
                  new SinkLimits.Batch(1, 4_000, Duration.ZERO, 1),
                  SimulatedRecords.MAX_ROW_BYTES,
                  1),
              backoff,
              scheduler,
              scheduler::nanos,
              new NoOpListener()),
          new ErasureQueue(
              (command, timestamp) -> {
                throw new AssertionError("no command was sent");
              },
              writer,
              backoff,
              scheduler,
              new NoOpListener()),
          writer,
          new DeadLetterProducer(deadLetters, "dead.letters", backoff, scheduler),
          new SinkMetrics(new CompositeMeterRegistry(), "30d", this::millis),
          intakeController,
          scheduler);

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
    assertThat(deadLetters.history()).isEmpty();
    assertThat(intakeController.closed()).isFalse();

    unavailable = false;
    scheduler.pass(10_000);

    assertAllIsDone(2);
  }

  private void assertAllIsDone(int records) {
    assertThat(deadLetters.history()).hasSize(records);
    assertThat(partitionOffsets.of(P0).acknowledgedBelow()).isEqualTo(records);
    assertThat(window.count()).isZero();
    assertThat(intakeController.closed()).isTrue();
  }

  private void begin() {
    intakeController.begin(
        new IntakeController.Target() {
          @Override
          public void pause() {}

          @Override
          public void resume() {}

          @Override
          public CompletionStage<Void> probe() {
            return dispatcher.probe();
          }

          @Override
          public void onAvailable() {}
        });
    scheduler.pass(0);
  }

  private void take(long offset) {
    dispatcher.dispatch(
        generation,
        new SourceRecord(
            P0.topic(), P0.partition(), offset, null, new byte[4], new RecordHeaders()));
  }

  private long millis() {
    return scheduler.nanos() / 1_000_000;
  }
}
