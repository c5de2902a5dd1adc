package io.postflight.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postflight.devstack.simulator.Simulation;
import io.postflight.replay.VerifyReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The run of one injected fault: observes memory, reconciles at the end, and writes a line of
 * {@code target/faults.jsonl}, from which the table of docs/performance.md is taken.
 */
final class FaultRun implements AutoCloseable {
  private static final Path FILE = Path.of("target", "faults.jsonl");
  private static final Duration LONG = Duration.ofMinutes(3);

  /** Servers, topology and sinks share this JVM; a backlog held in memory would exceed this. */
  private static final long MOST_HEAP_MEBIBYTES = 640;

  private final Map<String, Object> line = new LinkedHashMap<>();
  private final MemoryWatch memory = MemoryWatch.start();
  private final long begun = System.nanoTime();

  private FaultRun(String fault) {
    line.put("fault", fault);
    line.put("rows", 0);
    line.put("lost", -1);
    line.put("doubled", -1);
  }

  /** Starts a run of a fault, named as in the documentation. */
  static FaultRun of(String fault) {
    return new FaultRun(fault);
  }

  /** Records a measurement. */
  void note(String name, Object value) {
    line.put(name, value);
  }

  /** Records the time from the fault's end until everything was processed. */
  void recovered(Duration time) {
    note("recoverySeconds", time.toMillis() / 1e3);
  }

  /** Waits until everything sent so far is stored and committed; returns the time that took. */
  static Duration awaitLagZero(FaultDeployment deployment) {
    long from = System.nanoTime();
    await()
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions()
        .until(deployment::lagIsZero);
    return Duration.ofNanos(System.nanoTime() - from);
  }

  /**
   * Reconciles, and checks that every commit was valid, memory stayed bounded and nothing failed.
   */
  void settle(FaultDeployment deployment, Load load) throws InterruptedException {
    settle(deployment, load.simulation(), 0);
  }

  /** The same with dead letters besides the simulated invalid webhooks. */
  void settle(FaultDeployment deployment, Simulation sent, long moreDeadLetters)
      throws InterruptedException {
    Reconciliation reconciliation = Reconciliation.of(deployment, sent, moreDeadLetters);
    List<VerifyReport> reports = new ArrayList<>();
    for (FaultDeployment.Place place : deployment.places()) {
      reports.add(deployment.verify(place.tier().name()));
    }
    note("verifiedRows", reports.stream().mapToLong(VerifyReport::rowsChecked).sum());
    line.put("rows", reconciliation.rows());
    line.put("lost", reconciliation.lost());
    line.put("doubled", reconciliation.doubled());
    note("commits", deployment.oracles().stream().mapToLong(GroupCommitOracle::commits).sum());
    long peak = memory.peakMebibytes();
    note("peakMemoryMiB", peak);
    assertThat(reconciliation.differences()).as("differences").isEmpty();
    assertThat(reconciliation.lost()).as("lost").isZero();
    assertThat(reconciliation.doubled()).as("doubled").isZero();
    assertThat(reconciliation.rows()).as("rows").isPositive();
    assertThat(reports)
        .as("verify")
        .allSatisfy(report -> assertThat(report.differences()).isEmpty());
    assertThat(reports.stream().mapToLong(VerifyReport::rowsChecked).sum()).isPositive();
    for (GroupCommitOracle oracle : deployment.oracles()) {
      assertThat(oracle.violations()).as("commits above what is stored").isEmpty();
      assertThat(oracle.commits()).as("commits checked").isPositive();
    }
    assertThat(deployment.failures()).isEmpty();
    assertThat(peak).as("MiB of heap at the most").isLessThan(MOST_HEAP_MEBIBYTES);
  }

  @Override
  public void close() throws IOException {
    memory.close();
    note("seconds", Math.round((System.nanoTime() - begun) / 1e8) / 10.0);
    String json = JsonMapper.builder().build().writeValueAsString(line);
    System.out.println(json);
    Files.createDirectories(FILE.resolveSibling("."));
    Files.writeString(
        FILE,
        json + '\n',
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
