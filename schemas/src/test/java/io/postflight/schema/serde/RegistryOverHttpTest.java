package io.postflight.schema.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.schema.event.MessageEvent;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryOverHttpTest {
  private static final String TOPIC = "events";

  @AutoClose private ScriptedRegistry registry;

  @BeforeEach
  void start() throws IOException {
    registry = new ScriptedRegistry();
  }

  @Test
  void the_registry_is_requested_once_per_record_type() {
    Serde<MessageEvent> serde = serde(Map.of());

    byte[] bytes = serde.serializer().serialize(TOPIC, SampleRecords.event());
    serde.serializer().serialize(TOPIC, SampleRecords.event());

    assertThat(serde.deserializer().deserialize(TOPIC, bytes)).isEqualTo(SampleRecords.event());
    assertThat(serde.deserializer().deserialize(TOPIC, bytes)).isEqualTo(SampleRecords.event());
    assertThat(registry.requests)
        .containsExactly("POST /subjects/events-value/versions", "GET /schemas/ids/1");
  }

  @Test
  void subjects_follow_the_strategy() {
    String prefix = "io.confluent.kafka.serializers.subject.";
    serde(Map.of("value.subject.name.strategy", prefix + "RecordNameStrategy"))
        .serializer()
        .serialize(TOPIC, SampleRecords.event());
    serde(Map.of("value.subject.name.strategy", prefix + "TopicRecordNameStrategy"))
        .serializer()
        .serialize(TOPIC, SampleRecords.event());

    assertThat(registry.requests)
        .containsExactly(
            "POST /subjects/io.postflight.schema.event.MessageEvent/versions",
            "POST /subjects/events-io.postflight.schema.event.MessageEvent/versions");
  }

  @Test
  void without_auto_register_a_registered_schema_is_used() {
    registry.schemas.register("events-value", WireSchema.of(MessageEvent.getClassSchema()));

    serde(Map.of("auto.register.schemas", "false"))
        .serializer()
        .serialize(TOPIC, SampleRecords.event());

    assertThat(registry.requests).containsExactly("POST /subjects/events-value");
  }

  @Test
  void without_auto_register_an_unknown_schema_is_refused_by_name() {
    Serde<MessageEvent> serde = serde(Map.of("auto.register.schemas", "false"));

    assertThatThrownBy(() -> serde.serializer().serialize(TOPIC, SampleRecords.event()))
        .isInstanceOf(SchemaRefusedException.class)
        .hasMessageContaining("events-value")
        .hasMessageContaining("auto.register.schemas");
  }

  @Test
  void use_latest_version_takes_the_newest_id_of_the_same_layout() {
    Schema undocumented =
        new Schema.Parser()
            .parse(
                WireSchema.of(MessageEvent.getClassSchema())
                    .toString()
                    .replace("Whose message it is.", "The owner."));
    registry.schemas.register("events-value", WireSchema.of(MessageEvent.getClassSchema()));
    int newest = registry.schemas.register("events-value", undocumented);

    byte[] bytes =
        serde(Map.of("use.latest.version", "true"))
            .serializer()
            .serialize(TOPIC, SampleRecords.event());

    assertThat(WireFormat.schemaId(TOPIC, bytes)).isEqualTo(newest);
  }

  @Test
  void use_latest_version_refuses_another_layout() {
    registry.schemas.register("events-value", Schema.create(Schema.Type.STRING));
    Serde<MessageEvent> serde = serde(Map.of("use.latest.version", "true"));

    assertThatThrownBy(() -> serde.serializer().serialize(TOPIC, SampleRecords.event()))
        .isInstanceOf(SchemaRefusedException.class)
        .hasMessageContaining("use.latest.version");
  }

  @Test
  void an_incompatible_schema_is_refused_and_not_retried() {
    registry.schemas.register("events-value", Schema.create(Schema.Type.STRING));

    assertThatThrownBy(() -> serde(Map.of()).serializer().serialize(TOPIC, SampleRecords.event()))
        .isInstanceOf(SchemaRefusedException.class)
        .isNotInstanceOf(SerializationException.class);
    assertThat(registry.requests).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 503, 401, 403, 429})
  void requests_that_the_registry_rejects_temporarily_are_retried(int status) {
    registry.faults.addAll(List.of(status, status));

    byte[] bytes = serde(Map.of()).serializer().serialize(TOPIC, SampleRecords.event());

    assertThat(bytes).isNotEmpty();
    assertThat(registry.requests).hasSize(3);
  }

  @Test
  void a_registry_that_remains_unavailable_is_an_infrastructure_fault() throws IOException {
    Serde<MessageEvent> serde =
        serde(Map.of("schema.registry.url", unreachable(), AvroSerdes.RETRY_MS, "300"));

    assertThatThrownBy(() -> serde.serializer().serialize(TOPIC, SampleRecords.event()))
        .isInstanceOf(RegistryUnavailableException.class)
        .isInstanceOf(RetriableException.class)
        .isNotInstanceOf(SerializationException.class)
        .hasMessageContaining("cannot be reached");
    assertThatThrownBy(() -> serde.deserializer().deserialize(TOPIC, new byte[] {0, 0, 0, 0, 1, 0}))
        .isInstanceOf(RegistryUnavailableException.class);
  }

  @Test
  void a_response_that_does_not_end_is_an_infrastructure_fault() {
    registry.stalls = true;
    Serde<MessageEvent> serde =
        serde(Map.of("http.read.timeout.ms", "200", AvroSerdes.RETRY_MS, "0"));

    assertThatThrownBy(() -> serde.serializer().serialize(TOPIC, SampleRecords.event()))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("no complete response within 200 ms");
  }

  @Test
  void of_several_urls_the_available_one_is_used() throws IOException {
    Serde<MessageEvent> serde =
        serde(
            Map.of(
                "schema.registry.url",
                unreachable() + ", " + registry.url(),
                AvroSerdes.RETRY_MS,
                "0"));

    assertThat(serde.serializer().serialize(TOPIC, SampleRecords.event())).isNotEmpty();
  }

  @Test
  void the_lookup_of_an_unknown_id_is_retried_then_the_record_is_poison() {
    Serde<MessageEvent> serde = serde(Map.of(AvroSerdes.RECHECK_MS, "200"));
    byte[] bytes = {0, 0, 0, 0, 77, 0};

    assertThatThrownBy(() -> serde.deserializer().deserialize(TOPIC, bytes))
        .isInstanceOf(PoisonRecordException.class)
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("77");
    int asked = registry.requests.size();
    assertThat(asked).isGreaterThan(1);

    assertThatThrownBy(() -> serde.deserializer().deserialize(TOPIC, bytes))
        .isInstanceOf(PoisonRecordException.class);
    assertThat(registry.requests).as("the second time it is not waited for").hasSize(asked + 1);
  }

  @Test
  void an_id_that_becomes_known_is_read() {
    byte[] bytes = serde(Map.of()).serializer().serialize(TOPIC, SampleRecords.event());
    registry.faults.add(503);

    assertThat(serde(Map.of()).deserializer().deserialize(TOPIC, bytes))
        .isEqualTo(SampleRecords.event());
  }

  @Test
  void credentials_come_from_the_url_or_the_configuration() {
    serde(Map.of("schema.registry.url", registry.url("ann:secret")))
        .serializer()
        .serialize(TOPIC, SampleRecords.event());
    serde(Map.of("basic.auth.credentials.source", "USER_INFO", "basic.auth.user.info", "ben:pw"))
        .serializer()
        .serialize(TOPIC, SampleRecords.event());
    serde(
            Map.of(
                "basic.auth.credentials.source",
                "USER_INFO",
                "schema.registry.basic.auth.user.info",
                "cy:pw"))
        .serializer()
        .serialize(TOPIC, SampleRecords.event());
    serde(Map.of("bearer.auth.credentials.source", "STATIC_TOKEN", "bearer.auth.token", "t0k"))
        .serializer()
        .serialize(TOPIC, SampleRecords.event());

    assertThat(registry.authorizations)
        .containsExactly(basic("ann:secret"), basic("ben:pw"), basic("cy:pw"), "Bearer t0k");
  }

  private Serde<MessageEvent> serde(Map<String, String> settings) {
    Map<String, Object> config = new HashMap<>();
    config.put("schema.registry.url", registry.url());
    config.put(AvroSerdes.RETRY_MS, "5000");
    config.putAll(settings);
    return AvroSerdes.of(config).value(MessageEvent.class);
  }

  /** A URL without a listener. */
  private static String unreachable() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return "http://127.0.0.1:" + socket.getLocalPort();
    }
  }

  private static String basic(String userInfo) {
    return "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
  }
}
