package io.postflight.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.sink.write.ScriptedWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SinkStreamsConfigTest {
  @ParameterizedTest
  @CsvSource({
    "group.protocol, streams",
    "group.protocol, consumer",
    "main.consumer.group.protocol, consumer",
    "processing.guarantee, exactly_once_v2",
    "main.consumer.isolation.level, read_uncommitted",
    "consumer.isolation.level, read_uncommitted",
    "isolation.level, read_uncommitted",
    "auto.offset.reset, latest",
    "default.timestamp.extractor, org.apache.kafka.streams.processor.LogAndSkipOnInvalidTimestamp",
    "default.value.serde, org.apache.kafka.common.serialization.Serdes$StringSerde"
  })
  void properties_that_would_break_at_least_once_delivery_are_rejected(String key, String value) {
    ScriptedWriter database = new ScriptedWriter();
    SinkSettings settings = settings(Map.of(key, value));

    assertThatThrownBy(
            () ->
                TierSink.start(
                    settings,
                    database,
                    AvroSerdes.mock("settings").value(TierRecord.class).deserializer(),
                    new SimpleMeterRegistry()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(key + " is '" + value + "'")
        .hasMessageContaining("allows only");
    database.close();
  }

  @Test
  void other_properties_can_be_overridden() {
    assertThat(SinkStreamsConfig.of(settings(Map.of("commit.interval.ms", "1234"))))
        .containsEntry("commit.interval.ms", "1234")
        .containsEntry("main.consumer.isolation.level", "read_committed")
        .containsEntry("application.id", "app");
  }

  @Test
  void a_topology_with_an_internal_topic_is_rejected() {
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream("in", Consumed.with(Serdes.String(), Serdes.String()))
        .groupBy((key, value) -> value, Grouped.with(Serdes.String(), Serdes.String()))
        .count();

    assertRejected(builder.build(), "must not write a topic");
  }

  @Test
  void a_topology_with_a_state_store_is_rejected() {
    StreamsBuilder builder = new StreamsBuilder();
    builder.table("in", Consumed.with(Serdes.String(), Serdes.String()), storeNamed("kept"));

    assertRejected(builder.build(), "must have no state store");
  }

  @Test
  void missing_bootstrap_servers_are_named() {
    assertThatThrownBy(
            () ->
                SinkSettings.of(
                    Fixtures.TIER, new SinkSettings.Source("t", "d", "app"), Path.of("state"), " "))
        .hasMessageContaining("kafka.bootstrap.servers is missing");
  }

  private static Materialized<String, String, KeyValueStore<Bytes, byte[]>> storeNamed(
      String name) {
    return Materialized.as(name);
  }

  private static void assertRejected(Topology topology, String why) {
    assertThatThrownBy(() -> SinkStreamsConfig.rejectInternalTopics(topology))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  private static SinkSettings settings(Map<String, String> kafka) {
    Map<String, String> all = new HashMap<>(kafka);
    all.put("bootstrap.servers", "127.0.0.1:1");
    return SinkSettings.of(
            Fixtures.TIER,
            new SinkSettings.Source("t", "d", "app"),
            Path.of("state"),
            "127.0.0.1:1")
        .withKafka(all);
  }
}
