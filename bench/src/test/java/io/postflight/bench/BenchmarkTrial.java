package io.postflight.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.bench.workload.BenchServers;
import io.postflight.bench.workload.BenchServers.Database;
import io.postflight.operations.Progress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Runs benchmarks with a few events, those of a class on the same servers. */
abstract class BenchmarkTrial {
  private static final int RECORDS = 60;

  @TempDir static Path directory;
  private static BenchServers servers;

  @BeforeAll
  static void start() throws InterruptedException {
    servers = BenchServers.startForTrial(directory);
  }

  @AfterAll
  static void close() {
    servers.close();
  }

  static BenchReport run(Benchmark benchmark, List<String> variants) throws InterruptedException {
    BenchOptions options =
        new BenchOptions(
            null, List.of(), new BenchOptions.Load(RECORDS, 1, 0, 7), Database.EMBEDDED, variants);
    BenchReport report = benchmark.run(options, servers, directory, Progress.SILENT);
    assertThat(report.differences()).isEmpty();
    return report;
  }
}
