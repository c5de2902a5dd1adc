package io.postflight.sink;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.PoisonRecordException;
import io.postflight.schema.serde.RegistryUnavailableException;
import io.postflight.schema.topic.DeadLetterHeaders;
import io.postflight.sink.simulation.Catalogue;
import io.postflight.sink.simulation.Ledger;
import io.postflight.sink.simulation.SimulatedDatabase;
import io.postflight.sink.simulation.SimulatedLog;
import io.postflight.sink.simulation.World;
import io.postflight.store.EventEraser;
import io.postflight.store.EventWriter;
import io.postflight.store.Row;
import io.postflight.store.Table;
import io.postflight.store.WriteException;
import io.postflight.store.WriteResult;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One instance of a sink, put together from the same parts as {@link Engine} does, over simulated
 * servers. It can be killed at any point of its work, and is then never heard of again.
 */
final class SimulatedSink {
  /** Thrown through all that an instance is doing when it is killed. */
  static final class Halted extends Error {
    private static final long serialVersionUID = 1L;

    Halted() {
      super("killed", null, false, false);
    }
  }

  /**
   * What surrounds an instance.
   *
   * @param registry the schema registry
   */
  record Surroundings(
      World world,
      Ledger ledger,
      SimulatedLog log,
      SimulatedDatabase database,
      Registry registry,
      Catalogue catalogue,
      Mutant mutant) {}

  /** The schema registry. */
  static final class Registry {
    boolean away;
  }

  private final Surroundings around;
  private final World world;
  private final WriteLimits limits;
  private final int most;
  private final Trackers trackers;
  private final Lag lag;
  private final Window window;
  private final IntakeSwitch intakeSwitch;
  private final Gate gate;
  private final WriteQueue queue;
  private final Intake intake;
  private final List<SimulatedThread> threads = new ArrayList<>();
  private Object caller = this;
  private boolean paused = true;
  private boolean dead;
  private boolean stopped;
  private long frozenUntil;

  SimulatedSink(String name, Surroundings around, WriteLimits limits, int threadCount) {
    this.around = around;
    this.world = around.world();
    this.limits = limits;
    trackers = new Trackers(() -> caller);
    lag = new Lag(trackers);
    Backoff backoff = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(5), world::fraction);
    Scheduler scheduler = this::schedule;
    window = Window.of(limits.windowRows(), limits.windowBytes());
    Breaker breaker = new Breaker(backoff, "the database has not answered yet");
    most = world.between(20, 60);
    Backlog backlog = new Backlog(mutant() == Mutant.RUNS_AHEAD ? Integer.MAX_VALUE : most);
    intakeSwitch =
        new IntakeSwitch(
            name, breaker, () -> window.halfEmpty() && backlog.clear(), scheduler, world::millis);
    gate =
        new Gate(
            window,
            Duration.ofMillis(100),
            intakeSwitch::trip,
            intakeSwitch::halfEmptied,
            patience(),
            () -> caller);
    EventWriter writer = mutated(around.database().connect(() -> !dead));
    queue = new WriteQueue(writer, limits, backoff, scheduler, world::nanos, new Silent());
    RecordDecoder decoder =
        new RecordDecoder((topic, value) -> read(value), Catalogue.TIER, Catalogue.MAX_ROW_BYTES);
    intake =
        new Intake(
            decoder,
            gate,
            queue,
            new ErasureQueue(noCommands(), writer, backoff, scheduler, new SilentErasures()),
            writer,
            new DeadLetters(producer(), "dead.letters", backoff, scheduler),
            new SinkMetrics(new CompositeMeterRegistry(), "30d", world::millis),
            intakeSwitch,
            backlog,
            scheduler);
    for (int i = 0; i < threadCount; i++) {
      threads.add(new SimulatedThread(name + "-" + i, world, around.log(), this));
    }
    intakeSwitch.begin(new Pausing());
  }

  private final class Pausing implements IntakeSwitch.Switched {
    @Override
    public void pause() {
      paused = around.mutant() != Mutant.NEVER_PAUSES;
      world.note("paused", 0, 0);
    }

    @Override
    public void resume() {
      paused = false;
      world.note("resumed", 0, 0);
    }

    @Override
    public CompletionStage<Void> probe() {
      return intake.probe();
    }

    @Override
    public void answered() {
      queue.retryNow();
    }
  }

  static final class Silent implements WriteListener {
    @Override
    public void written(Table table, WriteResult result, long nanos) {}

    @Override
    public void retried(Table table, int rows) {}

    @Override
    public void refused(Table table) {}

    @Override
    public void fatal(WriteException why) {
      throw new AssertionError(why);
    }
  }

  static final class SilentErasures implements ErasureListener {
    @Override
    public void erased(long rows) {}

    @Override
    public void retried() {}

    @Override
    public void refused() {}

    @Override
    public void fatal(WriteException why) {
      throw new AssertionError(why);
    }
  }

  /** The histories have no commands. */
  static EventEraser noCommands() {
    return (command, timestamp) -> {
      throw new AssertionError("no command was sent");
    };
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

  SinkProcessor processor() {
    return new SinkProcessor(SimulatedThread.TOPIC, trackers, intake, world::millis);
  }

  boolean paused() {
    return paused;
  }

  boolean dead() {
    return dead;
  }

  /** Whether it was closed in an orderly way. */
  boolean stopped() {
    return stopped;
  }

  boolean frozen() {
    return world.nanos() < frozenUntil;
  }

  /** Stands still for a while, as in a long collection of garbage. */
  void freeze(long millis) {
    frozenUntil = world.nanos() + millis * 1_000_000;
    world.note("frozen", millis, 0);
  }

  /** It does nothing any more; nobody will notice. */
  void switchOff() {
    dead = true;
  }

  /** Kills it. The group notices later. */
  void kill() {
    if (!dead) {
      dead = true;
      world.note("killed", 0, 0);
      threads.forEach(
          thread -> world.after(world.between(0, 4_000), () -> around.log().evict(thread)));
    }
  }

  void diePerhaps() {
    if (dead || world.fault(0.0004)) {
      kill();
      throw new Halted();
    }
  }

  /** Puts its threads out of the group without telling them. */
  void evict() {
    threads.forEach(around.log()::evict);
  }

  /** As {@link Engine#close(Duration)} does. */
  void close() {
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
        if (dead) {
          return;
        }
      }
      queue.stop();
      threads.forEach(SimulatedThread::close);
      dead = true;
    } catch (Halted killed) {
      world.note("killed while closing", 0, 0);
    } catch (InterruptedException never) {
      throw new AssertionError(never);
    }
  }

  /** Says who runs now; returns who did before. */
  Object enter(Object thread) {
    Object before = caller;
    caller = thread;
    return before;
  }

  void leave(Object before) {
    caller = before;
  }

  byte[] bytes(int content) {
    return ByteBuffer.allocate(4).putInt(content).array();
  }

  private TierRecord read(byte[] value) {
    if (around.registry().away) {
      throw new RegistryUnavailableException("the registry is away");
    }
    TierRecord record = around.catalogue().get(ByteBuffer.wrap(value).getInt()).record();
    if (record == null) {
      throw new PoisonRecordException("no magic byte");
    }
    return record;
  }

  /** What it holds never exceeds its bounds by more than what the threads had buffered. */
  void check() {
    int buffered = SimulatedThread.BUFFERED + SimulatedThread.MAX_POLL;
    int allowed = limits.windowRows() + around.log().partitions() * buffered * 4;
    if (window.count() > allowed) {
      around.ledger().violation("the window holds " + window.count() + " of " + allowed);
    }
    for (OffsetTracker tracker : trackers.all().values()) {
      if (tracker.outstanding() > most + buffered) {
        around.ledger().violation(tracker.outstanding() + " records are remembered, of " + most);
      }
    }
  }

  /** What it still holds although all is done; empty if nothing. */
  String leftOver() {
    boolean clean = window.count() == 0 && window.bytes() == 0 && queue.statements() == 0;
    return clean
        ? ""
        : "%d rows, %d bytes, %d statements left over"
            .formatted(window.count(), window.bytes(), queue.statements());
  }

  private Scheduler.Timer schedule(long delayMillis, Runnable task) {
    if (around.mutant() == Mutant.TIMER_LOST && world.fault(0.02)) {
      return () -> {};
    }
    World.Event event = world.after(delayMillis, () -> fire(task));
    return event::cancel;
  }

  private void fire(Runnable task) {
    if (dead) {
      return;
    }
    if (frozen()) {
      schedule((frozenUntil - world.nanos()) / 1_000_000 + 1, task);
      return;
    }
    Object before = enter("scheduler");
    try {
      task.run();
    } finally {
      leave(before);
    }
  }

  private Patience patience() {
    return new Patience() {
      @Override
      public long nanos() {
        return world.nanos();
      }

      @Override
      public void await(Object lock, long nanos) {
        Object me = caller;
        world.step(world.nanos() + nanos);
        caller = me;
        if (dead) {
          throw new Halted();
        }
      }
    };
  }

  private EventWriter mutated(EventWriter writer) {
    Mutant mutant = around.mutant();
    if (mutant != Mutant.ACKNOWLEDGED_WHEN_SENT && mutant != Mutant.TIMEOUT_IS_DONE) {
      return writer;
    }
    return new EventWriter() {
      @Override
      public CompletionStage<WriteResult> write(List<Row> rows) {
        WriteResult done = new WriteResult(rows.size(), 0);
        CompletionStage<WriteResult> real = writer.write(rows);
        if (mutant == Mutant.ACKNOWLEDGED_WHEN_SENT) {
          return CompletableFuture.completedFuture(done);
        }
        return real.exceptionally(
            failure -> {
              if ("timed out".equals(failure.getMessage())) {
                return done;
              }
              throw new CompletionException(failure);
            });
      }

      @Override
      public CompletionStage<Void> probe() {
        return writer.probe();
      }
    };
  }

  @SuppressWarnings("unchecked")
  private Producer<byte[], byte[]> producer() {
    return (Producer<byte[], byte[]>)
        Proxy.newProxyInstance(
            SimulatedSink.class.getClassLoader(),
            new Class<?>[] {Producer.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "send" ->
                      send((ProducerRecord<byte[], byte[]>) arguments[0], (Callback) arguments[1]);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private CompletableFuture<Void> send(ProducerRecord<byte[], byte[]> letter, Callback callback) {
    if (world.fault(0.1)) {
      throw new TimeoutException("no metadata");
    }
    boolean taken = !world.fault(0.2);
    world.after(
        world.between(0, taken ? 20 : 3_000),
        () -> {
          if (dead) {
            return;
          }
          if (taken) {
            int partition = number(letter, DeadLetterHeaders.SOURCE_PARTITION);
            around
                .ledger()
                .deadLettered(partition, number(letter, DeadLetterHeaders.SOURCE_OFFSET));
            world.note("dead letter", partition, 0);
          }
          @Nullable Exception failure =
              taken || around.mutant() == Mutant.LETTER_LOST
                  ? null
                  : new TimeoutException("not taken");
          callback.onCompletion(null, failure);
        });
    return CompletableFuture.completedFuture(null);
  }

  private static int number(ProducerRecord<byte[], byte[]> letter, String header) {
    return Integer.parseInt(
        new String(letter.headers().lastHeader(header).value(), StandardCharsets.UTF_8));
  }
}
