package io.postflight.sink;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.postflight.sink.simulation.SimulatedRecords;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Verifies the sink's guarantees in thousands of simulated histories: no offset is committed before
 * all records below it are stored, no command is applied before the records that precede it, an
 * instance fails on permanent failures, all records are stored in the end, and the rows equal those
 * of a store that was written in order.
 *
 * <p>{@code -Dpostflight.seed=N} runs one history and prints its trace; {@code
 * -Dpostflight.seeds=N} sets the number of histories.
 */
class SinkSimulationTest {
  private static final long FIRST_SEED = 1;
  private static final int SEEDS = Integer.getInteger("postflight.seeds", 1_500);
  private static final int SOAK_SEEDS = Integer.getInteger("postflight.soakSeeds", 200_000);
  private static final SimulatedRecords CATALOGUE = new SimulatedRecords(160);
  private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.postflight.sink");

  @BeforeAll
  static void disableLogging() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void restoreLogging() {
    LOG.setLevel(null);
  }

  @Test
  void thousands_of_histories_satisfy_the_guarantees() {
    Long one = Long.getLong("postflight.seed");
    if (one != null) {
      replay(one);
    } else {
      simulate(FIRST_SEED, SEEDS);
    }
  }

  @Test
  @Tag("soak")
  void many_more_histories_satisfy_the_guarantees() {
    simulate(1_000_000, SOAK_SEEDS);
  }

  @Test
  void a_seed_determines_the_history() {
    for (long seed = 1; seed <= 20; seed++) {
      SinkHistory first = new SinkHistory(seed, Mutant.NONE, CATALOGUE, false);
      SinkHistory second = new SinkHistory(seed, Mutant.NONE, new SimulatedRecords(160), true);
      first.run();
      second.run();

      assertThat(second.world().traceHash()).isEqualTo(first.world().traceHash());
      assertThat(second.recoveryMillis()).isEqualTo(first.recoveryMillis());
    }
    assertThat(LongStream.range(1, 20).map(SinkSimulationTest::hash).distinct().count())
        .isEqualTo(19);
  }

  @ParameterizedTest
  @EnumSource(value = Mutant.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void every_mutant_is_detected(Mutant mutant) {
    OptionalLong found =
        LongStream.rangeClosed(FIRST_SEED, 300)
            .filter(seed -> !new SinkHistory(seed, mutant, CATALOGUE, false).run().isEmpty())
            .findFirst();

    assertThat(found).as("a seed of the first 300 that finds %s", mutant).isPresent();
    System.out.println("sink simulation: " + mutant + " found by seed " + found.getAsLong());
  }

  private static long hash(long seed) {
    SinkHistory history = new SinkHistory(seed, Mutant.NONE, CATALOGUE, false);
    history.run();
    return history.world().traceHash();
  }

  private static void simulate(long first, int seeds) {
    long begun = System.nanoTime();
    Queue<String> broken = new ConcurrentLinkedQueue<>();
    AtomicLong commits = new AtomicLong();
    AtomicLong records = new AtomicLong();
    AtomicLong commands = new AtomicLong();
    AtomicLong tries = new AtomicLong();
    AtomicLong longest = new AtomicLong();
    Map<String, Integer> fatal = new ConcurrentSkipListMap<>();
    LongStream.range(first, first + seeds)
        .parallel()
        .forEach(
            seed -> {
              SinkHistory history = new SinkHistory(seed, Mutant.NONE, CATALOGUE, false);
              List<String> violations = verified(history);
              if (!violations.isEmpty()) {
                broken.add("replay with -Dpostflight.seed=%d: %s".formatted(seed, violations));
              }
              commits.addAndGet(history.commits());
              records.addAndGet(history.records());
              commands.addAndGet(history.commandsGiven());
              tries.addAndGet(history.commandsTried());
              history
                  .fatalAnswers()
                  .forEach((what, count) -> fatal.merge(what, count, Integer::sum));
              longest.accumulateAndGet(history.recoveryMillis(), Math::max);
            });
    System.out.printf(
        "sink simulation: %d seeds, %d records, %d commits verified, %d commands applied in %d attempts,"
            + " permanent failures %s, longest recovery %d ms, in %.1f s%n",
        seeds,
        records.get(),
        commits.get(),
        commands.get(),
        tries.get(),
        fatal,
        longest.get(),
        (System.nanoTime() - begun) / 1e9);
    assertThat(broken).isEmpty();
    assertThat(commits.get()).isGreaterThan(seeds);
    if (seeds >= 1_000) {
      assertThat(tries.get()).isGreaterThan(commands.get()).isGreaterThan(seeds);
      assertThat(fatal).containsOnlyKeys("CANARY", "ERASURE", "PROBE", "WRITE");
    }
  }

  /** A history that throws is a violation, too, and is reported with its seed. */
  private static List<String> verified(SinkHistory history) {
    try {
      return history.run();
    } catch (RuntimeException | AssertionError end) {
      return List.of("at " + history.world().millis() + " ms: " + end);
    }
  }

  private static void replay(long seed) {
    SinkHistory history = new SinkHistory(seed, Mutant.NONE, CATALOGUE, true);
    List<String> violations = verified(history);
    history.world().trace(2_000).forEach(System.out::println);
    System.out.printf("seed %d: trace %016x%n", seed, history.world().traceHash());
    assertThat(violations).isEmpty();
  }
}
