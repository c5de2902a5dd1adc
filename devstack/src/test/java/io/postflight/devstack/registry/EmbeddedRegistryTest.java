package io.postflight.devstack.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedRegistryTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String ONE_FIELD = record("{\"name\":\"a\",\"type\":\"string\"}");
  private static final String WITH_OPTIONAL =
      record(
          "{\"name\":\"a\",\"type\":\"string\"},{\"name\":\"b\",\"type\":\"int\",\"default\":0}");
  private static final String WITH_MANDATORY =
      record("{\"name\":\"a\",\"type\":\"string\"},{\"name\":\"c\",\"type\":\"int\"}");

  private final HttpClient http = HttpClient.newHttpClient();
  @TempDir Path directory;
  @AutoClose private EmbeddedRegistry registry;

  EmbeddedRegistryTest(@TempDir Path directory) {
    this.registry = EmbeddedRegistry.start(directory.resolve("unused"));
  }

  @BeforeEach
  void start() {
    registry.close();
    registry = EmbeddedRegistry.start(directory);
  }

  @Test
  void one_schema_has_one_id_under_every_subject() throws Exception {
    int id = register("one-value", ONE_FIELD).get("id").asInt();
    assertThat(register("one-value", ONE_FIELD).get("id").asInt()).isEqualTo(id);
    assertThat(register("two-value", ONE_FIELD.replace(":", " : ")).get("id").asInt())
        .isEqualTo(id);
    assertThat(register("two-value", WITH_OPTIONAL).get("id").asInt()).isNotEqualTo(id);
    assertThat(get(200, "/subjects").toString()).isEqualTo("[\"one-value\",\"two-value\"]");
    assertThat(get(200, "/subjects/two-value/versions").toString()).isEqualTo("[1,2]");
    assertThat(JSON.readTree(get(200, "/schemas/ids/" + id).get("schema").asText()))
        .isEqualTo(JSON.readTree(ONE_FIELD));
    assertThat(get(200, "/schemas/ids/" + id + "/versions")).hasSize(2);
  }

  @Test
  void a_registered_schema_is_found_again() throws Exception {
    int id = register("s", ONE_FIELD).get("id").asInt();
    JsonNode found = send(200, "POST", "/subjects/s", body(ONE_FIELD));
    assertThat(found.get("id").asInt()).isEqualTo(id);
    assertThat(found.get("version").asInt()).isEqualTo(1);
    assertThat(get(200, "/subjects/s/versions/latest").get("version").asInt()).isEqualTo(1);
  }

  @Test
  void an_incompatible_schema_is_refused_and_not_stored() throws Exception {
    register("s", ONE_FIELD);
    JsonNode error = send(409, "POST", "/subjects/s/versions", body(WITH_MANDATORY));
    assertThat(error.get("error_code").asInt()).isEqualTo(409);
    assertThat(error.get("message").asText()).contains("READER_FIELD_MISSING_DEFAULT_VALUE");
    assertThat(get(200, "/subjects/s/versions").toString()).isEqualTo("[1]");

    String test = "/compatibility/subjects/s/versions/latest";
    assertThat(send(200, "POST", test, body(WITH_MANDATORY)).get("is_compatible").asBoolean())
        .isFalse();
    assertThat(send(200, "POST", test, body(WITH_OPTIONAL)).get("is_compatible").asBoolean())
        .isTrue();
  }

  @Test
  void the_level_of_a_subject_overrides_the_global_one_and_survives_a_restart() throws Exception {
    register("s", ONE_FIELD);
    assertThat(get(200, "/config").get("compatibilityLevel").asText()).isEqualTo("BACKWARD");
    assertThat(get(404, "/config/s").get("error_code").asInt()).isEqualTo(40408);
    send(200, "PUT", "/config/s", "{\"compatibility\":\"none\"}");
    start();
    assertThat(get(200, "/config/s").get("compatibilityLevel").asText()).isEqualTo("NONE");
    register("s", WITH_MANDATORY);
    assertThat(
            send(422, "PUT", "/config", "{\"compatibility\":\"SIDEWAYS\"}")
                .get("error_code")
                .asInt())
        .isEqualTo(42203);
  }

  @Test
  void errors_have_the_codes_that_clients_expect() throws Exception {
    assertThat(get(404, "/subjects/none/versions").get("error_code").asInt()).isEqualTo(40401);
    register("s", ONE_FIELD);
    assertThat(get(404, "/subjects/s/versions/7").get("error_code").asInt()).isEqualTo(40402);
    assertThat(get(422, "/subjects/s/versions/x").get("error_code").asInt()).isEqualTo(42202);
    assertThat(get(404, "/schemas/ids/99").get("error_code").asInt()).isEqualTo(40403);
    assertThat(send(404, "POST", "/subjects/s", body(WITH_OPTIONAL)).get("error_code").asInt())
        .isEqualTo(40403);
    assertThat(send(422, "POST", "/subjects/s/versions", body("{}")).get("error_code").asInt())
        .isEqualTo(42201);
    assertThat(
            send(
                    422,
                    "POST",
                    "/subjects/s/versions",
                    "{\"schema\":\"\\\"int\\\"\",\"references\":[{\"name\":\"x\"}]}")
                .get("message")
                .asText())
        .contains("references");
    assertThat(send(400, "POST", "/subjects/s/versions", "no json").get("error_code").asInt())
        .isEqualTo(400);
    assertThat(get(404, "/nowhere").get("error_code").asInt()).isEqualTo(404);
  }

  @Test
  void ids_survive_a_restart_with_a_truncated_journal() throws Exception {
    int first = register("s", ONE_FIELD).get("id").asInt();
    int second = register("a/b s", WITH_OPTIONAL).get("id").asInt();
    registry.close();
    Files.writeString(
        directory.resolve("schemas.journal"),
        "{\"subject\":\"s\",\"version\":2,\"id\":3,\"sch",
        StandardOpenOption.APPEND);

    start();

    assertThat(register("s", ONE_FIELD).get("id").asInt()).isEqualTo(first);
    assertThat(register("a/b s", WITH_OPTIONAL).get("id").asInt()).isEqualTo(second);
    assertThat(register("s", WITH_OPTIONAL).get("id").asInt()).isEqualTo(second);
    start();
    assertThat(get(200, "/subjects/s/versions").toString()).isEqualTo("[1,2]");
  }

  @Test
  void a_corrupt_journal_is_refused() throws Exception {
    register("s", ONE_FIELD);
    registry.close();
    Path journal = directory.resolve("schemas.journal");
    String kept = Files.readString(journal);
    Files.writeString(journal, "{\"torn\n" + kept);

    assertThatThrownBy(() -> EmbeddedRegistry.start(directory))
        .hasMessageContaining(directory.toString());
    assertThat(Files.readString(journal)).endsWith(kept);
  }

  private JsonNode register(String subject, String schema) throws Exception {
    String path = "/subjects/" + subject.replace("/", "%2F").replace(" ", "%20") + "/versions";
    return send(200, "POST", path, body(schema));
  }

  private JsonNode get(int status, String path) throws Exception {
    return send(status, "GET", path, "");
  }

  private JsonNode send(int status, String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(registry.url() + path))
            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type"))
        .contains("application/vnd.schemaregistry.v1+json");
    return JSON.readTree(response.body());
  }

  private static String body(String schema) {
    return JSON.createObjectNode().put("schema", schema).toString();
  }

  private static String record(String fields) {
    return "{\"type\":\"record\",\"name\":\"R\",\"fields\":[" + fields + "]}";
  }
}
