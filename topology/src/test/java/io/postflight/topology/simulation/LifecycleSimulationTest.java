package io.postflight.topology.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.message.TierRecord;
import io.postflight.topology.simulation.TransactionalLifecycle.TransactionFault;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Any interleaving of messages and any crash between or within transactions results in the rows
 * that follow from the events. {@code -Dpostflight.seed=N} runs one history, {@code
 * -Dpostflight.seeds=N} a number of them.
 */
class LifecycleSimulationTest {
  private static final int MESSAGES = 25;
  private static final int SEEDS = Integer.getInteger("postflight.seeds", 2_500);
  private static final int SOAK_SEEDS = Integer.getInteger("postflight.soakSeeds", 200_000);

  /** The result of one seed. */
  private record LifecycleHistory(
      List<TierRecord> records, List<String> wrong, int crashes, int events) {}

  @Test
  void any_interleaving_and_any_crash_ends_in_the_same_rows() {
    Long one = Long.getLong("postflight.seed");
    simulate(one == null ? 1 : one, one == null ? SEEDS : 1);
  }

  @Test
  @Tag("soak")
  void many_more_interleavings_end_in_the_same_rows() {
    simulate(1_000_000, SOAK_SEEDS);
  }

  @Test
  void a_seed_is_a_history() {
    for (long seed = 1; seed <= 20; seed++) {
      assertThat(history(seed, TransactionFault.NONE).records())
          .isEqualTo(history(seed, TransactionFault.NONE).records());
    }
  }

  @ParameterizedTest
  @EnumSource(value = TransactionFault.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void broken_transactions_are_detected(TransactionFault fault) {
    OptionalLong found =
        LongStream.rangeClosed(1, 100)
            .filter(seed -> !history(seed, fault).wrong().isEmpty())
            .findFirst();

    assertThat(found).as("a seed of the first 100 that finds %s", fault).isPresent();
    System.out.println("lifecycle simulation: " + fault + " found by seed " + found.getAsLong());
  }

  private static void simulate(long first, int seeds) {
    long begun = System.nanoTime();
    Queue<String> broken = new ConcurrentLinkedQueue<>();
    AtomicLong crashes = new AtomicLong();
    AtomicLong events = new AtomicLong();
    LongStream.range(first, first + seeds)
        .parallel()
        .forEach(
            seed -> {
              LifecycleHistory history = history(seed, TransactionFault.NONE);
              crashes.addAndGet(history.crashes());
              events.addAndGet(history.events());
              if (!history.wrong().isEmpty()) {
                broken.add("replay with -Dpostflight.seed=" + seed + ": " + history.wrong());
              }
            });
    System.out.printf(
        "lifecycle simulation: %d seeds, %d events, %d crashes, in %.1f s%n",
        seeds, events.get(), crashes.get(), (System.nanoTime() - begun) / 1e9);
    assertThat(broken).isEmpty();
  }

  private static LifecycleHistory history(long seed, TransactionFault fault) {
    LifecycleScript script = LifecycleScript.of(seed, MESSAGES);
    List<MessageEvent> log =
        script.webhooks().stream().flatMap(webhook -> webhook.events().stream()).toList();
    TransactionalLifecycle lifecycle =
        new TransactionalLifecycle(log, new SplittableRandom(~seed), fault);
    List<TierRecord> records = lifecycle.run();
    return new LifecycleHistory(
        records,
        new ExpectedTierRows(script).compare(records, seed),
        lifecycle.crashes(),
        log.size());
  }
}
