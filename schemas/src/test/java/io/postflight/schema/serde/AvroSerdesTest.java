package io.postflight.schema.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.message.TierRecord;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificData;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class AvroSerdesTest {
  private static final String TOPIC = "events";

  private final Serde<MessageEvent> events = AvroSerdes.mock("serdes").value(MessageEvent.class);

  @Test
  void what_was_written_is_read_again() {
    MessageEvent event = SampleRecords.event();

    byte[] bytes = events.serializer().serialize(TOPIC, event);

    assertThat(events.deserializer().deserialize(TOPIC, bytes)).isEqualTo(event);
  }

  @Test
  void a_whole_tier_record_is_read_again() {
    TierRecord record = SampleRecords.tierRecord();
    Serde<TierRecord> serde = AvroSerdes.mock("tier").value(TierRecord.class);

    byte[] bytes = serde.serializer().serialize("store.30d", record);

    assertThat(serde.deserializer().deserialize("store.30d", bytes)).isEqualTo(record);
  }

  @Test
  void the_prefix_is_a_zero_and_the_id_in_four_bytes() throws Exception {
    byte[] bytes = events.serializer().serialize(TOPIC, SampleRecords.event());

    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    assertThat(buffer.get()).isZero();
    int id = buffer.getInt();
    assertThat(InMemorySchemaRegistry.shared("serdes").byId(id))
        .contains(WireSchema.of(MessageEvent.getClassSchema()));
    byte[] avro = new byte[buffer.remaining()];
    buffer.get(avro);
    assertThat(avro).isEqualTo(SampleRecords.avro(SampleRecords.event()));
  }

  @Test
  void java_string_is_stripped_and_documentation_kept() {
    String registered = WireSchema.of(MessageEvent.getClassSchema()).toString();

    assertThat(registered)
        .doesNotContain("avro.java.string")
        .contains("The tenant that owns the message.");
    assertThat(registered).contains("{\"name\":\"tenant\",\"type\":\"string\"");
  }

  @Test
  void generated_records_write_themselves() {
    TrustedRecords.trust();

    assertThat(TrustedRecords.ROOTS)
        .allMatch(root -> SpecificData.getForSchema(root).useCustomCoders());
  }

  @Test
  void null_stays_null() {
    assertThat(events.serializer().serialize(TOPIC, null)).isNull();
    assertThat(events.deserializer().deserialize(TOPIC, null)).isNull();
  }

  @Test
  void without_a_class_the_writers_own_is_found() {
    try (var reader = new PostflightAvroDeserializer<Object>()) {
      reader.configure(
          Map.of("schema.registry.url", "mock://serdes", "specific.avro.reader", "true"), false);

      byte[] bytes = events.serializer().serialize(TOPIC, SampleRecords.event());

      assertThat(reader.deserialize(TOPIC, bytes)).isEqualTo(SampleRecords.event());
    }
  }

  @Test
  void without_specific_reader_it_is_generic() {
    try (var reader = new PostflightAvroDeserializer<GenericRecord>()) {
      reader.configure(Map.of("schema.registry.url", "mock://serdes"), false);

      byte[] bytes = events.serializer().serialize(TOPIC, SampleRecords.event());

      assertThat(reader.deserialize(TOPIC, bytes))
          .extracting(record -> record.get("tenant").toString())
          .isEqualTo("acme");
    }
  }

  @Test
  void a_wrong_value_names_key_value_and_what_is_allowed() {
    assertThatThrownBy(() -> AvroSerdes.of(Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("schema.registry.url")
        .hasMessageContaining("http://host:port");
    assertThatThrownBy(
            () ->
                AvroSerdes.of(
                    Map.of("schema.registry.url", "mock://s", "auto.register.schemas", "yes")))
        .hasMessageContaining("auto.register.schemas")
        .hasMessageContaining("yes")
        .hasMessageContaining("true, false");
    assertThatThrownBy(
            () ->
                AvroSerdes.of(
                    Map.of(
                        "schema.registry.url", "mock://s", "value.subject.name.strategy", "Mine")))
        .hasMessageContaining("value.subject.name.strategy")
        .hasMessageContaining("TopicRecordNameStrategy");
  }

  @Test
  void a_serializer_that_is_not_on_the_class_path_is_named() {
    AvroSerdes serdes =
        AvroSerdes.of(
            Map.of(
                "schema.registry.url",
                "mock://s",
                AvroSerdes.SERIALIZER,
                "io.confluent.kafka.serializers.KafkaAvroSerializer"));

    assertThatThrownBy(() -> serdes.value(MessageEvent.class))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("postflight.avro.serializer")
        .hasMessageContaining("KafkaAvroSerializer");
  }
}
