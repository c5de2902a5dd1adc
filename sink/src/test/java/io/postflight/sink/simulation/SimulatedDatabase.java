package io.postflight.sink.simulation;

import io.postflight.store.EventWriter;
import io.postflight.store.PartitionKey;
import io.postflight.store.Row;
import io.postflight.store.Tier;
import io.postflight.store.WriteException;
import io.postflight.store.WriteException.Kind;
import io.postflight.store.WriteResult;
import io.postflight.store.memory.InMemoryEventStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * A database that answers late, out of order, wrongly or never. A write that timed out may have
 * been done, may be done later, or never. What is acknowledged is stored; so much can be relied on.
 */
public final class SimulatedDatabase {
  /** How it is doing; changes every few seconds. */
  enum Weather {
    FINE,
    SLOW,
    FLAKY,
    OUTAGE,
    SILENT,
    SICK,
    NODE_DOWN
  }

  private static final long TIMEOUT_MILLIS = 2_000;
  private static final long SICK_MILLIS = 6_000;
  private static final int NODES = 3;

  private final World world;
  private final Ledger ledger;
  private final Predicate<Row> invalid;
  private final InMemoryEventStore store;
  private Weather weather = Weather.FINE;
  private int nodeDown;
  private long sickUntil;

  /**
   * @param invalid rows that it will never take
   */
  public SimulatedDatabase(World world, Ledger ledger, Tier tier, Predicate<Row> invalid) {
    this.world = world;
    this.ledger = ledger;
    this.invalid = invalid;
    this.store = new InMemoryEventStore(tier, world.wallClock());
    changeWeather();
  }

  /** What it holds. */
  public InMemoryEventStore store() {
    return store;
  }

  /** A connection of an instance, which hears nothing any more once it is dead. */
  public EventWriter connect(BooleanSupplier alive) {
    return new EventWriter() {
      @Override
      public CompletionStage<WriteResult> write(List<Row> samePartition) {
        CompletableFuture<WriteResult> answer = new CompletableFuture<>();
        List<Row> rows = List.copyOf(samePartition);
        PartitionKey partition = rows.get(0).partition();
        if (rows.stream().anyMatch(row -> !row.partition().equals(partition))) {
          ledger.violation("rows of several partitions in one statement: " + rows);
        }
        if (world.fault(0.001)) {
          throw new IllegalStateException("a bug of the driver");
        }
        begin(rows, answer, alive);
        return answer;
      }

      @Override
      public CompletionStage<Void> probe() {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        world.after(
            delay(),
            () -> {
              if (alive.getAsBoolean()) {
                answerProbe(answer);
              }
            });
        return answer;
      }
    };
  }

  private void changeWeather() {
    Weather[] all = Weather.values();
    weather = world.calm() || world.chance(0.4) ? Weather.FINE : all[world.below(all.length)];
    nodeDown = world.below(NODES);
    world.note("weather", weather.ordinal(), nodeDown);
    if (!world.calm()) {
      long lasts = weather == Weather.SICK ? SICK_MILLIS : world.between(200, 5_000);
      sickUntil = world.millis() + lasts;
      world.after(lasts, this::changeWeather);
    }
  }

  private long delay() {
    if (weather == Weather.SLOW) {
      return world.between(100, 1_500);
    }
    return world.fault(0.02) ? world.between(50, 1_900) : world.between(0, 5);
  }

  private void begin(List<Row> rows, CompletableFuture<WriteResult> answer, BooleanSupplier alive) {
    if (weather == Weather.FINE && world.chance(0.05)) {
      finish(rows, answer);
      return;
    }
    boolean silent =
        weather == Weather.SILENT
            || (weather == Weather.FLAKY && world.fault(0.3))
            || world.fault(0.01);
    if (silent) {
      timeOut(rows, answer, alive);
    } else if (weather == Weather.OUTAGE || onDeadNode(rows.get(0).partition())) {
      later(0, alive, () -> fail(answer, Kind.TRANSIENT, "nobody answers"));
    } else if (weather == Weather.SICK) {
      later(world.between(0, 3), alive, () -> fail(answer, whenSick(), "sick"));
    } else {
      later(delay(), alive, () -> finish(rows, answer));
    }
  }

  /** It refuses what is good only if the canary will meet the same: as long as that may take. */
  private Kind whenSick() {
    boolean lasts = weather == Weather.SICK && world.millis() + TIMEOUT_MILLIS < sickUntil;
    return lasts && world.chance(0.5) ? Kind.INVALID : Kind.TRANSIENT;
  }

  private boolean onDeadNode(PartitionKey partition) {
    return weather == Weather.NODE_DOWN
        && Math.floorMod(partition.subject().hashCode(), NODES) == nodeDown;
  }

  /** The answer is lost; what became of the write is another question. */
  private void timeOut(
      List<Row> rows, CompletableFuture<WriteResult> answer, BooleanSupplier alive) {
    int done = world.below(3);
    if (done == 0 && rows.stream().noneMatch(invalid)) {
      world.after(world.between(0, 15_000), () -> apply(rows));
    } else if (done == 1) {
      List<Row> some = new ArrayList<>(rows);
      some.removeIf(row -> world.chance(0.5) || invalid.test(row));
      if (!some.isEmpty()) {
        world.after(world.between(0, 3_000), () -> apply(some));
      }
    }
    later(TIMEOUT_MILLIS, alive, () -> fail(answer, Kind.TRANSIENT, "timed out"));
  }

  private void finish(List<Row> rows, CompletableFuture<WriteResult> answer) {
    if (rows.stream().anyMatch(invalid)) {
      fail(answer, Kind.INVALID, "refused");
    } else if (world.fault(0.01)) {
      apply(rows);
      fail(answer, Kind.TRANSIENT, "overloaded after all");
    } else {
      WriteResult result = apply(rows);
      ledger.acknowledged(rows);
      answer.complete(result);
    }
  }

  private WriteResult apply(List<Row> rows) {
    world.note("written", rows.size(), rows.get(0).writeTimestampMicros());
    return store.write(rows).toCompletableFuture().join();
  }

  private void answerProbe(CompletableFuture<Void> answer) {
    boolean well =
        switch (weather) {
          case FINE, SLOW, NODE_DOWN -> true;
          case FLAKY -> world.chance(0.7);
          case OUTAGE, SILENT, SICK -> false;
        };
    world.note("probe", well ? 1 : 0, 0);
    if (well) {
      answer.complete(null);
    } else {
      answer.completeExceptionally(new WriteException(Kind.TRANSIENT, "no answer", null));
    }
  }

  private void later(long millis, BooleanSupplier alive, Runnable work) {
    world.after(
        millis,
        () -> {
          if (alive.getAsBoolean()) {
            work.run();
          }
        });
  }

  private void fail(CompletableFuture<?> answer, Kind kind, String why) {
    world.note("failed", kind.ordinal(), 0);
    answer.completeExceptionally(new WriteException(kind, why, null));
  }
}
