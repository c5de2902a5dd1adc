package io.postflight.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.postflight.schema.serde.PoisonRecordException;
import io.postflight.schema.serde.RegistryUnavailableException;
import io.postflight.sink.simulation.Catalogue;
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

/** Records that wait for the schema registry. Each is poison, so that its dead letter is seen. */
class IntakeTest {
  private static final TopicPartition P0 = new TopicPartition("store.30d", 0);

  private boolean away;
  private boolean returnsMeanwhile;

  private final ManualScheduler scheduler = new ManualScheduler();
  private final Backoff backoff =
      new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1), () -> 0.5);
  private final Window window = Window.of(1, 1_000);
  private final MockProducer<byte[], byte[]> letters =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final Trackers trackers =
      new Trackers(() -> "the thread", Incarnation.Limits.ofBytes(1_000));
  private final Incarnation incarnation = trackers.begin(P0, this::millis);
  private final IntakeSwitch intakeSwitch =
      new IntakeSwitch(
          "30d", new Breaker(backoff, "at start"), window::halfEmpty, scheduler, this::millis);
  private final Gate gate =
      new Gate(
          window,
          Duration.ofMillis(100),
          intakeSwitch::trip,
          intakeSwitch::halfEmptied,
          new Patience() {
            @Override
            public long nanos() {
              return scheduler.nanos();
            }

            @Override
            public void await(Object lock, long nanos) {
              away = !returnsMeanwhile;
              scheduler.pass(nanos / 1_000_000);
            }
          },
          () -> "the thread");
  private final EventWriter writer = new InMemoryEventStore(Catalogue.TIER, InstantSource.system());
  private final Intake intake =
      new Intake(
          new RecordDecoder(
              (topic, value) -> {
                if (away) {
                  throw new RegistryUnavailableException("away");
                }
                throw new PoisonRecordException("no magic byte");
              },
              Catalogue.TIER,
              Catalogue.MAX_ROW_BYTES),
          gate,
          new WriteQueue(
              writer,
              new WriteLimits(
                  1, 1_000, 1_000, 1, 4_000, Catalogue.MAX_ROW_BYTES, 1, 1, Duration.ZERO),
              backoff,
              scheduler,
              scheduler::nanos,
              new Unheard()),
          new ErasureQueue(
              (command, timestamp) -> {
                throw new AssertionError("no command was sent");
              },
              writer,
              backoff,
              scheduler,
              new Unheard()),
          writer,
          new DeadLetters(letters, "dead.letters", backoff, scheduler),
          new SinkMetrics(new CompositeMeterRegistry(), "30d", this::millis),
          intakeSwitch,
          scheduler);

  @Test
  void a_record_that_waited_for_room_while_the_registry_came_back_is_read() {
    begin();
    away = true;
    take(0);
    returnsMeanwhile = true;

    take(1);
    scheduler.pass(10_000);

    assertAllIsDone(2);
  }

  @Test
  void records_that_wait_are_read_when_the_registry_comes_back() {
    begin();
    away = true;
    take(0);
    take(1);
    scheduler.pass(10_000);
    assertThat(letters.history()).isEmpty();
    assertThat(intakeSwitch.closed()).isFalse();

    away = false;
    scheduler.pass(10_000);

    assertAllIsDone(2);
  }

  private void assertAllIsDone(int records) {
    assertThat(letters.history()).hasSize(records);
    assertThat(trackers.of(P0).acknowledgedBelow()).isEqualTo(records);
    assertThat(window.count()).isZero();
    assertThat(intakeSwitch.closed()).isTrue();
  }

  private void begin() {
    intakeSwitch.begin(
        new IntakeSwitch.Switched() {
          @Override
          public void pause() {}

          @Override
          public void resume() {}

          @Override
          public CompletionStage<Void> probe() {
            return intake.probe();
          }

          @Override
          public void answered() {}
        });
    scheduler.pass(0);
  }

  private void take(long offset) {
    intake.take(
        incarnation,
        new SourceRecord(
            P0.topic(), P0.partition(), offset, null, new byte[4], new RecordHeaders()));
  }

  private long millis() {
    return scheduler.nanos() / 1_000_000;
  }
}
