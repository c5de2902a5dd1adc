package io.postflight.sink.simulation;

import io.postflight.schema.erasure.Erasure;
import io.postflight.sink.simulation.Answer.Request;
import io.postflight.store.EventEraser;
import io.postflight.store.EventWriter;
import io.postflight.store.PartitionKey;
import io.postflight.store.Replicas;
import io.postflight.store.Row;
import io.postflight.store.WriteException.Kind;
import io.postflight.store.WriteResult;
import io.postflight.store.memory.InMemoryEventStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/**
 * A database that answers late, out of order, wrongly or never. A write that timed out may have
 * been done, may be done later, in part, or never. What is acknowledged is stored; so much can be
 * relied on. What a client has sent is done whether the client lives on or not.
 */
public final class SimulatedDatabase {
  private final World world;
  private final Ledger ledger;
  private final InMemoryEventStore store;
  private final Weather weather;
  private final Answer.Fatal fatal = new Answer.Fatal();
  private final SimulatedEraser eraser;

  /** An empty one. */
  public SimulatedDatabase(World world, Ledger ledger, CommandOracle commands) {
    this.world = world;
    this.ledger = ledger;
    this.store = new InMemoryEventStore(Catalogue.TIER, world.wallClock());
    this.weather = new Weather(world);
    this.eraser = new SimulatedEraser(world, ledger, commands, weather, store);
  }

  /** What it holds. */
  public InMemoryEventStore store() {
    return store;
  }

  /** How often a request of each kind was answered that only mending helps. */
  public Map<String, Integer> fatalAnswers() {
    Map<String, Integer> answers = new TreeMap<>();
    fatal.counts().forEach((request, count) -> answers.put(request.name(), count));
    return answers;
  }

  /** A connection that writes rows, and a canary where one is refused. */
  public EventWriter writer(Client client) {
    return new Connection(client, Request.CANARY);
  }

  /** A connection that probes before records are taken in. */
  public EventWriter prober(Client client) {
    return new Connection(client, Request.PROBE);
  }

  /** A connection that applies commands. */
  public EventEraser eraser(Client client) {
    return (command, timestamp) ->
        eraser.erase(
            command, timestamp, new Answer<>(world, ledger, client, Request.ERASURE, fatal));
  }

  /** Applies a command for somebody who is not simulated, such as the API. */
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
    private final Client client;
    private final Request probe;

    private Connection(Client client, Request probe) {
      this.client = client;
      this.probe = probe;
    }

    @Override
    public CompletionStage<WriteResult> write(List<Row> samePartition) {
      Answer<WriteResult> answer = new Answer<>(world, ledger, client, Request.WRITE, fatal);
      List<Row> rows = List.copyOf(samePartition);
      PartitionKey partition = rows.get(0).partition();
      if (rows.stream().anyMatch(row -> !row.partition().equals(partition))) {
        ledger.violation("rows of several partitions in one statement: " + rows);
      }
      if (world.fault(0.001)) {
        throw new IllegalStateException("a bug of the driver");
      }
      begin(rows, answer);
      return answer.future();
    }

    @Override
    public Replicas replicas(PartitionKey partition) {
      return new Replica(Weather.node(partition.subject()));
    }

    @Override
    public CompletionStage<Void> probe() {
      Answer<Void> answer = new Answer<>(world, ledger, client, probe, fatal);
      world.after(weather.delay(), () -> answerProbe(answer));
      return answer.future();
    }
  }

  private void begin(List<Row> rows, Answer<WriteResult> answer) {
    if (weather.fine() && world.chance(0.05)) {
      finish(rows, answer);
    } else if (weather.silent()) {
      timeOut(rows, answer);
    } else if (weather.outage() || weather.onDeadNode(rows.get(0).partition().subject())) {
      world.after(0, () -> answer.fail(Kind.TRANSIENT, "nobody answers"));
    } else if (weather.sick()) {
      world.after(world.between(0, 3), () -> answer.fail(weather.whenSick(), "sick"));
    } else {
      world.after(weather.delay(), () -> finish(rows, answer));
    }
  }

  /** The answer is lost; what became of the write is another question. */
  private void timeOut(List<Row> rows, Answer<WriteResult> answer) {
    int done = world.below(3);
    if (done == 0 && rows.stream().noneMatch(Catalogue::refused)) {
      world.after(world.between(0, 15_000), () -> apply(rows));
    } else if (done == 1) {
      List<Row> some = new ArrayList<>(rows);
      some.removeIf(row -> world.chance(0.5) || Catalogue.refused(row));
      if (!some.isEmpty()) {
        world.after(world.between(0, 3_000), () -> apply(some));
      }
    }
    world.after(Weather.TIMEOUT_MILLIS, () -> answer.fail(Kind.TRANSIENT, "timed out"));
  }

  private void finish(List<Row> rows, Answer<WriteResult> answer) {
    String broken = weather.fatal(rows.get(0).table());
    if (broken != null) {
      answer.fail(Kind.FATAL, broken);
    } else if (rows.stream().anyMatch(Catalogue::refused)) {
      if (world.fault(0.01)) {
        weather.breakDown(200); // for the canary to meet
      }
      answer.fail(Kind.INVALID, "refused");
    } else if (world.fault(0.01)) {
      apply(rows);
      answer.fail(Kind.TRANSIENT, "overloaded after all");
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

  private void answerProbe(Answer<Void> answer) {
    String broken = weather.fatalToProbes();
    boolean well = broken == null && weather.takesProbe();
    world.note("probe", well ? 1 : 0, 0);
    if (broken != null) {
      answer.fail(Kind.FATAL, broken);
    } else if (well) {
      answer.complete(null);
    } else {
      answer.fail(Kind.TRANSIENT, "no answer");
    }
  }
}
