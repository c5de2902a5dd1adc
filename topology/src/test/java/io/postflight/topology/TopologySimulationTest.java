package io.postflight.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.message.TierRecord;
import io.postflight.topology.simulation.ExpectedTierRows;
import io.postflight.topology.simulation.LifecycleScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The histories of {@code LifecycleSimulationTest}, through the complete topology: normalizer,
 * lifecycle, stores, deadline index and routing, with instances that are restored from changelogs,
 * and normalizers that crash between their output and its commit. {@code -Dpostflight.seed=N} runs
 * one.
 */
class TopologySimulationTest {
  private static final int SEEDS = Integer.getInteger("postflight.topologySeeds", 12);
  private static final int MESSAGES = 40;

  /** The result of one seed. */
  private record PipelineHistory(List<String> wrong, int restarts, int repeats) {}

  @TempDir Path dir;

  @Test
  void any_interleaving_and_any_restart_ends_in_the_same_rows() throws IOException {
    Long one = Long.getLong("postflight.seed");
    simulate(one == null ? 1 : one, one == null ? SEEDS : 1);
  }

  @Test
  @Tag("soak")
  void many_more_end_in_the_same_rows() throws IOException {
    simulate(10_000, 500);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lifecycles", "deadlines"})
  void a_lost_changelog_is_detected(String store) throws IOException {
    long seed = 1;
    while (history(seed, store).wrong().isEmpty()) {
      assertThat(++seed).as("a seed that finds the loss of '%s'", store).isLessThan(6);
    }
  }

  private void simulate(long first, int seeds) throws IOException {
    long begun = System.nanoTime();
    int restarts = 0;
    int repeats = 0;
    for (long seed = first; seed < first + seeds; seed++) {
      PipelineHistory history = history(seed, null);
      assertThat(history.wrong()).as("replay with -Dpostflight.seed=%d", seed).isEmpty();
      restarts += history.restarts();
      repeats += history.repeats();
    }
    System.out.printf(
        "topology simulation: %d seeds, %d restarts, %d crashed normalizers, in %.1f s%n",
        seeds, restarts, repeats, (System.nanoTime() - begun) / 1e9);
  }

  private PipelineHistory history(long seed, @Nullable String lost) throws IOException {
    LifecycleScript script = LifecycleScript.of(seed, MESSAGES);
    SplittableRandom random = new SplittableRandom(~seed);
    List<TierRecord> records = new ArrayList<>();
    int restarts = 0;
    int repeats = 0;
    DrivenPipeline pipeline = new DrivenPipeline(folder(seed, restarts));
    try {
      for (LifecycleScript.Webhook webhook : script.webhooks()) {
        pipeline.events(webhook.receivedAt(), webhook.body());
        if (random.nextInt(8) == 0) {
          pipeline.normalizerCrashes();
          repeats++;
        } else if (random.nextInt(4) == 0) {
          pipeline.normalizerCommits();
        }
        if (random.nextInt(12) == 0) {
          pipeline.caughtUp(
              LifecycleScript.BEGINNING
                  + random.nextLong(LifecycleScript.END - LifecycleScript.BEGINNING));
        }
        if (random.nextInt(60) == 0) {
          records.addAll(pipeline.tier("30d"));
          pipeline = pipeline.restarted(folder(seed, ++restarts), lost);
        }
      }
      pipeline.caughtUp(LifecycleScript.END);
      records.addAll(pipeline.tier("30d"));
      assertThat(pipeline.deadLetters()).isEmpty();
    } finally {
      pipeline.close();
    }
    return new PipelineHistory(
        new ExpectedTierRows(script).compare(records, seed), restarts, repeats);
  }

  private Path folder(long seed, int restarts) throws IOException {
    return Files.createDirectory(dir.resolve(seed + "-" + restarts));
  }
}
