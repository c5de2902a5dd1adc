package io.postflight.sink.write;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.postflight.schema.message.TierRecord;
import io.postflight.sink.Fixtures;
import io.postflight.sink.SimulatedDispatcher;
import io.postflight.sink.commit.OffsetTracker;
import io.postflight.sink.commit.TaskGeneration;
import io.postflight.sink.simulation.World;
import io.postflight.store.EventWriter;
import io.postflight.store.PartitionKey;
import io.postflight.store.Replicas;
import io.postflight.store.Row;
import io.postflight.store.StoreException;
import io.postflight.store.StoreException.Kind;
import io.postflight.store.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * One of three nodes is slow, rejects requests, or is lost: rows of the others are written at
 * almost the same rate. Rates refer to the simulated clock; topics never run out of records, and a
 * node completes a statement in {@link #LATENCY_MILLIS}.
 */
class ReplicaFaultsTest {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.postflight.sink");
  private static final int NODES = 3;
  private static final int KAFKA_PARTITIONS = 12;
  private static final int RECORDS = 3_000;
  private static final int MAX_POLL = 500;
  private static final long LATENCY_MILLIS = 5;
  private static final long TIMEOUT_MILLIS = 5_000;
  private static final long PARTITION_BYTES = 512 << 10;
  private static final SinkLimits LIMITS =
      new SinkLimits(
          new SinkLimits.Window(2_048, 32 << 20, PARTITION_BYTES),
          new SinkLimits.Batch(20, 128 << 10, Duration.ofMillis(5), Duration.ofMillis(300), 16),
          900 << 10,
          32);

  @BeforeAll
  static void disableLogging() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void restoreLogging() {
    LOG.setLevel(null);
  }

  @Test
  void with_three_replicas_a_node_that_lets_one_statement_in_a_hundred_time_out_costs_little() {
    Simulation simulation = new Simulation(3);
    simulation.run(2_000);
    double healthy = simulation.rowsPerSecond(3_000);

    simulation.slow = 2;
    simulation.run(5_000);
    double slow = simulation.rowsPerSecond(10_000);

    System.out.printf("replica faults: RF 3, %.0f rows/s, one slow: %.0f rows/s%n", healthy, slow);
    assertThat(simulation.timeouts).isPositive();
    assertThat(slow).isGreaterThan(0.8 * healthy);
    assertThat(simulation.sink.partitionOffsets.pausedPartitions()).isZero();
  }

  @Test
  void with_three_replicas_a_node_that_rejects_requests_gets_few_statements() {
    Simulation simulation = new Simulation(3);
    simulation.run(2_000);
    double healthy = simulation.rowsPerSecond(3_000);

    simulation.refusing = 2;
    double rate = simulation.rowsPerSecond(10_000);

    System.out.printf(
        "replica faults: RF 3, %.0f rows/s, one rejects: %.0f rows/s, %d rejected in 10 s%n",
        healthy, rate, simulation.rejected);
    assertThat(simulation.rejected).isPositive().isLessThan(500);
    assertThat(rate).isGreaterThan(0.8 * healthy);

    simulation.refusing = -1;
    simulation.drain();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, TIMEOUT_MILLIS})
  void with_one_replica_a_lost_node_stops_only_its_rows_until_the_limits_are_reached(long answer) {
    Simulation simulation = new Simulation(1);
    simulation.run(2_000);
    double healthy = simulation.rowsPerSecond(3_000) * simulation.shareOf(0, 1);

    simulation.lose(2, answer);
    long before = simulation.written;
    long lost = simulation.world.millis();
    simulation.runUntil(() -> simulation.sink.partitionOffsets.pausedPartitions() > 0, 60_000);
    long took = simulation.world.millis() - lost;
    double others = (simulation.written - before) * 1_000.0 / took;
    System.out.printf(
        "replica faults: RF 1, others %.0f rows/s, after the loss %.0f for %d ms%n",
        healthy, others, took);
    assertThat(took).as("ms until a window is full").isGreaterThan(1_000);
    assertThat(others).isGreaterThan(0.8 * healthy);

    simulation.runUntil(
        () -> simulation.sink.partitionOffsets.pausedPartitions() == KAFKA_PARTITIONS, 120_000);
    simulation.run(10_000);
    long most = PARTITION_BYTES + LIMITS.window().bytes() / KAFKA_PARTITIONS;
    assertThat(simulation.sink.window.bytes()).isLessThan(KAFKA_PARTITIONS * most);

    simulation.recover();
    long back = simulation.world.millis();
    simulation.runUntil(() -> simulation.sink.partitionOffsets.pausedPartitions() == 0, 20_000);
    System.out.printf("replica faults: resumed after %d ms%n", simulation.world.millis() - back);
    simulation.run(1_000);
    assertThat(simulation.rowsPerSecond(2_000) * simulation.shareOf(0, 1))
        .isGreaterThan(0.8 * healthy);
    simulation.drain();
  }

  /** A sink's dispatcher and queue over three nodes; single-threaded, with a simulated clock. */
  private static final class Simulation implements EventWriter {
    private final World world = new World(1, false);
    private final int copies;
    private final List<TierRecord> records = new ArrayList<>();
    private final List<TaskGeneration> generations = new ArrayList<>();
    private final List<Long> offsets = new ArrayList<>();
    private final SimulatedDispatcher sink;
    private int next;
    private int slow = -1;
    private int refusing = -1;

    /** By reference: losing a node does not change the identity of a replica set. */
    private final AtomicInteger lost = new AtomicInteger(-1);

    private long lostAnswer;
    private long written;
    private long timeouts;
    private long rejected;
    private boolean draining;

    private record Held(List<Integer> nodes, AtomicInteger lost) implements Replicas {
      @Override
      public List<Integer> coordinators() {
        return nodes.stream().filter(node -> node != lost.get()).toList();
      }
    }

    private Simulation(int copies) {
      this.copies = copies;
      for (int i = 0; i < RECORDS; i++) {
        records.add(Fixtures.delivered("u" + i, "m" + i));
      }
      sink =
          new SimulatedDispatcher(
              new Clock(), (topic, value) -> records.get(next % RECORDS), this, LIMITS);
      for (int i = 0; i < KAFKA_PARTITIONS; i++) {
        generations.add(
            sink.partitionOffsets.begin(new TopicPartition("store.30d", i), world::millis));
        offsets.add(0L);
      }
      sink.begin();
      world.after(1, this::poll);
    }

    private final class Clock implements SimulatedDispatcher.Clock {
      @Override
      public Timer schedule(long delayMillis, Runnable task) {
        World.Event event = world.after(delayMillis, task);
        return event::cancel;
      }

      @Override
      public long nanos() {
        return world.nanos();
      }

      @Override
      public void await(Object lock, long nanos) {
        world.step(world.nanos() + nanos);
      }

      @Override
      public double fraction() {
        return world.fraction();
      }
    }

    /** Like a stream thread: dispatches polled records, alternating between partitions. */
    private void poll() {
      sink.admission.resetAllowance();
      List<Integer> open =
          IntStream.range(0, KAFKA_PARTITIONS)
              .filter(i -> !sink.partitionOffsets.isFull(new TopicPartition("store.30d", i)))
              .boxed()
              .toList();
      for (int i = 0; i < MAX_POLL && !open.isEmpty() && !sink.paused() && !draining; i++) {
        int partition = open.get(i % open.size());
        long offset = offsets.get(partition);
        offsets.set(partition, offset + 1);
        next++;
        sink.dispatcher.dispatch(
            generations.get(partition),
            new SourceRecord(
                "store.30d", partition, offset, null, new byte[4], new RecordHeaders()));
      }
      world.after(1, this::poll);
    }

    private void run(long millis) {
      long end = world.nanos() + millis * 1_000_000;
      while (world.nanos() < end) {
        world.step(end);
      }
    }

    private void runUntil(java.util.function.BooleanSupplier done, long mostMillis) {
      long end = world.nanos() + mostMillis * 1_000_000;
      while (!done.getAsBoolean()) {
        assertThat(world.nanos()).as("waited " + mostMillis + " ms").isLessThan(end);
        world.step(end);
      }
    }

    private double rowsPerSecond(long millis) {
      long before = written;
      run(millis);
      return (written - before) * 1_000.0 / millis;
    }

    /** Verifies that all dispatched records are written in the end. */
    private void drain() {
      draining = true;
      runUntil(() -> sink.window.count() == 0, 20_000);
      for (int i = 0; i < KAFKA_PARTITIONS; i++) {
        OffsetTracker tracker = sink.partitionOffsets.of(new TopicPartition("store.30d", i));
        assertThat(tracker.acknowledgedBelow()).isEqualTo(offsets.get(i));
      }
      assertThat(sink.window.blockedCount()).isZero();
    }

    private double shareOf(int... nodes) {
      long rows =
          records.stream()
              .flatMap(record -> io.postflight.store.Rows.of(record, Fixtures.TIER).stream())
              .filter(row -> IntStream.of(nodes).anyMatch(node -> node == node(row.partition())))
              .count();
      return rows / (4.0 * RECORDS);
    }

    private void lose(int node, long answerMillis) {
      lost.set(node);
      lostAnswer = answerMillis;
    }

    private void recover() {
      lost.set(-1);
    }

    private static int node(PartitionKey partition) {
      return Math.floorMod(
          Objects.hash(partition.table().ordinal(), partition.subject(), partition.shard()), NODES);
    }

    @Override
    public Replicas replicas(PartitionKey partition) {
      return copies == 1
          ? new Held(List.of(node(partition)), lost)
          : new Held(List.of(0, 1, 2), lost);
    }

    @Override
    public CompletionStage<WriteResult> write(List<Row> rows) {
      return write(rows, world.below(NODES));
    }

    @Override
    public CompletionStage<WriteResult> write(List<Row> rows, Object coordinator) {
      CompletableFuture<WriteResult> answer = new CompletableFuture<>();
      boolean unreachable = copies == 1 && node(rows.get(0).partition()) == lost.get();
      if (unreachable) {
        world.after(lostAnswer, () -> fail(answer));
      } else if (coordinator.equals(refusing)) {
        rejected++;
        world.after(1, () -> fail(answer));
      } else if (coordinator.equals(slow) && world.chance(0.01 * NODES)) {
        timeouts++;
        world.after(TIMEOUT_MILLIS, () -> fail(answer));
      } else {
        world.after(
            LATENCY_MILLIS,
            () -> {
              written += rows.size();
              answer.complete(new WriteResult(rows.size(), 0));
            });
      }
      return answer;
    }

    private static void fail(CompletableFuture<WriteResult> answer) {
      answer.completeExceptionally(new StoreException(Kind.TRANSIENT, "no answer"));
    }

    @Override
    public CompletionStage<Void> probe() {
      return CompletableFuture.completedFuture(null);
    }
  }
}
