package io.postflight.sink;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.postflight.schema.message.TierRecord;
import io.postflight.sink.backpressure.CircuitBreaker;
import io.postflight.sink.backpressure.InFlightWindow;
import io.postflight.sink.backpressure.IntakeController;
import io.postflight.sink.backpressure.WindowAdmission;
import io.postflight.sink.commit.PartitionOffsets;
import io.postflight.sink.commit.TaskGeneration;
import io.postflight.sink.time.Backoff;
import io.postflight.sink.time.Scheduler;
import io.postflight.sink.time.Time;
import io.postflight.sink.write.DeadLetterProducer;
import io.postflight.sink.write.ErasureQueue;
import io.postflight.sink.write.NoOpListener;
import io.postflight.sink.write.RecordDecoder;
import io.postflight.sink.write.RecordDispatcher;
import io.postflight.sink.write.SinkLimits;
import io.postflight.sink.write.SinkMetrics;
import io.postflight.sink.write.WriteQueue;
import io.postflight.store.EventWriter;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;

/** A dispatcher with its queues and limits, under a simulated clock. There are no commands. */
public final class SimulatedDispatcher {
  public final InFlightWindow window;
  public final PartitionOffsets partitionOffsets;
  public final IntakeController intakeController;
  public final WindowAdmission admission;
  public final MockProducer<byte[], byte[]> deadLetters =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  public final RecordDispatcher dispatcher;
  private final WriteQueue queue;
  private boolean paused = true;

  /** Timers, waits and random numbers of a test. */
  public interface Clock extends Scheduler, Time {
    default long millis() {
      return nanos() / 1_000_000;
    }

    /** A random number from 0 to 1. */
    double fraction();
  }

  public SimulatedDispatcher(
      Clock clock, Deserializer<TierRecord> deserializer, EventWriter writer, SinkLimits limits) {
    Backoff backoff = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(5), clock::fraction);
    window = new InFlightWindow(limits.window().rows(), limits.window().bytes());
    partitionOffsets =
        new PartitionOffsets(
            () -> this, TaskGeneration.Limits.ofBytes(limits.window().partitionBytes()));
    intakeController =
        new IntakeController(
            "30d",
            new CircuitBreaker(backoff, "at start"),
            window::belowLowWatermark,
            clock,
            clock::millis);
    admission =
        new WindowAdmission(
            window,
            Duration.ofMillis(100),
            intakeController::trip,
            intakeController::onLowWatermark,
            clock,
            () -> this);
    queue = new WriteQueue(writer, limits, backoff, clock, clock::nanos, new NoOpListener());
    ErasureQueue erasures =
        new ErasureQueue(
            (command, timestamp) -> {
              throw new AssertionError("no command was sent");
            },
            writer,
            backoff,
            clock,
            new NoOpListener());
    dispatcher =
        new RecordDispatcher(
            new RecordDecoder(deserializer, Fixtures.TIER, limits.maxRow()),
            admission,
            queue,
            erasures,
            writer,
            new DeadLetterProducer(deadLetters, "dead.letters", backoff, clock),
            new SinkMetrics(new CompositeMeterRegistry(), "30d", clock::millis),
            intakeController,
            clock);
  }

  /** Starts the intake, which is paused until the database has answered. */
  public void begin() {
    intakeController.begin(
        new IntakeController.Target() {
          @Override
          public void pause() {
            paused = true;
          }

          @Override
          public void resume() {
            paused = false;
          }

          @Override
          public CompletionStage<Void> probe() {
            return dispatcher.probe();
          }

          @Override
          public void onAvailable() {
            queue.retryNow();
          }
        });
  }

  public boolean paused() {
    return paused;
  }
}
