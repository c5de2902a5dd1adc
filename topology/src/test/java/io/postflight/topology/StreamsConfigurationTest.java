package io.postflight.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.topic.Topics;
import io.postflight.topology.deadletter.DeadLetterExceptionHandler;
import io.postflight.topology.runtime.RocksMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamsConfigurationTest {
  private static final long MEMORY = 64 << 20;
  private static final DeadLetterExceptionHandler.DeadLetterSink POISON =
      new DeadLetterExceptionHandler.DeadLetterSink("dead", () -> {});

  @Test
  void no_start_warns_of_the_handler_of_global_threads() {
    assertThat(
            List.of(lifecycle(Map.of()), normalizer(Map.of())).stream()
                .map(config -> config.getBoolean("processing.exception.handler.global.enabled")))
        .containsOnly(true);
  }

  @Test
  void batches_are_large_and_compressed() {
    assertThat(lifecycle(Map.of()).getProducerConfigs("client"))
        .containsEntry("batch.size", 128 * 1024)
        .containsEntry("linger.ms", 500)
        .containsEntry("compression.type", "lz4");
    assertThat(normalizer(Map.of()).getProducerConfigs("client"))
        .containsEntry("batch.size", 128 * 1024)
        .containsEntry("linger.ms", 100)
        .containsEntry("compression.type", "lz4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "consumer.", "main.consumer."})
  void a_fetch_is_8_mib_unless_the_operator_chooses(String prefix) {
    assertThat(fetchBytes(Map.of())).isEqualTo(8 * 1024 * 1024);
    assertThat(fetchBytes(Map.of(prefix + "fetch.max.bytes", "1000"))).isEqualTo("1000");
  }

  private static @Nullable Object fetchBytes(Map<String, String> clients) {
    return lifecycle(clients).getMainConsumerConfigs("group", "client", 0).get("fetch.max.bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "producer."})
  void batches_are_those_of_the_operator_with_and_without_the_prefix(String prefix) {
    Map<String, String> clients =
        Map.of(
            prefix + "batch.size", "1000",
            prefix + "linger.ms", "7",
            prefix + "compression.type", "zstd");

    assertThat(List.of(lifecycle(clients), normalizer(clients)))
        .allSatisfy(
            config ->
                assertThat(config.getProducerConfigs("client"))
                    .containsEntry("batch.size", "1000")
                    .containsEntry("linger.ms", "7")
                    .containsEntry("compression.type", "zstd"));
  }

  @Test
  void the_normalizer_reads_committed_webhooks_and_its_events_are_safe_when_it_commits() {
    StreamsConfig config = normalizer(Map.of("acks", "1", "enable.idempotence", "false"));

    assertThat(config.getString(StreamsConfig.PROCESSING_GUARANTEE_CONFIG))
        .isEqualTo(StreamsConfig.AT_LEAST_ONCE);
    assertThat(config.getMainConsumerConfigs("group", "client", 0))
        .containsEntry("isolation.level", "read_committed");
    assertThat(config.getProducerConfigs("client"))
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", true);
  }

  @Test
  void the_applications_have_different_ids_and_only_the_lifecycle_runs_exactly_once() {
    assertThat(lifecycle(Map.of()).getString(StreamsConfig.APPLICATION_ID_CONFIG))
        .isEqualTo("t.postflight-topology");
    assertThat(normalizer(Map.of()).getString(StreamsConfig.APPLICATION_ID_CONFIG))
        .isEqualTo("t.postflight-topology-normalize");
    assertThat(lifecycle(Map.of()).getString(StreamsConfig.PROCESSING_GUARANTEE_CONFIG))
        .isEqualTo(StreamsConfig.EXACTLY_ONCE_V2);
  }

  private static StreamsConfig lifecycle(Map<String, String> clients) {
    try (RocksMemory memory = new RocksMemory(2 * MEMORY, MEMORY)) {
      return new StreamsConfig(
          StreamsConfiguration.lifecycle(settings(clients), Duration.ofMinutes(1), memory, POISON));
    }
  }

  private static StreamsConfig normalizer(Map<String, String> clients) {
    return new StreamsConfig(StreamsConfiguration.normalizer(settings(clients), POISON));
  }

  private static TopologySettings settings(Map<String, String> clients) {
    Map<String, String> kafka = new HashMap<>(clients);
    kafka.put("bootstrap.servers", "none:1");
    return TopologySettings.of(
        new Topics("t."),
        Set.of("30d"),
        TopologyStreamsSettings.of(Path.of("state")),
        Map.copyOf(kafka));
  }
}
