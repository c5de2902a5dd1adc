package io.postflight.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.topic.Topics;
import io.postflight.topology.deadletter.DeadLetterExceptionHandler;
import io.postflight.topology.runtime.RocksMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamsConfigurationTest {
  private static final long MEMORY = 64 << 20;

  @Test
  void no_start_warns_of_the_handler_of_global_threads() {
    StreamsConfig config = new StreamsConfig(configuration(Map.of()));

    assertThat(config.getBoolean("processing.exception.handler.global.enabled")).isTrue();
  }

  @Test
  void batches_are_large_and_compressed() {
    assertThat(new StreamsConfig(configuration(Map.of())).getProducerConfigs("client"))
        .containsEntry("batch.size", 128 * 1024)
        .containsEntry("linger.ms", 100)
        .containsEntry("compression.type", "lz4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "producer."})
  void batches_are_those_of_the_operator_with_and_without_the_prefix(String prefix) {
    Map<String, String> clients =
        Map.of(
            prefix + "batch.size", "1000",
            prefix + "linger.ms", "7",
            prefix + "compression.type", "zstd");

    assertThat(new StreamsConfig(configuration(clients)).getProducerConfigs("client"))
        .containsEntry("batch.size", "1000")
        .containsEntry("linger.ms", "7")
        .containsEntry("compression.type", "zstd");
  }

  private static Map<String, Object> configuration(Map<String, String> clients) {
    Map<String, String> kafka = new HashMap<>(clients);
    kafka.put("bootstrap.servers", "none:1");
    TopologySettings settings =
        TopologySettings.of(
            new Topics(""),
            Set.of("30d"),
            TopologyStreamsSettings.of(Path.of("state")),
            Map.copyOf(kafka));
    try (RocksMemory memory = new RocksMemory(2 * MEMORY, MEMORY)) {
      return StreamsConfiguration.of(
          settings,
          Duration.ofMinutes(1),
          memory,
          new DeadLetterExceptionHandler.DeadLetterSink("dead", () -> {}));
    }
  }
}
