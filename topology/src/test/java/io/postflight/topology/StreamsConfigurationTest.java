package io.postflight.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.topic.Topics;
import io.postflight.topology.deadletter.DeadLetterExceptionHandler;
import io.postflight.topology.runtime.RocksMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class StreamsConfigurationTest {
  private static final long MEMORY = 64 << 20;

  @Test
  void no_start_warns_of_the_handler_of_global_threads() {
    TopologySettings settings =
        TopologySettings.of(
            new Topics(""),
            Set.of("30d"),
            TopologyStreamsSettings.of(Path.of("state")),
            Map.of("bootstrap.servers", "none:1"));
    StreamsConfig config;
    try (RocksMemory memory = new RocksMemory(2 * MEMORY, MEMORY)) {
      config =
          new StreamsConfig(
              StreamsConfiguration.of(
                  settings,
                  Duration.ofMinutes(1),
                  memory,
                  new DeadLetterExceptionHandler.DeadLetterSink("dead", () -> {})));
    }

    assertThat(config.getBoolean("processing.exception.handler.global.enabled")).isTrue();
  }
}
