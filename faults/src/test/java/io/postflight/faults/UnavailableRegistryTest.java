package io.postflight.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postflight.devstack.junit.SharedServers;
import io.postflight.devstack.registry.EmbeddedRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Guarantee: an unavailable schema registry is awaited, at the start and while running. It causes
 * no dead letter of a valid record and stops no role permanently.
 *
 * <p>Fault: the registry is unavailable when topology and sink start; later it fails, and a new
 * instance of the sink, which has no schema cached, takes over.
 *
 * <p>Checked: while it is unavailable nothing is stored and nothing fails permanently; once it is
 * available everything resumes by itself; a failure while every schema is cached has no effect; in
 * the end every event is stored once and the only dead letters are the simulated invalid webhooks.
 */
class UnavailableRegistryTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  @Test
  void a_registry_that_is_unavailable_at_the_start_and_while_running_is_awaited() throws Exception {
    Path journal = SharedServers.newDirectory("registry");
    EmbeddedRegistry registry = EmbeddedRegistry.start(journal);
    String url = registry.url();
    registry.close();
    try (FaultRun run = FaultRun.of("schema registry away at start and in mid-run");
        FaultDeployment deployment =
            FaultDeployment.of(
                "registry",
                SharedServers.kafka().bootstrapServers(),
                url,
                SharedServers.cassandra());
        Load load = Load.of(deployment, 11, 900)) {
      GroupCommitOracle oracle = deployment.oracle();
      deployment.startAll();
      load.send(300);
      await()
          .pollDelay(Duration.ofSeconds(4))
          .atMost(TIMEOUT)
          .untilAsserted(() -> assertThat(deployment.failures()).isEmpty());
      assertThat(oracle.records()).isZero();

      long back = System.nanoTime();
      registry = again(journal, url);
      await().atMost(TIMEOUT).until(() -> oracle.records() >= 300);
      run.recovered(Duration.ofNanos(System.nanoTime() - back));

      registry.close();
      load.send(100);
      int known = oracle.records();
      await().atMost(TIMEOUT).until(() -> oracle.records() >= known + 50);

      deployment.stop(deployment.sinks().get(0));
      deployment.startSink();
      load.send(100);
      int stopped = oracle.records();
      await()
          .pollDelay(Duration.ofSeconds(4))
          .atMost(TIMEOUT)
          .untilAsserted(() -> assertThat(deployment.failures()).isEmpty());
      assertThat(oracle.records()).isEqualTo(stopped);

      registry = again(journal, url);
      load.finish();
      FaultRun.awaitLagZero(deployment);
      run.settle(deployment, load);
    } finally {
      registry.close();
    }
  }

  private static EmbeddedRegistry again(Path journal, String url) {
    EmbeddedRegistry registry = EmbeddedRegistry.start(journal, URI.create(url).getPort());
    assertThat(registry.url()).isEqualTo(url);
    return registry;
  }
}
