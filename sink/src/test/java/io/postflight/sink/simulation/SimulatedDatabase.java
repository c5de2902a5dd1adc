package io.postflight.sink.simulation;

import io.postflight.schema.erasure.Erasure;
import io.postflight.sink.simulation.PendingResponse.Request;
import io.postflight.store.EventEraser;
import io.postflight.store.EventWriter;
import io.postflight.store.PartitionKey;
import io.postflight.store.Replicas;
import io.postflight.store.Row;
import io.postflight.store.StoreException.Kind;
import io.postflight.store.WriteResult;
import io.postflight.store.memory.InMemoryEventStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/**
 * A database that responds late, out of order, with errors or never. A write that timed out may
 * have been applied, or is applied later, in part, or never. What is acknowledged is stored. A
 * request is processed whether or not its client is still alive.
 */
public final class SimulatedDatabase {
  private final World world;
  private final HistoryOracle oracle;
  private final InMemoryEventStore store;
  private final DatabaseHealth health;
  private final PendingResponse.Fatal fatal = new PendingResponse.Fatal();
  private final SimulatedEraser eraser;

  /** Creates an empty database. */
  public SimulatedDatabase(World world, HistoryOracle oracle, CommandOracle commands) {
    this.world = world;
    this.oracle = oracle;
    this.store = new InMemoryEventStore(SimulatedRecords.TIER, world.wallClock());
    this.health = new DatabaseHealth(world);
    this.eraser = new SimulatedEraser(world, oracle, commands, health, store);
  }

  /** Its rows. */
  public InMemoryEventStore store() {
    return store;
  }

  /** Number of permanent failures by kind of request. */
  public Map<String, Integer> fatalAnswers() {
    Map<String, Integer> answers = new TreeMap<>();
    fatal.counts().forEach((request, count) -> answers.put(request.name(), count));
    return answers;
  }

  /** A connection that writes rows, and the canary row after a rejection. */
  public EventWriter writer(DatabaseClient client) {
    return new Connection(client, Request.CANARY);
  }

  /** A connection that probes before records are consumed. */
  public EventWriter prober(DatabaseClient client) {
    return new Connection(client, Request.PROBE);
  }

  /** A connection that applies commands. */
  public EventEraser eraser(DatabaseClient client) {
    return (command, timestamp) ->
        eraser.erase(
            command,
            timestamp,
            new PendingResponse<>(world, oracle, client, Request.ERASURE, fatal));
  }

  /** Applies a command of a client that is not simulated, such as the API. */
  void applied(Erasure command, long timestampMicros) {
    world.note("applied by another", timestampMicros, 0);
    store.erase(command, timestampMicros).toCompletableFuture().join();
  }

  private record Replica(int node) implements Replicas {
    @Override
    public List<Integer> coordinators() {
      return List.of();
    }
  }

  private final class Connection implements EventWriter {
    private final DatabaseClient client;
    private final Request probe;

    private Connection(DatabaseClient client, Request probe) {
      this.client = client;
      this.probe = probe;
    }

    @Override
    public CompletionStage<WriteResult> write(List<Row> samePartition) {
      PendingResponse<WriteResult> answer =
          new PendingResponse<>(world, oracle, client, Request.WRITE, fatal);
      List<Row> rows = List.copyOf(samePartition);
      PartitionKey partition = rows.get(0).partition();
      if (rows.stream().anyMatch(row -> !row.partition().equals(partition))) {
        oracle.violation("rows of several partitions in one statement: " + rows);
      }
      if (world.fault(0.001)) {
        throw new IllegalStateException("a bug of the driver");
      }
      begin(rows, answer);
      return answer.future();
    }

    @Override
    public Replicas replicas(PartitionKey partition) {
      return new Replica(DatabaseHealth.node(partition.subject()));
    }

    @Override
    public CompletionStage<Void> probe() {
      PendingResponse<Void> answer = new PendingResponse<>(world, oracle, client, probe, fatal);
      world.after(health.delay(), () -> answerProbe(answer));
      return answer.future();
    }
  }

  private void begin(List<Row> rows, PendingResponse<WriteResult> answer) {
    if (health.healthy() && world.chance(0.05)) {
      finish(rows, answer);
    } else if (health.responseLost()) {
      timeOut(rows, answer);
    } else if (health.outage() || health.onUnavailableNode(rows.get(0).partition().subject())) {
      world.after(0, () -> answer.fail(Kind.TRANSIENT, "no response"));
    } else if (health.unhealthy()) {
      world.after(world.between(0, 3), () -> answer.fail(health.failureKind(), "unhealthy"));
    } else {
      world.after(health.delay(), () -> finish(rows, answer));
    }
  }

  /** The response is lost; the write may or may not be applied. */
  private void timeOut(List<Row> rows, PendingResponse<WriteResult> answer) {
    int done = world.below(3);
    if (done == 0 && rows.stream().noneMatch(SimulatedRecords::rejected)) {
      world.after(world.between(0, 15_000), () -> apply(rows));
    } else if (done == 1) {
      List<Row> some = new ArrayList<>(rows);
      some.removeIf(row -> world.chance(0.5) || SimulatedRecords.rejected(row));
      if (!some.isEmpty()) {
        world.after(world.between(0, 3_000), () -> apply(some));
      }
    }
    world.after(DatabaseHealth.TIMEOUT_MILLIS, () -> answer.fail(Kind.TRANSIENT, "timed out"));
  }

  private void finish(List<Row> rows, PendingResponse<WriteResult> answer) {
    String broken = health.fatal(rows.get(0).table());
    if (broken != null) {
      answer.fail(Kind.FATAL, broken);
    } else if (rows.stream().anyMatch(SimulatedRecords::rejected)) {
      if (world.fault(0.01)) {
        health.failPermanently(200); // for the canary to meet
      }
      answer.fail(Kind.INVALID, "rejected");
    } else if (world.fault(0.01)) {
      apply(rows);
      answer.fail(Kind.TRANSIENT, "overloaded after all");
    } else {
      WriteResult result = apply(rows);
      oracle.acknowledged(rows);
      answer.complete(result);
    }
  }

  private WriteResult apply(List<Row> rows) {
    world.note("written", rows.size(), rows.get(0).writeTimestampMicros());
    return store.write(rows).toCompletableFuture().join();
  }

  private void answerProbe(PendingResponse<Void> answer) {
    String broken = health.fatalToProbes();
    boolean well = broken == null && health.acceptsProbe();
    world.note("probe", well ? 1 : 0, 0);
    if (broken != null) {
      answer.fail(Kind.FATAL, broken);
    } else if (well) {
      answer.complete(null);
    } else {
      answer.fail(Kind.TRANSIENT, "no response");
    }
  }
}
