package io.postflight.sink;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.PoisonRecordException;
import io.postflight.schema.serde.RegistryUnavailableException;
import io.postflight.sink.simulation.Address;
import io.postflight.sink.simulation.Catalogue;
import io.postflight.sink.simulation.Client;
import io.postflight.sink.simulation.CommandOracle;
import io.postflight.sink.simulation.World;
import io.postflight.store.WriteException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One instance of a sink, put together from the same parts as {@link Engine} does, over simulated
 * servers; it is started, stopped, and gives up as {@link TierSink} does.
 */
final class SimulatedSink implements Client {
  private final Surroundings around;
  private final World world;
  private final SimulatedProcess process;
  private final WriteLimits limits;
  private final int most;
  private final Trackers trackers;
  private final Lag lag;
  private final Window window;
  private final IntakeSwitch intakeSwitch;
  private final Gate gate;
  private final BrokenStore store;
  private final WriteQueue queue;
  private final ErasureQueue erasures;
  private final Intake intake;
  private final List<SimulatedThread> threads = new ArrayList<>();
  private boolean paused = true;
  private boolean stopped;

  /** Why it has given up; null: it has not. */
  private @Nullable String reason;

  SimulatedSink(String name, Surroundings around, WriteLimits limits, int threadCount) {
    this.around = around;
    this.world = around.world();
    this.limits = limits;
    process = new SimulatedProcess(world, mutant() == Mutant.TIMER_LOST);
    most = world.between(20, 60);
    boolean unbounded = mutant() == Mutant.RUNS_AHEAD;
    trackers =
        new Trackers(
            process::caller,
            unbounded
                ? new Incarnation.Limits(Long.MAX_VALUE, Integer.MAX_VALUE)
                : new Incarnation.Limits(limits.partitionBytes(), most));
    lag = new Lag(trackers);
    Backoff backoff = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(5), world::fraction);
    Scheduler scheduler = process::schedule;
    window = Window.of(limits.windowRows(), limits.windowBytes());
    Breaker breaker = new Breaker(backoff, "the database has not answered yet");
    intakeSwitch = new IntakeSwitch(name, breaker, window::halfEmpty, scheduler, world::millis);
    gate =
        new Gate(
            window,
            Duration.ofMillis(100),
            intakeSwitch::trip,
            intakeSwitch::halfEmptied,
            process.patience(),
            process::caller);
    store =
        new BrokenStore(around.database().writer(this), around.database().eraser(this), mutant());
    queue = new WriteQueue(store, limits, backoff, scheduler, world::nanos, new Verdicts());
    erasures = new ErasureQueue(store, store, backoff, scheduler, new Verdicts());
    SimulatedProducer producer =
        new SimulatedProducer(world, around.ledger(), process, mutant() == Mutant.LETTER_LOST);
    intake =
        new Intake(
            new RecordDecoder(
                (topic, value) -> read(value), Catalogue.TIER, Catalogue.MAX_ROW_BYTES),
            gate,
            queue,
            erasures,
            around.database().prober(this),
            new DeadLetters(producer.asProducer(), "dead.letters", backoff, scheduler),
            new SinkMetrics(new CompositeMeterRegistry(), "30d", world::millis),
            intakeSwitch,
            scheduler);
    for (int i = 0; i < threadCount; i++) {
      threads.add(new SimulatedThread(name + "-" + i, world, around.log(), this, process));
    }
    intakeSwitch.begin(new Pausing());
  }

  private final class Pausing implements IntakeSwitch.Switched {
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
      CompletionStage<Void> probed = intake.probe();
      return mutant() == Mutant.FATAL_PROBE_IS_DROPPED
          ? probed
          : probed.whenComplete(
              (done, failure) -> WriteFailures.ifFatal(failure, SimulatedSink.this::giveUp));
    }

    @Override
    public void answered() {
      queue.retryNow();
      erasures.retryNow();
    }
  }

  private final class Verdicts extends Unheard {
    @Override
    public void fatal(WriteException why) {
      if (mutant() != Mutant.FATAL_IS_DROPPED) {
        giveUp(String.valueOf(why.getMessage()));
      }
    }
  }

  /** As {@link TierSink} does: taken down by another thread, a little later. */
  private void giveUp(String why) {
    if (reason == null && !stopped) {
      reason = why;
      world.note("gives up", why.length(), 0);
      world.after(world.between(0, 300), () -> process.run("takedown", this::abandon));
    }
  }

  @Override
  public void hears(Runnable answer) {
    process.run("driver", answer);
  }

  @Override
  public @Nullable String verdict() {
    return mutant().deaf() ? "it hears no answer" : ended();
  }

  private @Nullable String ended() {
    return stopped ? "it was told to stop" : reason;
  }

  Trackers trackers() {
    return trackers;
  }

  Gate gate() {
    return gate;
  }

  Lag lag() {
    return lag;
  }

  Mutant mutant() {
    return around.mutant();
  }

  CommandOracle commands() {
    return around.commands();
  }

  SinkProcessor processor() {
    return new SinkProcessor(SimulatedTask.TOPIC, trackers, intake, world::millis);
  }

  boolean paused() {
    return paused;
  }

  boolean dead() {
    return process.dead();
  }

  /** Whether it neither was told to stop, nor has given up, nor is dead. */
  boolean goesOn() {
    return !dead() && ended() == null;
  }

  void freeze(long millis) {
    process.freeze(millis);
  }

  /** It does nothing any more; nobody will notice. */
  void switchOff() {
    process.die();
  }

  /** Kills it. The group notices later. */
  void kill() {
    if (!dead()) {
      process.die();
      world.note("killed", 0, 0);
      threads.forEach(
          thread -> world.after(world.between(0, 4_000), () -> around.log().evict(thread)));
    }
  }

  void diePerhaps() {
    if (dead() || world.fault(0.0004)) {
      kill();
      throw new SimulatedProcess.Halted();
    }
  }

  /** Puts its threads out of the group without telling them. */
  void evict() {
    threads.forEach(around.log()::evict);
  }

  /** As {@link Engine#close(Duration)} does. */
  void close() {
    if (!goesOn()) {
      return;
    }
    world.note("closing", 0, 0);
    stopped = true;
    intakeSwitch.stop();
    paused = true;
    try {
      gate.awaitEmpty(Duration.ofSeconds(world.between(0, 10)));
      threads.forEach(
          thread -> {
            var unused = thread.consumer().settle();
          });
      long until = world.nanos() + 1_000_000_000L;
      while (world.step(until)) {
        if (dead()) {
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

  /** As {@link Engine#abandon()} does. */
  private void abandon() {
    intakeSwitch.stop();
    queue.stop();
    erasures.stop();
    try {
      threads.forEach(SimulatedThread::close);
      process.die();
    } catch (SimulatedProcess.Halted killed) {
      world.note("killed while leaving", 0, 0);
    }
  }

  private TierRecord read(byte[] value) {
    if (around.registry().away) {
      throw new RegistryUnavailableException("the registry is away");
    }
    TierRecord record = around.contents().get(Address.content(value)).record();
    if (record == null) {
      throw new PoisonRecordException("no magic byte");
    }
    TierRecord read = Address.read(record, value);
    Erasure command = read.getCommand();
    if (command != null && mutant() == Mutant.COMMAND_BEFORE_ITS_TURN) {
      var unused = store.erase(command, ErasureTimes.micros(command));
    }
    return read;
  }

  /** What it holds never exceeds its bounds by more than what the threads had buffered. */
  void check() {
    int buffered = SimulatedConsumer.BUFFERED + SimulatedConsumer.MAX_POLL;
    int allowed = limits.windowRows() + around.log().partitions() * buffered * 4;
    int active = window.count() - window.blockedCount();
    if (active > allowed) {
      around.ledger().violation("the window holds " + active + " of " + allowed);
    }
    for (OffsetTracker tracker : trackers.all().values()) {
      if (tracker.outstanding() > most + buffered) {
        around.ledger().violation(tracker.outstanding() + " records are remembered, of " + most);
      }
    }
  }

  /** What it still holds although all is done; empty if nothing. */
  String leftOver() {
    boolean clean =
        window.count() == 0
            && window.blockedCount() == 0
            && window.bytes() == 0
            && queue.statements() == 0;
    return clean
        ? ""
        : "%d rows, %d bytes, %d statements left over"
            .formatted(window.count(), window.bytes(), queue.statements());
  }
}
