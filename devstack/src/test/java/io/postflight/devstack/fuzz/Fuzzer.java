package io.postflight.devstack.fuzz;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs Jazzer, a coverage-guided fuzzer, over one target: a class with {@code public static void
 * fuzzerTestOneInput(byte[])} that throws if an input is handled incorrectly. It runs in a JVM of
 * its own, since it instruments classes; {@code public static void fuzzerInitialize()}, if there is
 * one, is called first. What it finds on the way (inputs that reach new code) is kept in {@code
 * target/fuzz/<target>/corpus} and used by the next run.
 *
 * <p>{@code -Dpostflight.fuzz.seconds=N} sets how long each target is fuzzed.
 */
public final class Fuzzer {
  /** Timeout of an input; generous, since the machine may be busy. */
  private static final int SECONDS_PER_INPUT = 60;

  private static final int USUAL_SECONDS = 5;
  private static final int LONG_SECONDS = 300;
  private static final int LARGEST_INPUT = 16_384;

  /** Jars of servers, drivers and test engines: no target needs them. */
  private static final Pattern NEEDLESS =
      Pattern.compile(
          ".*/(armeria|archunit|java-driver|jnr|jffi|jqwik|junit|kafka_|kafka-streams|log4j"
              + "|micrometer|netty|prometheus|rocksdb|scala|snappy|zstd)[^/]*[.]jar");

  private static final Pattern EXECUTIONS =
      Pattern.compile("stat::number_of_executed_units:\\s*(\\d+)");
  private static final Pattern COVERAGE = Pattern.compile("cov: (\\d+)");

  private Fuzzer() {}

  /** How long a target is fuzzed in an ordinary build. */
  public static Duration usual() {
    return Duration.ofSeconds(Long.getLong("postflight.fuzz.seconds", USUAL_SECONDS));
  }

  /** How long a target is fuzzed in a long run. */
  public static Duration longRun() {
    return Duration.ofSeconds(Long.getLong("postflight.fuzz.seconds", LONG_SECONDS));
  }

  /**
   * Fuzzes a target, prints {@code <target>: N executions}, and adds the line to {@code
   * target/fuzz/report.txt}.
   *
   * @param seeds inputs to begin with
   * @return how often the target was run
   * @throws AssertionError if an input made it throw, or took too long; with the input
   */
  public static long run(Class<?> target, List<byte[]> seeds, Duration budget) {
    try {
      return fuzz(target, seeds, budget);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static long fuzz(Class<?> target, List<byte[]> seeds, Duration budget)
      throws IOException, InterruptedException {
    String name = target.getSimpleName();
    Path home = Path.of("target", "fuzz", name).toAbsolutePath();
    Path corpus = Files.createDirectories(home.resolve("corpus"));
    Path given = Files.createDirectories(home.resolve("seeds"));
    Path findings = Files.createDirectories(home.resolve("findings"));
    for (int i = 0; i < seeds.size(); i++) {
      Files.write(given.resolve("seed-" + i), seeds.get(i));
    }
    Path log = home.resolve("log.txt");
    Process jazzer =
        new ProcessBuilder(command(target, corpus, given, findings, budget))
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int exit;
    try {
      exit = jazzer.waitFor();
    } finally {
      jazzer.destroyForcibly();
    }
    String output = Files.readString(log);
    if (exit != 0) {
      throw new AssertionError(
          "fuzzing %s ended with %d; its inputs are in %s%n%s"
              .formatted(name, exit, findings, tail(output)));
    }
    long executions = number(EXECUTIONS, output);
    String line =
        "%s: %d executions in %d s, %d edges covered"
            .formatted(name, executions, budget.toSeconds(), number(COVERAGE, output));
    System.out.println(line);
    Files.writeString(
        home.resolveSibling("report.txt"),
        line + System.lineSeparator(),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    return executions;
  }

  private static List<String> command(
      Class<?> target, Path corpus, Path seeds, Path findings, Duration budget) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", classPath()));
    command.add("com.code_intelligence.jazzer.Jazzer");
    command.add("--target_class=" + target.getName());
    command.add("--instrumentation_includes=io.postflight.**");
    command.add("--custom_hook_includes=io.postflight.**");
    command.add("--reproducer_path=" + findings);
    command.add("-artifact_prefix=" + findings + "/");
    command.add("-max_total_time=" + budget.toSeconds());
    command.add("-max_len=" + LARGEST_INPUT);
    command.add("-timeout=" + SECONDS_PER_INPUT);
    command.add("-rss_limit_mb=0");
    command.add("-print_final_stats=1");
    command.add(corpus.toString());
    command.add(seeds.toString());
    return command;
  }

  /** Jazzer scans the whole class path at start, which takes longer than the fuzzing. */
  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !NEEDLESS.matcher(entry).matches())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** The last number of a kind, 0 if there is none. */
  private static long number(Pattern pattern, String output) {
    Matcher matcher = pattern.matcher(output);
    long last = 0;
    while (matcher.find()) {
      last = Long.parseLong(matcher.group(1));
    }
    return last;
  }

  private static String tail(String output) {
    return output.substring(Math.max(0, output.length() - 4_000));
  }
}
