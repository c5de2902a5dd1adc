package io.postflight.sink;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.postflight.sink.simulation.Catalogue;
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
 * The sink's promise under thousands of histories: no offset is committed before all below it is
 * done, no command is applied before its turn, what nothing helps against makes an instance give
 * up, all is done in the end, and the rows are those of a store that was written in order.
 *
 * <p>{@code -Dpostflight.seed=N} runs one history, and prints what happened in it; {@code
 * -Dpostflight.seeds=N} runs so many.
 */
class SinkSimulationTest {
  private static final long FIRST_SEED = 1;
  private static final int SEEDS = Integer.getInteger("postflight.seeds", 3_000);
  private static final int SOAK_SEEDS = Integer.getInteger("postflight.soakSeeds", 200_000);
  private static final Catalogue CATALOGUE = new Catalogue(160);
  private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.postflight.sink");

  @BeforeAll
  static void silence() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void speak() {
    LOG.setLevel(null);
  }

  @Test
  void thousands_of_histories_keep_the_promise() {
    Long one = Long.getLong("postflight.seed");
    if (one != null) {
      replay(one);
    } else {
      simulate(FIRST_SEED, SEEDS);
    }
  }

  @Test
  @Tag("soak")
  void many_more_histories_keep_the_promise() {
    simulate(1_000_000, SOAK_SEEDS);
  }

  @Test
  void a_seed_is_a_history() {
    for (long seed = 1; seed <= 20; seed++) {
      SinkHistory first = new SinkHistory(seed, Mutant.NONE, CATALOGUE, false);
      SinkHistory second = new SinkHistory(seed, Mutant.NONE, new Catalogue(160), true);
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
  void a_broken_sink_is_found_out(Mutant mutant) {
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
              List<String> violations = judged(history);
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
        "sink simulation: %d seeds, %d records, %d commits judged, %d commands tried %d times,"
            + " fatal answers %s, longest recovery %d ms, in %.1f s%n",
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

  /** A history that ends in an error is a violation too, and must not hide its seed. */
  private static List<String> judged(SinkHistory history) {
    try {
      return history.run();
    } catch (RuntimeException | AssertionError end) {
      return List.of("at " + history.world().millis() + " ms: " + end);
    }
  }

  private static void replay(long seed) {
    SinkHistory history = new SinkHistory(seed, Mutant.NONE, CATALOGUE, true);
    List<String> violations = judged(history);
    history.world().trace(2_000).forEach(System.out::println);
    System.out.printf("seed %d: trace %016x%n", seed, history.world().traceHash());
    assertThat(violations).isEmpty();
  }
}
