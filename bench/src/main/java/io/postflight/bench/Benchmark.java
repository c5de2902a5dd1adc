package io.postflight.bench;

import io.postflight.bench.workload.BenchServers;
import io.postflight.bench.workload.BenchServers.Database;
import io.postflight.operations.OperationException;
import io.postflight.operations.Progress;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code bench NAME} runs.
 *
 * @param name of the benchmark
 * @param variants that options can choose from
 * @param database whether a CQL server is started
 * @param measurement what it does
 */
public record Benchmark(
    String name, List<? extends BenchVariant> variants, boolean database, Measurement measurement) {

  /** Measures. */
  @FunctionalInterface
  public interface Measurement {
    /** Measures on servers that are running. */
    BenchReport run(BenchRun run) throws InterruptedException;
  }

  /** Measures on servers of its own. */
  BenchReport run(BenchOptions options, Path directory, Progress progress)
      throws InterruptedException {
    options.chosen(variants);
    if (options.database() == Database.VOID && !name.equals("sink")) {
      throw OperationException.usage("--database void is for bench sink only");
    }
    progress.step("Starting servers");
    try (BenchServers servers =
        database
            ? BenchServers.start(directory, options.database())
            : BenchServers.withoutDatabase(directory)) {
      return run(options, servers, directory, progress);
    }
  }

  /** Measures on running servers. */
  BenchReport run(BenchOptions options, BenchServers servers, Path directory, Progress progress)
      throws InterruptedException {
    return measurement.run(new BenchRun(this, options, servers, directory, progress));
  }
}
