package io.postflight.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.schema.signature.SignatureCheck;
import io.postflight.schema.signature.SignatureChecks;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The OpenAPI document has every route, parameter and scope of the server, and no other. Responses
 * of all tests of the API are compared with it as well ({@link TestApi}).
 */
class OpenApiTest {
  private static final TestApi API = TestApi.reading(new TwoTiers());
  private static final ApiContract DOCUMENT = ApiContract.DOCUMENT;

  /** A request with one bad parameter. */
  private record BadRequest(ApiContract.Operation operation, String parameter, String value) {
    @Override
    public String toString() {
      return operation.request() + " with " + parameter + '=' + value;
    }
  }

  @AfterAll
  static void close() {
    API.close();
  }

  @Test
  void it_has_the_routes_of_the_server() {
    assertThat(DOCUMENT.operations())
        .extracting(ApiContract.Operation::request)
        .containsExactlyInAnyOrderElementsOf(API.server.routes());
  }

  @Test
  void it_is_served_as_json_and_as_a_page_with_every_operation_and_shape() {
    HttpResponse<String> document = API.get("/openapi.json");
    HttpResponse<String> page = API.get("/docs");

    assertThat(TestApi.json(document)).isEqualTo(DOCUMENT.root());
    assertThat(page.body())
        .contains(
            DOCUMENT.operations().stream()
                .map(each -> "<code>" + each.request() + "</code>")
                .toList());
    DOCUMENT
        .root()
        .at("/components/schemas")
        .fieldNames()
        .forEachRemaining(shape -> assertThat(page.body()).contains("id=\"shape-" + shape + '"'));
  }

  @Test
  void its_providers_are_those_of_the_gateway() {
    assertThat(texts(DOCUMENT.root().at("/components/parameters/provider/schema/enum")))
        .containsExactlyInAnyOrderElementsOf(SignatureChecks.providers());
    assertThat(SignatureChecks.providers(SignatureCheck::acceptsGet)).isNotEmpty();
  }

  @Test
  void its_examples_have_its_shapes() {
    List<String> wrong = new ArrayList<>();
    for (ApiContract.Operation operation : DOCUMENT.operations()) {
      List<JsonNode> contents = new ArrayList<>();
      operation.json().at("/requestBody/content").forEach(contents::add);
      for (JsonNode response : operation.json().path("responses")) {
        DOCUMENT.resolved(response).path("content").forEach(contents::add);
      }
      for (JsonNode content : contents) {
        if (content.has("example")) {
          DOCUMENT
              .violation(content.path("schema"), content.path("example").toString())
              .ifPresent(violation -> wrong.add(operation.request() + ": " + violation));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  static Stream<ApiContract.Operation> withKeys() {
    return DOCUMENT.operations().stream().filter(each -> each.path().startsWith("/v1/"));
  }

  @ParameterizedTest
  @MethodSource("withKeys")
  void an_unknown_parameter_is_answered_with_those_of_the_document(
      ApiContract.Operation operation) {
    if (operation.id().equals("sendEvents")) {
      return;
    }
    HttpResponse<String> answer = call(operation, "unknown=1", key(operation.scope()));
    Set<String> documented = new TreeSet<>();
    for (JsonNode parameter : DOCUMENT.parameters(operation)) {
      if (parameter.path("in").asText().equals("query")) {
        documented.add(parameter.path("name").asText());
      }
    }
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    String allowed = TestApi.json(answer).path("detail").asText().replaceAll(".*allowed: ", "");
    assertThat(allowed.equals("none") ? Set.of() : Set.of(allowed.split(", ")))
        .isEqualTo(documented);
  }

  @ParameterizedTest
  @MethodSource("withKeys")
  void a_key_needs_the_scope_of_the_document(ApiContract.Operation operation) {
    assertThat(call(operation, "", null).statusCode()).isEqualTo(401);
    assertThat(operation.json().path("responses").has("401")).isTrue();
    String scope = operation.scope();
    if (scope != null) {
      HttpResponse<String> answer =
          call(
              operation,
              "",
              scope.equals("erase") ? TestApi.ACME_READ_KEY : TestApi.ACME_ERASE_KEY);
      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.body()).contains("'" + scope + "'");
    }
  }

  static Stream<BadRequest> bad() {
    return withKeys()
        .flatMap(
            operation ->
                DOCUMENT.parameters(operation).stream()
                    .filter(each -> each.path("in").asText().equals("query"))
                    .flatMap(
                        each ->
                            outside(each).stream()
                                .map(
                                    value ->
                                        new BadRequest(
                                            operation, each.path("name").asText(), value))));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void a_value_outside_the_document_is_refused_by_name(BadRequest request) {
    HttpResponse<String> answer =
        call(
            request.operation(),
            request.parameter() + '=' + request.value(),
            key(request.operation().scope()));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(TestApi.json(answer).path("detail").asText()).contains(request.parameter());
  }

  /** Values that the schema of a parameter excludes. */
  private static List<String> outside(JsonNode parameter) {
    JsonNode schema = parameter.path("schema");
    List<String> values = new ArrayList<>();
    if (schema.has("minimum")) {
      values.add(Long.toString(schema.path("minimum").asLong() - 1));
      values.add(Long.toString(schema.path("maximum").asLong() + 1));
      values.add("x");
      values.add("1.5");
    }
    if (schema.has("enum")) {
      values.add("OTHER-THAN-THESE");
      values.add("");
    }
    if (schema.has("maxLength")) {
      values.add("9".repeat(schema.path("maxLength").asInt() + 1));
    }
    if (schema.path("minLength").asInt() > 0) {
      values.add("");
    }
    if (schema.has("pattern")) {
      values.add("soon");
      values.add("-5s");
    }
    if (parameter.path("name").asText().equals("cursor")) {
      values.add("forged");
    }
    return values;
  }

  private static HttpResponse<String> call(
      ApiContract.Operation operation, String query, @Nullable String key) {
    List<String> parameters = new ArrayList<>();
    for (JsonNode each : DOCUMENT.parameters(operation)) {
      String name = each.path("name").asText();
      if (each.path("in").asText().equals("query")
          && each.path("required").asBoolean()
          && !query.startsWith(name + '=')) {
        parameters.add(name + "=m-1");
      }
    }
    if (!query.isEmpty()) {
      parameters.add(query);
    }
    String path = operation.path().replaceAll("\\{[a-z]+}", "m-1");
    HttpRequest.Builder request =
        API.request(parameters.isEmpty() ? path : path + '?' + String.join("&", parameters));
    JsonNode example = operation.json().at("/requestBody/content/application~1json/example");
    request.method(
        operation.method(),
        example.isMissingNode()
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(example.toString()));
    return API.send(key == null ? request : request.header("Authorization", "Bearer " + key));
  }

  private static String key(@Nullable String scope) {
    return "erase".equals(scope) ? TestApi.ACME_ERASE_KEY : TestApi.ACME_KEY;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.asText()));
    return texts;
  }
}
