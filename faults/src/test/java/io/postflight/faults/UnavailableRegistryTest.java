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
 * Guarantee: a schema registry that is away is waited for, at the start and in mid-run. It makes no
 * dead letter of a good record and stops no role for good.
 *
 * <p>Fault: the registry is not there when topology and sink start; later it goes away and a new
 * instance of the sink, which knows no schema yet, takes over.
 *
 * <p>Checked: while it is away nothing is stored and nothing given up; once it is there all goes on
 * by itself; a registry that goes away while every schema is known is not noticed; in the end every
 * event is stored once and there is no dead letter but the simulated mistakes.
 */
class UnavailableRegistryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @Test
  void a_registry_away_at_the_start_and_in_mid_run_is_waited_for() throws Exception {
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
      CommitOracle oracle = deployment.oracle();
      deployment.startAll();
      load.send(300);
      await()
          .pollDelay(Duration.ofSeconds(4))
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(deployment.failures()).isEmpty());
      assertThat(oracle.records()).isZero();

      long back = System.nanoTime();
      registry = again(journal, url);
      await().atMost(PATIENCE).until(() -> oracle.records() >= 300);
      run.recovered(Duration.ofNanos(System.nanoTime() - back));

      registry.close();
      load.send(100);
      int known = oracle.records();
      await().atMost(PATIENCE).until(() -> oracle.records() >= known + 50);

      deployment.stop(deployment.sinks().get(0));
      deployment.startSink();
      load.send(100);
      int stopped = oracle.records();
      await()
          .pollDelay(Duration.ofSeconds(4))
          .atMost(PATIENCE)
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
