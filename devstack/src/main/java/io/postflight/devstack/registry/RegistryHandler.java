package io.postflight.devstack.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.postflight.devstack.registry.RegisteredSubjects.Version;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The REST API: routing, bodies and errors as in Confluent's registry. */
final class RegistryHandler implements HttpHandler {
  private static final Logger log = LoggerFactory.getLogger(RegistryHandler.class);
  private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final String GET = "GET";
  private static final String POST = "POST";
  private static final String PUT = "PUT";
  private static final int LARGEST_REQUEST = 4 * 1024 * 1024;

  private final RegisteredSubjects subjects;
  private final JsonMapper json;

  RegistryHandler(RegisteredSubjects subjects, JsonMapper json) {
    this.subjects = subjects;
    this.json = json;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      int status = 200;
      JsonNode answer;
      try {
        answer = answer(exchange);
      } catch (RegistryException refused) {
        status = refused.status();
        answer = error(refused.code(), refused.getMessage());
      } catch (IOException | RuntimeException fault) {
        log.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), fault);
        status = 500;
        answer = error(50001, "Error in the backend data store");
      }
      byte[] body = json.writeValueAsBytes(answer);
      exchange.getResponseHeaders().set("Content-Type", CONTENT_TYPE);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private JsonNode answer(HttpExchange exchange) throws RegistryException, IOException {
    List<String> path = segments(exchange);
    String method = exchange.getRequestMethod();
    if (path.isEmpty()) {
      require(GET, method);
      return json.createObjectNode();
    }
    return switch (path.get(0)) {
      case "subjects" -> subjects(path, method, exchange);
      case "schemas" -> schemas(path, method);
      case "config" -> config(path, method, exchange);
      case "compatibility" -> compatibility(path, method, exchange);
      case "mode" -> mode(path, method);
      default -> throw RegistryException.notFound();
    };
  }

  private JsonNode subjects(List<String> path, String method, HttpExchange exchange)
      throws RegistryException, IOException {
    if (path.size() == 1) {
      require(GET, method);
      return json.valueToTree(subjects.names());
    }
    String subject = path.get(1);
    if (path.size() == 2) {
      require(POST, method);
      return described(subjects.lookUp(subject, schemaText(exchange)));
    }
    if (!"versions".equals(path.get(2))) {
      throw RegistryException.notFound();
    }
    if (path.size() == 3 && POST.equals(method)) {
      return json.createObjectNode()
          .put("id", subjects.register(subject, schemaText(exchange)).id());
    }
    require(GET, method);
    if (path.size() == 3) {
      return json.valueToTree(subjects.versionsOf(subject).stream().map(Version::version).toList());
    }
    Version version = subjects.version(subject, path.get(3));
    if (path.size() == 4) {
      return described(version);
    }
    if (path.size() == 5 && "schema".equals(path.get(4))) {
      return json.readTree(version.text());
    }
    throw RegistryException.notFound();
  }

  private JsonNode schemas(List<String> path, String method) throws RegistryException {
    require(GET, method);
    if (path.size() == 2 && "types".equals(path.get(1))) {
      return json.createArrayNode().add("AVRO");
    }
    if (path.size() < 3 || !"ids".equals(path.get(1))) {
      throw RegistryException.notFound();
    }
    int id = id(path.get(2));
    if (path.size() == 3) {
      return json.createObjectNode().put("schema", subjects.schemaText(id));
    }
    if (path.size() == 4 && "versions".equals(path.get(3))) {
      ArrayNode uses = json.createArrayNode();
      for (Version version : subjects.usesOf(id)) {
        uses.addObject().put("subject", version.subject()).put("version", version.version());
      }
      return uses;
    }
    throw RegistryException.notFound();
  }

  private JsonNode config(List<String> path, String method, HttpExchange exchange)
      throws RegistryException, IOException {
    if (path.size() > 2) {
      throw RegistryException.notFound();
    }
    String subject = path.size() == 2 ? path.get(1) : null;
    if (PUT.equals(method)) {
      JsonNode level = body(exchange).get("compatibility");
      CompatibilityLevel parsed = CompatibilityLevel.parse(level == null ? "null" : level.asText());
      subjects.configure(subject, parsed);
      return json.createObjectNode().put("compatibility", parsed.name());
    }
    require(GET, method);
    return json.createObjectNode().put("compatibilityLevel", level(subject, exchange).name());
  }

  private CompatibilityLevel level(@Nullable String subject, HttpExchange exchange)
      throws RegistryException {
    CompatibilityLevel own = subject == null ? null : subjects.ownLevel(subject);
    if (own != null) {
      return own;
    }
    if (subject != null && !flag(exchange, "defaultToGlobal")) {
      throw RegistryException.noConfigOf(subject);
    }
    return subjects.defaultLevel();
  }

  private JsonNode compatibility(List<String> path, String method, HttpExchange exchange)
      throws RegistryException, IOException {
    boolean known =
        path.size() >= 4 && "subjects".equals(path.get(1)) && "versions".equals(path.get(3));
    if (!known || path.size() > 5) {
      throw RegistryException.notFound();
    }
    require(POST, method);
    String text = schemaText(exchange);
    List<String> objections =
        path.size() == 5
            ? subjects.objections(path.get(2), path.get(4), text)
            : subjects.objections(path.get(2), text);
    ObjectNode answer = json.createObjectNode().put("is_compatible", objections.isEmpty());
    if (flag(exchange, "verbose")) {
      objections.forEach(answer.putArray("messages")::add);
    }
    return answer;
  }

  private JsonNode mode(List<String> path, String method) throws RegistryException {
    require(GET, method);
    if (path.size() > 2) {
      throw RegistryException.notFound();
    }
    return json.createObjectNode().put("mode", "READWRITE");
  }

  private String schemaText(HttpExchange exchange) throws RegistryException, IOException {
    JsonNode body = body(exchange);
    JsonNode type = body.get("schemaType");
    if (type != null && !type.isNull() && !"AVRO".equals(type.asText())) {
      throw RegistryException.invalidSchema("type " + type.asText() + " is not supported");
    }
    JsonNode references = body.get("references");
    if (references != null && !references.isEmpty()) {
      throw RegistryException.invalidSchema("references are not supported by this registry");
    }
    JsonNode schema = body.get("schema");
    if (schema == null || !schema.isTextual()) {
      throw RegistryException.invalidSchema("the request has no schema");
    }
    return schema.asText();
  }

  private JsonNode body(HttpExchange exchange) throws RegistryException, IOException {
    byte[] bytes = exchange.getRequestBody().readNBytes(LARGEST_REQUEST + 1);
    if (bytes.length > LARGEST_REQUEST) {
      throw RegistryException.unreadable("the request is larger than " + LARGEST_REQUEST);
    }
    try {
      JsonNode body = json.readTree(bytes);
      if (body.isObject()) {
        return body;
      }
      throw RegistryException.unreadable("the request is not a JSON object");
    } catch (JsonProcessingException e) {
      throw RegistryException.unreadable("the request is not JSON: " + e.getOriginalMessage());
    }
  }

  private ObjectNode described(Version version) {
    return json.createObjectNode()
        .put("subject", version.subject())
        .put("version", version.version())
        .put("id", version.id())
        .put("schema", version.text());
  }

  private ObjectNode error(int code, @Nullable String message) {
    return json.createObjectNode().put("error_code", code).put("message", message);
  }

  private static int id(String text) throws RegistryException {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException notANumber) {
      throw RegistryException.notFound();
    }
  }

  private static void require(String expected, String method) throws RegistryException {
    if (!expected.equals(method)) {
      throw RegistryException.methodNotAllowed(method);
    }
  }

  private static boolean flag(HttpExchange exchange, String name) {
    String query = exchange.getRequestURI().getRawQuery();
    return query != null && List.of(query.split("&")).contains(name + "=true");
  }

  /** Split before decoding: a subject may contain an encoded slash. */
  private static List<String> segments(HttpExchange exchange) {
    List<String> segments = new ArrayList<>();
    for (String segment : exchange.getRequestURI().getRawPath().split("/")) {
      if (!segment.isEmpty()) {
        segments.add(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
      }
    }
    return segments;
  }
}
