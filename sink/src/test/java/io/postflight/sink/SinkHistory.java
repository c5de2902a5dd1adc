package io.postflight.sink;

import io.postflight.sink.simulation.Catalogue;
import io.postflight.sink.simulation.CommandOracle;
import io.postflight.sink.simulation.Contents;
import io.postflight.sink.simulation.Ledger;
import io.postflight.sink.simulation.RowsInTheEnd;
import io.postflight.sink.simulation.SimulatedDatabase;
import io.postflight.sink.simulation.SimulatedLog;
import io.postflight.sink.simulation.SimulatedTopology;
import io.postflight.sink.simulation.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One history of a topic, its database and the instances of its sink: a function of its seed. First
 * all goes wrong that can; then nothing any more, and within a bounded time all has to be done.
 */
final class SinkHistory {
  private static final long FAULTS_MILLIS = 12_000;

  /** Retries, probes and sessions that were under way when the last fault happened take so long. */
  private static final long RECOVERY_MILLIS = 60_000;

  private static final int MOST_INSTANCES = 3;

  private final World world;
  private final Ledger ledger = new Ledger();
  private final CommandOracle commands = new CommandOracle(ledger);
  private final Surroundings.Registry registry = new Surroundings.Registry();
  private final Contents contents;
  private final SimulatedLog log;
  private final SimulatedDatabase database;
  private final SimulatedTopology topology;
  private final Surroundings around;
  private final WriteLimits limits;
  private final List<SimulatedSink> instances = new ArrayList<>();
  private int started;
  private long done;

  SinkHistory(long seed, Mutant mutant, Catalogue catalogue, boolean recording) {
    world = new World(seed, recording);
    contents = new Contents(catalogue);
    log = new SimulatedLog(world, ledger, world.between(1, 4));
    database = new SimulatedDatabase(world, ledger, commands);
    topology = new SimulatedTopology(world, log, ledger, contents, database);
    around = new Surroundings(world, ledger, commands, log, database, registry, contents, mutant);
    int statements = world.between(1, 8);
    limits =
        new WriteLimits(
            world.between(1, 32),
            world.between(500, 20_000),
            world.between(500, 20_000),
            world.between(1, 6),
            world.between(300, 4_000),
            Catalogue.MAX_ROW_BYTES,
            statements,
            world.between(1, statements),
            Duration.ofMillis(world.between(0, 20)));
  }

  /**
   * Lets it happen.
   *
   * @return what was seen that must never be; empty if all is well
   */
  List<String> run() {
    start();
    world.after(0, this::append);
    world.after(100, this::disturb);
    while (world.millis() < FAULTS_MILLIS) {
      world.step(FAULTS_MILLIS * 1_000_000);
      if (!ledger.violations().isEmpty()) {
        return ledger.violations();
      }
    }
    world.calmDown();
    registry.away = false;
    long calmSince = world.millis();
    long deadline = calmSince + RECOVERY_MILLIS;
    while (!finished() && world.millis() < deadline && ledger.violations().isEmpty()) {
      if (instances.stream().noneMatch(SimulatedSink::goesOn)) {
        start();
      }
      world.step(deadline * 1_000_000);
    }
    done = world.millis() - calmSince;
    if (!finished()) {
      ledger.violation("not done %d ms after the last fault: %s".formatted(done, stuck()));
    }
    compare();
    return ledger.violations();
  }

  private boolean finished() {
    return topology.quiet()
        && log.allCommitted()
        && instances.stream().filter(i -> !i.dead()).allMatch(i -> i.leftOver().isEmpty());
  }

  private String stuck() {
    StringBuilder why = new StringBuilder(log.describe());
    instances.stream()
        .filter(i -> !i.dead())
        .forEach(i -> why.append("; an instance: ").append(i.leftOver()));
    return why.toString();
  }

  /** What stands in the database once late writes have landed and what was to expire is gone. */
  private void compare() {
    instances.forEach(SimulatedSink::switchOff);
    long later = world.nanos() + 300_000_000_000L;
    while (world.millis() < later / 1_000_000 && ledger.violations().isEmpty()) {
      world.step(later);
    }
    new RowsInTheEnd(world, ledger, log, contents, topology, database).judge();
  }

  private void start() {
    String name = "i" + started++;
    world.note("start " + name, 0, 0);
    instances.add(new SimulatedSink(name, around, limits, world.between(1, 2)));
  }

  private void append() {
    if (world.calm()) {
      return;
    }
    for (int i = world.between(1, 6); i > 0; i--) {
      topology.send();
    }
    world.after(
        world.chance(0.05) ? world.between(1_000, 4_000) : world.between(20, 700), this::append);
  }

  private void disturb() {
    if (world.calm()) {
      return;
    }
    List<SimulatedSink> alive = instances.stream().filter(SimulatedSink::goesOn).toList();
    if (alive.isEmpty() || (alive.size() < MOST_INSTANCES && world.chance(0.1))) {
      start();
    } else {
      SimulatedSink one = alive.get(world.below(alive.size()));
      switch (world.below(12)) {
        case 0 -> one.kill();
        case 1 -> world.after(0, one::close);
        case 2 -> one.evict();
        case 3 -> {
          one.freeze(world.between(100, 12_000));
          if (world.chance(0.5)) {
            one.evict();
          }
        }
        case 4 -> log.rebalance();
        case 5 -> registry.away = true;
        default -> registry.away = false;
      }
    }
    world.after(world.between(100, 2_500), this::disturb);
  }

  World world() {
    return world;
  }

  int commits() {
    return ledger.commits();
  }

  int records() {
    return topology.records();
  }

  /** How many commands were given by the topology, and to the database. */
  int commandsGiven() {
    return topology.commands();
  }

  int commandsTried() {
    return commands.begun();
  }

  /** By kind of request, how often one was answered that nothing helps until all is mended. */
  Map<String, Integer> fatalAnswers() {
    return database.fatalAnswers();
  }

  /** How long it took after the last fault until all was done, milliseconds. */
  long recoveryMillis() {
    return done;
  }
}
