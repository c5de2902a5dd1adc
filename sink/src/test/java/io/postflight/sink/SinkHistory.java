package io.postflight.sink;

import io.postflight.sink.simulation.CommandOracle;
import io.postflight.sink.simulation.FinalRows;
import io.postflight.sink.simulation.HistoryOracle;
import io.postflight.sink.simulation.HistoryRecords;
import io.postflight.sink.simulation.SimulatedDatabase;
import io.postflight.sink.simulation.SimulatedLog;
import io.postflight.sink.simulation.SimulatedRecords;
import io.postflight.sink.simulation.SimulatedTopology;
import io.postflight.sink.simulation.World;
import io.postflight.sink.write.SinkLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One history of a topic, its database and the instances of its sink, determined by its seed.
 * Faults of every kind happen at first; after they have stopped, all records have to be stored
 * within a bounded time.
 */
final class SinkHistory {
  private static final long FAULTS_MILLIS = 12_000;

  /** Time for retries, probes and sessions that were in progress when the last fault happened. */
  private static final long RECOVERY_MILLIS = 60_000;

  private static final int MOST_INSTANCES = 3;

  private final World world;
  private final HistoryOracle oracle = new HistoryOracle();
  private final CommandOracle commands = new CommandOracle(oracle);
  private final Environment.Registry registry = new Environment.Registry();
  private final HistoryRecords contents;
  private final SimulatedLog log;
  private final SimulatedDatabase database;
  private final SimulatedTopology topology;
  private final Environment environment;
  private final SinkLimits limits;
  private final List<SimulatedSink> instances = new ArrayList<>();
  private int started;
  private long done;

  SinkHistory(long seed, Mutant mutant, SimulatedRecords catalogue, boolean recording) {
    world = new World(seed, recording);
    contents = new HistoryRecords(catalogue);
    log = new SimulatedLog(world, oracle, world.between(1, 4));
    database = new SimulatedDatabase(world, oracle, commands);
    topology = new SimulatedTopology(world, log, oracle, contents, database);
    environment =
        new Environment(world, oracle, commands, log, database, registry, contents, mutant);
    int statements = world.between(1, 8);
    SinkLimits.Window window =
        new SinkLimits.Window(
            world.between(1, 32), world.between(500, 20_000), world.between(500, 20_000));
    int rows = world.between(1, 6);
    int bytes = world.between(300, 4_000);
    int eager = world.between(1, statements);
    Duration linger = Duration.ofMillis(world.between(0, 20));
    Duration listingLinger = Duration.ofMillis(world.between(0, 300));
    limits =
        new SinkLimits(
            window,
            new SinkLimits.Batch(rows, bytes, linger, listingLinger, eager),
            SimulatedRecords.MAX_ROW_BYTES,
            statements);
  }

  /**
   * Runs the history.
   *
   * @return violations of the specification
   */
  List<String> run() {
    start();
    world.after(0, this::append);
    world.after(100, this::disturb);
    while (world.millis() < FAULTS_MILLIS) {
      world.step(FAULTS_MILLIS * 1_000_000);
      if (!oracle.violations().isEmpty()) {
        return oracle.violations();
      }
    }
    world.stopFaults();
    registry.unavailable = false;
    long lastFaultAt = world.millis();
    long deadline = lastFaultAt + RECOVERY_MILLIS;
    while (!finished() && world.millis() < deadline && oracle.violations().isEmpty()) {
      if (instances.stream().noneMatch(SimulatedSink::isActive)) {
        start();
      }
      world.step(deadline * 1_000_000);
    }
    done = world.millis() - lastFaultAt;
    if (!finished()) {
      oracle.violation("not complete %d ms after the last fault: %s".formatted(done, stuck()));
    }
    compare();
    return oracle.violations();
  }

  private boolean finished() {
    return topology.idle()
        && log.allCommitted()
        && instances.stream().filter(i -> !i.killed()).allMatch(i -> i.remaining().isEmpty());
  }

  private String stuck() {
    StringBuilder why = new StringBuilder(log.describe());
    instances.stream()
        .filter(i -> !i.killed())
        .forEach(i -> why.append("; an instance: ").append(i.remaining()));
    return why.toString();
  }

  /** Verifies the database after late writes have been applied and expired rows are gone. */
  private void compare() {
    instances.forEach(SimulatedSink::terminate);
    long later = world.nanos() + 300_000_000_000L;
    while (world.millis() < later / 1_000_000 && oracle.violations().isEmpty()) {
      world.step(later);
    }
    new FinalRows(world, oracle, log, contents, topology, database).verify();
  }

  private void start() {
    String name = "i" + started++;
    world.note("start " + name, 0, 0);
    instances.add(new SimulatedSink(name, environment, limits, world.between(1, 2)));
  }

  private void append() {
    if (world.faultsStopped()) {
      return;
    }
    for (int i = world.between(1, 6); i > 0; i--) {
      topology.send();
    }
    world.after(
        world.chance(0.05) ? world.between(1_000, 4_000) : world.between(20, 700), this::append);
  }

  private void disturb() {
    if (world.faultsStopped()) {
      return;
    }
    List<SimulatedSink> alive = instances.stream().filter(SimulatedSink::isActive).toList();
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
        case 5 -> registry.unavailable = true;
        default -> registry.unavailable = false;
      }
    }
    world.after(world.between(100, 2_500), this::disturb);
  }

  World world() {
    return world;
  }

  int commits() {
    return oracle.commits();
  }

  int records() {
    return topology.records();
  }

  /** Number of commands issued by the topology, and passed to the database. */
  int commandsGiven() {
    return topology.commands();
  }

  int commandsTried() {
    return commands.begun();
  }

  /** Number of permanent failures by kind of request. */
  Map<String, Integer> fatalAnswers() {
    return database.fatalAnswers();
  }

  /** Time from the last fault until all was stored, milliseconds. */
  long recoveryMillis() {
    return done;
  }
}
