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

class StreamsConfigurationTest {
  private static final long MEMORY = 64 << 20;

  @Test
  void no_start_warns_of_the_handler_of_global_threads() {
    StreamsConfig config = new StreamsConfig(configuration(Map.of()));

    assertThat(config.getBoolean("processing.exception.handler.global.enabled")).isTrue();
  }

  @Test
  void batches_are_large_and_compressed_unless_the_operator_decides_otherwise() {
    assertThat(configuration(Map.of()))
        .containsEntry("producer.batch.size", 128 * 1024)
        .containsEntry("producer.compression.type", "lz4");
    assertThat(configuration(Map.of("producer.compression.type", "zstd")))
        .containsEntry("producer.compression.type", "zstd");
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
