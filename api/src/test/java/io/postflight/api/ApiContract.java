package io.postflight.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The OpenAPI document as what responses must satisfy: their status, their type, and their shape,
 * of which a field that is not in the document is no part.
 */
final class ApiContract {
  static final ApiContract DOCUMENT = new ApiContract();
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

  /** Of requests that are refused before they reach an operation. */
  private static final Set<Integer> REFUSED = Set.of(405, 408, 414, 415, 417, 421, 431, 500);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode root;
  private final JsonSchemaFactory schemas =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
  private final Map<JsonNode, JsonSchema> compiled = new ConcurrentHashMap<>();

  /** An operation of the document. */
  record Operation(String method, String path, JsonNode item, JsonNode json) {
    String id() {
      return json.path("operationId").asText();
    }

    String request() {
      return method + ' ' + path;
    }

    /** The scope that a key needs; null: none, or no key. */
    @Nullable String scope() {
      String scope = json.at("/security/0/apiKey/0").asText();
      return scope.isEmpty() ? null : scope;
    }

    boolean matches(String pathOfRequest) {
      return pathOfRequest.matches(path.replaceAll("\\{[a-z]+}", "[^/]+").replace(".", "\\."));
    }
  }

  private ApiContract() {
    try (InputStream in = ApiServer.class.getResourceAsStream("docs/openapi.json")) {
      root = new ObjectMapper().readTree(in);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  JsonNode root() {
    return root;
  }

  List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    root.path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue().properties().stream()
                    .filter(each -> METHODS.contains(each.getKey()))
                    .forEach(
                        each ->
                            operations.add(
                                new Operation(
                                    each.getKey().toUpperCase(java.util.Locale.ROOT),
                                    path.getKey(),
                                    path.getValue(),
                                    each.getValue()))));
    return operations;
  }

  /** The parameters of an operation, those of its path first. */
  List<JsonNode> parameters(Operation operation) {
    List<JsonNode> parameters = new ArrayList<>();
    operation.item().path("parameters").forEach(each -> parameters.add(resolved(each)));
    operation.json().path("parameters").forEach(each -> parameters.add(resolved(each)));
    return parameters;
  }

  JsonNode resolved(JsonNode node) {
    String ref = node.path("$ref").asText();
    return ref.isEmpty() ? node : root.at(ref.substring(1));
  }

  /** What of a response the document does not have; empty: nothing. */
  Optional<String> violation(HttpResponse<String> response) {
    String method = response.request().method();
    String path = response.uri().getRawPath();
    if (method.equals("HEAD")) {
      return Optional.empty();
    }
    Optional<Operation> operation =
        operations().stream()
            .filter(each -> each.method().equals(method) && each.matches(path))
            .findFirst();
    if (operation.isEmpty()) {
      // A path or method that there is none of.
      return isProblem(response, Set.of(400, 404, 405, 414, 431, 503))
          ? Optional.empty()
          : Optional.of(method + ' ' + path + " answers " + response.statusCode());
    }
    return violation(operation.get(), response);
  }

  private Optional<String> violation(Operation operation, HttpResponse<String> response) {
    JsonNode responses = operation.json().path("responses");
    JsonNode documented =
        resolved(
            responses.path(
                REFUSED.contains(response.statusCode())
                        && !responses.has("" + response.statusCode())
                    ? "default"
                    : "" + response.statusCode()));
    String what = operation.request() + " with " + response.statusCode();
    if (documented.isMissingNode()) {
      return Optional.of(what + ", which is not documented: " + response.body());
    }
    JsonNode content = documented.path("content");
    String type =
        response.headers().firstValue("content-type").orElse("").replaceAll(";.*", "").strip();
    if (response.body().isEmpty()) {
      return Optional.empty();
    }
    if (!content.has(type)) {
      return Optional.of(what + " has the type '" + type + "': " + response.body());
    }
    if (!type.endsWith("json")) {
      return Optional.empty();
    }
    return violation(content.path(type).path("schema"), response.body())
        .map(messages -> what + ": " + messages + " in " + response.body());
  }

  private boolean isProblem(HttpResponse<String> response, Set<Integer> statuses) {
    return statuses.contains(response.statusCode())
        && violation(root.at("/components/schemas/Problem"), response.body()).isEmpty();
  }

  /** What of a value a schema of the document does not allow; empty: nothing. */
  Optional<String> violation(JsonNode schema, String json) {
    Set<ValidationMessage> messages;
    try {
      messages =
          compiled
              .computeIfAbsent(schema, this::compiled)
              .validate(
                  JSON.readTree(json),
                  context -> {
                    context.getExecutionConfig().setFormatAssertionsEnabled(true);
                  });
    } catch (IOException notJson) {
      return Optional.of("it is not JSON");
    }
    return messages.isEmpty()
        ? Optional.empty()
        : Optional.of(
            messages.stream().map(ValidationMessage::getMessage).collect(Collectors.joining("; ")));
  }

  private JsonSchema compiled(JsonNode schema) {
    ObjectNode whole = closed(schema.deepCopy());
    whole.set("components", closed(root.path("components").deepCopy()));
    return schemas.getSchema(whole);
  }

  /** Objects have no other fields than those of the document. */
  private static ObjectNode closed(JsonNode node) {
    if (node instanceof ObjectNode object
        && object.has("properties")
        && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
    node.forEach(ApiContract::closedChild);
    return (ObjectNode) node;
  }

  private static void closedChild(JsonNode node) {
    if (node instanceof ObjectNode) {
      closed(node);
    } else {
      node.forEach(ApiContract::closedChild);
    }
  }
}
