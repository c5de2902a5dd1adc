package io.postflight.sink;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.PoisonRecordException;
import io.postflight.schema.serde.RegistryUnavailableException;
import io.postflight.sink.backpressure.CircuitBreaker;
import io.postflight.sink.backpressure.InFlightWindow;
import io.postflight.sink.backpressure.IntakeController;
import io.postflight.sink.backpressure.WindowAdmission;
import io.postflight.sink.commit.ConsumerLag;
import io.postflight.sink.commit.OffsetTracker;
import io.postflight.sink.commit.PartitionOffsets;
import io.postflight.sink.commit.TaskGeneration;
import io.postflight.sink.simulation.CommandOracle;
import io.postflight.sink.simulation.DatabaseClient;
import io.postflight.sink.simulation.RecordAddress;
import io.postflight.sink.simulation.SimulatedRecords;
import io.postflight.sink.simulation.World;
import io.postflight.sink.time.Backoff;
import io.postflight.sink.time.Scheduler;
import io.postflight.sink.write.DeadLetterProducer;
import io.postflight.sink.write.ErasureQueue;
import io.postflight.sink.write.NoOpListener;
import io.postflight.sink.write.RecordDecoder;
import io.postflight.sink.write.RecordDispatcher;
import io.postflight.sink.write.RequestFailures;
import io.postflight.sink.write.SinkLimits;
import io.postflight.sink.write.SinkMetrics;
import io.postflight.sink.write.WriteQueue;
import io.postflight.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One instance of a sink, assembled from the same parts as in {@link SinkRuntime} over simulated
 * servers; it starts, stops and fails like {@link TierSink}.
 */
final class SimulatedSink implements DatabaseClient {
  private final Environment environment;
  private final World world;
  private final SimulatedProcess process;
  private final SinkLimits limits;
  private final int most;
  private final PartitionOffsets partitionOffsets;
  private final ConsumerLag lag;
  private final InFlightWindow window;
  private final IntakeController intakeController;
  private final WindowAdmission admission;
  private final MutantStore store;
  private final WriteQueue queue;
  private final ErasureQueue erasures;
  private final RecordDispatcher dispatcher;
  private final List<SimulatedThread> threads = new ArrayList<>();
  private boolean paused = true;
  private boolean stopped;

  /** Why it has failed; null if it has not. */
  private @Nullable String reason;

  SimulatedSink(String name, Environment environment, SinkLimits limits, int threadCount) {
    this.environment = environment;
    this.world = environment.world();
    this.limits = limits;
    process = new SimulatedProcess(world, mutant() == Mutant.TIMER_LOST);
    most = world.between(20, 60);
    boolean unbounded = mutant() == Mutant.RUNS_AHEAD;
    partitionOffsets =
        new PartitionOffsets(
            process::caller,
            unbounded
                ? new TaskGeneration.Limits(Long.MAX_VALUE, Integer.MAX_VALUE)
                : new TaskGeneration.Limits(limits.window().partitionBytes(), most));
    lag = new ConsumerLag(partitionOffsets);
    Backoff backoff = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(5), world::fraction);
    Scheduler scheduler = process::schedule;
    window = new InFlightWindow(limits.window().rows(), limits.window().bytes());
    CircuitBreaker breaker = new CircuitBreaker(backoff, "the database has not responded yet");
    intakeController =
        new IntakeController(name, breaker, window::belowLowWatermark, scheduler, world::millis);
    admission =
        new WindowAdmission(
            window,
            Duration.ofMillis(100),
            intakeController::trip,
            intakeController::onLowWatermark,
            process.time(),
            process::caller);
    store =
        new MutantStore(
            environment.database().writer(this), environment.database().eraser(this), mutant());
    queue = new WriteQueue(store, limits, backoff, scheduler, world::nanos, new FailureListener());
    erasures = new ErasureQueue(store, store, backoff, scheduler, new FailureListener());
    SimulatedProducer producer =
        new SimulatedProducer(
            world, environment.oracle(), process, mutant() == Mutant.DEAD_LETTER_LOST);
    dispatcher =
        new RecordDispatcher(
            new RecordDecoder(
                (topic, value) -> read(value),
                SimulatedRecords.TIER,
                SimulatedRecords.MAX_ROW_BYTES),
            admission,
            queue,
            erasures,
            environment.database().prober(this),
            new DeadLetterProducer(producer.asProducer(), "dead.letters", backoff, scheduler),
            new SinkMetrics(new CompositeMeterRegistry(), "30d", world::millis),
            intakeController,
            scheduler);
    for (int i = 0; i < threadCount; i++) {
      threads.add(new SimulatedThread(name + "-" + i, world, environment.log(), this, process));
    }
    intakeController.begin(new PausedStreams());
  }

  private final class PausedStreams implements IntakeController.Target {
    @Override
    public void pause() {
      paused = mutant() != Mutant.NEVER_PAUSES;
      world.note("paused", 0, 0);
    }

    @Override
    public void resume() {
      paused = false;
      world.note("resumed", 0, 0);
    }

    @Override
    public CompletionStage<Void> probe() {
      CompletionStage<Void> probed = dispatcher.probe();
      return mutant() == Mutant.FATAL_PROBE_IS_DROPPED
          ? probed
          : probed.whenComplete(
              (done, failure) -> RequestFailures.reportFatal(failure, SimulatedSink.this::fail));
    }

    @Override
    public void onAvailable() {
      queue.retryNow();
      erasures.retryNow();
    }
  }

  private final class FailureListener extends NoOpListener {
    @Override
    public void fatal(StoreException why) {
      if (mutant() != Mutant.FATAL_IS_DROPPED) {
        fail(String.valueOf(why.getMessage()));
      }
    }
  }

  /** Like {@link TierSink}: closed by another thread, a little later. */
  private void fail(String why) {
    if (reason == null && !stopped) {
      reason = why;
      world.note("fails", why.length(), 0);
      world.after(world.between(0, 300), () -> process.run("takedown", this::abandon));
    }
  }

  @Override
  public void receive(Runnable answer) {
    process.run("driver", answer);
  }

  @Override
  public @Nullable String failureReason() {
    return mutant().ignoresFatal() ? "it ignores permanent failures" : ended();
  }

  private @Nullable String ended() {
    return stopped ? "it is shutting down" : reason;
  }

  PartitionOffsets partitionOffsets() {
    return partitionOffsets;
  }

  WindowAdmission admission() {
    return admission;
  }

  ConsumerLag lag() {
    return lag;
  }

  Mutant mutant() {
    return environment.mutant();
  }

  CommandOracle commands() {
    return environment.commands();
  }

  SinkProcessor processor() {
    return new SinkProcessor(SimulatedTask.TOPIC, partitionOffsets, dispatcher, world::millis);
  }

  boolean paused() {
    return paused;
  }

  boolean killed() {
    return process.killed();
  }

  /** Whether it is neither shutting down, nor failed, nor killed. */
  boolean isActive() {
    return !killed() && ended() == null;
  }

  void freeze(long millis) {
    process.freeze(millis);
  }

  /** Stops all activity without notifying the group. */
  void terminate() {
    process.terminate();
  }

  /** Kills it. The group notices later. */
  void kill() {
    if (!killed()) {
      process.terminate();
      world.note("killed", 0, 0);
      threads.forEach(
          thread -> world.after(world.between(0, 4_000), () -> environment.log().evict(thread)));
    }
  }

  void maybeCrash() {
    if (killed() || world.fault(0.0004)) {
      kill();
      throw new SimulatedProcess.Halted();
    }
  }

  /** Removes its threads from the group without notifying them. */
  void evict() {
    threads.forEach(environment.log()::evict);
  }

  /** Like {@link SinkRuntime#close(Duration)}. */
  void close() {
    if (!isActive()) {
      return;
    }
    world.note("closing", 0, 0);
    stopped = true;
    intakeController.stop();
    paused = true;
    try {
      admission.awaitEmpty(Duration.ofSeconds(world.between(0, 10)));
      threads.forEach(SimulatedThread::settle);
      long until = world.nanos() + 1_000_000_000L;
      while (world.step(until)) {
        if (killed()) {
          return;
        }
      }
    } catch (SimulatedProcess.Halted killed) {
      world.note("killed while closing", 0, 0);
      return;
    } catch (InterruptedException never) {
      throw new AssertionError(never);
    }
    abandon();
  }

  /** Like {@link SinkRuntime#abandon()}. */
  private void abandon() {
    intakeController.stop();
    queue.stop();
    erasures.stop();
    try {
      threads.forEach(SimulatedThread::close);
      process.terminate();
    } catch (SimulatedProcess.Halted killed) {
      world.note("killed while leaving", 0, 0);
    }
  }

  private TierRecord read(byte[] value) {
    if (environment.registry().unavailable) {
      throw new RegistryUnavailableException("the registry is unavailable");
    }
    TierRecord record = environment.contents().get(RecordAddress.content(value)).record();
    if (record == null) {
      throw new PoisonRecordException("no magic byte");
    }
    TierRecord read = RecordAddress.read(record, value);
    Erasure command = read.getCommand();
    if (command != null && mutant() == Mutant.COMMAND_BEFORE_EARLIER_RECORDS) {
      var unused = store.erase(command, ErasureTimes.micros(command));
    }
    return read;
  }

  /** Verifies that it never exceeds its limits by more than what the threads had buffered. */
  void check() {
    int buffered = SimulatedConsumer.BUFFERED + SimulatedConsumer.MAX_POLL;
    int allowed = limits.window().rows() + environment.log().partitions() * buffered * 4;
    int active = window.count() - window.blockedCount();
    if (active > allowed) {
      environment.oracle().violation("the window holds " + active + " of " + allowed);
    }
    for (OffsetTracker tracker : partitionOffsets.all().values()) {
      if (tracker.outstanding() > most + buffered) {
        environment.oracle().violation(tracker.outstanding() + " records are tracked, of  " + most);
      }
    }
  }

  /** What is still in flight although all is stored; empty if nothing is. */
  String remaining() {
    boolean clean =
        window.count() == 0
            && window.blockedCount() == 0
            && window.bytes() == 0
            && queue.statements() == 0;
    return clean
        ? ""
        : "%d rows, %d bytes, %d statements in flight"
            .formatted(window.count(), window.bytes(), queue.statements());
  }
}
