package io.postflight.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postflight.bench.e2e.E2eBenchmark;
import io.postflight.bench.e2e.PersonsBenchmark;
import io.postflight.bench.gateway.GatewayBenchmark;
import io.postflight.bench.process.ProcessUsage;
import io.postflight.bench.scale.Dimension;
import io.postflight.bench.sink.SinkBenchmark;
import io.postflight.bench.topology.TopologyBenchmark;
import io.postflight.demo.embedded.TemporaryDirectory;
import io.postflight.operations.OperationException;
import io.postflight.operations.Progress;
import io.postflight.runtime.logging.Logs;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs a benchmark on servers of its own, and shows its figures. */
public final class Bench {
  private static final List<Benchmark> BENCHMARKS =
      Stream.concat(
              Stream.of(
                  E2eBenchmark.BENCHMARK,
                  GatewayBenchmark.BENCHMARK,
                  PersonsBenchmark.BENCHMARK,
                  E2eBenchmark.QUERY,
                  SinkBenchmark.RESTORE,
                  SinkBenchmark.BENCHMARK,
                  TopologyBenchmark.BENCHMARK),
              Dimension.benchmarks().stream())
          .toList();

  private final Progress progress;
  private final PrintStream out;

  /**
   * For a command.
   *
   * @param out where figures go
   */
  public Bench(Progress progress, PrintStream out) {
    this.progress = progress;
    this.out = out;
  }

  /**
   * Runs one and shows its figures.
   *
   * @param name of the benchmark
   * @param json file for the figures as JSON; {@code -}: only as JSON, to the output; null: none
   * @return whether all variants did the same work
   * @throws OperationException if there is no such benchmark, or it cannot run here
   */
  public boolean run(String name, BenchOptions options, @Nullable String json)
      throws IOException, InterruptedException {
    Benchmark benchmark =
        BENCHMARKS.stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(() -> unknown(name));
    if (!ProcessUsage.isAvailable()) {
      throw OperationException.usage("bench needs Linux: CPU time is read from /proc");
    }
    requireWritable(json);
    BenchReport report = measure(benchmark, options);
    progress.clear();
    show(report, json);
    return report.isComparable();
  }

  private static OperationException unknown(String name) {
    return OperationException.usage(
        BENCHMARKS.stream()
            .map(Benchmark::name)
            .collect(
                Collectors.joining(", ", "there is no benchmark '" + name + "'; allowed: ", "")));
  }

  /** Before anything is measured, which takes minutes. */
  private static void requireWritable(@Nullable String json) {
    if (json == null || json.equals("-")) {
      return;
    }
    try {
      Files.newByteChannel(Path.of(json), StandardOpenOption.CREATE, StandardOpenOption.WRITE)
          .close();
    } catch (IOException | InvalidPathException refused) {
      throw OperationException.usage(
          "--json " + json + " cannot be written: " + refused + "; NAME stands before it");
    }
  }

  private BenchReport measure(Benchmark benchmark, BenchOptions options)
      throws IOException, InterruptedException {
    try (TemporaryDirectory directory = TemporaryDirectory.create("postflight-bench-", progress)) {
      directory.keepLogs(true);
      Logs.toFile(directory.path().resolve("postflight.log"));
      try {
        BenchReport report = benchmark.run(options, directory.path(), progress);
        directory.keepLogs(!report.isComparable());
        return report;
      } catch (OperationException refused) {
        directory.keepLogs(false);
        throw refused;
      }
    }
  }

  private void show(BenchReport report, @Nullable String json) throws IOException {
    if (json != null) {
      String text = JsonMapper.builder().build().writeValueAsString(report);
      if (json.equals("-")) {
        out.println(text);
        return;
      }
      new ReportPrinter(out).print(report);
      Files.writeString(Path.of(json), text + System.lineSeparator());
      return;
    }
    new ReportPrinter(out).print(report);
  }
}
