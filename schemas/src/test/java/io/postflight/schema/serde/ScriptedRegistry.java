package io.postflight.schema.serde;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** An in-memory registry over HTTP with scripted failures. */
final class ScriptedRegistry implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  final InMemorySchemaRegistry schemas = new InMemorySchemaRegistry();

  /** Status codes to answer with first, one per request. */
  final Queue<Integer> faults = new ConcurrentLinkedQueue<>();

  /** Whether bodies of responses are never sent, only their headers. */
  volatile boolean stalls;

  final List<String> requests = new CopyOnWriteArrayList<>();
  final List<String> authorizations = new CopyOnWriteArrayList<>();

  private final HttpServer server;

  ScriptedRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  String url(String userInfo) {
    return "http://" + userInfo + "@127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    requests.add(exchange.getRequestMethod() + " " + path);
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    authorizations.add(authorization == null ? "" : authorization);
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (stalls) {
      exchange.sendResponseHeaders(200, 2);
      exchange.getResponseBody().flush();
      return;
    }
    Integer fault = faults.poll();
    if (fault != null) {
      answer(exchange, fault, JSON.createObjectNode().put("message", "scripted"));
      return;
    }
    try {
      ObjectNode found = serve(path.split("/"), body.length == 0 ? null : JSON.readTree(body));
      answer(
          exchange,
          found == null ? 404 : 200,
          found == null
              ? JSON.createObjectNode().put("error_code", 40403).put("message", "not found")
              : found);
    } catch (SchemaRefusedException refused) {
      answer(exchange, 409, JSON.createObjectNode().put("error_code", 409));
    }
  }

  private @Nullable ObjectNode serve(String[] path, @Nullable JsonNode body) {
    if (path[1].equals("schemas")) {
      return schemas
          .byId(Integer.parseInt(path[3]))
          .map(schema -> JSON.createObjectNode().put("schema", schema.toString()))
          .orElse(null);
    }
    if (body == null) {
      return schemas
          .latest(path[2])
          .map(
              latest ->
                  JSON.createObjectNode()
                      .put("id", latest.id())
                      .put("schema", latest.schema().toString()))
          .orElse(null);
    }
    var schema = WireSchema.parse(body.get("schema").textValue());
    var id =
        path.length == 4
            ? java.util.OptionalInt.of(schemas.register(path[2], schema))
            : schemas.idOf(path[2], schema);
    return id.isPresent() ? JSON.createObjectNode().put("id", id.getAsInt()) : null;
  }

  private static void answer(HttpExchange exchange, int status, JsonNode json) throws IOException {
    byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
