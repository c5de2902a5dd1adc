package io.postflight.operations.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postflight.operations.OperationException;
import io.postflight.operations.RegistrySettings;
import io.postflight.schema.http.BoundedHttp;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.Schema;

/** Requests of the schema registry that serdes do not send: levels and compatibility. */
public final class RegistryClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int NOT_FOUND = 404;

  private final RegistrySettings settings;

  /** For the registry of a deployment. */
  public RegistryClient(RegistrySettings settings) {
    this.settings = settings;
  }

  /**
   * Checks that it responds.
   *
   * @throws OperationException if it does not
   */
  public void requireReachable() {
    subjects();
  }

  /** Names of all subjects. */
  public Set<String> subjects() {
    Set<String> subjects = new TreeSet<>();
    require(get("/subjects")).json().forEach(name -> subjects.add(name.asText()));
    return subjects;
  }

  /** The effective compatibility level of a subject, such as BACKWARD. */
  public String level(String subject) {
    RegistryResponse own = get("/config/" + encoded(subject) + "?defaultToGlobal=true");
    RegistryResponse answer = own.status() == NOT_FOUND ? require(get("/config")) : require(own);
    return answer.json().path("compatibilityLevel").asText("NONE");
  }

  /** The newest schema of a subject; empty if there is no such subject. */
  public Optional<String> latest(String subject) {
    RegistryResponse answer = get("/subjects/" + encoded(subject) + "/versions/latest");
    return answer.status() == NOT_FOUND
        ? Optional.empty()
        : Optional.of(require(answer).json().path("schema").asText());
  }

  /**
   * Why the registry would reject a schema as the next one of a subject; empty: it would accept it.
   */
  public List<String> objections(String subject, Schema schema) {
    String body = JSON.createObjectNode().put("schema", schema.toString()).toString();
    RegistryResponse answer =
        require(
            send(
                request(
                        "/compatibility/subjects/"
                            + encoded(subject)
                            + "/versions/latest?verbose=true")
                    .header("Content-Type", MEDIA_TYPE)
                    .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                    .build()));
    List<String> objections = new ArrayList<>();
    if (!answer.json().path("is_compatible").asBoolean(false)) {
      answer.json().path("messages").forEach(message -> objections.add(message.asText()));
      if (objections.isEmpty()) {
        objections.add("the registry reports it as incompatible");
      }
    }
    return objections;
  }

  private record RegistryResponse(int status, JsonNode json) {}

  private RegistryResponse get(String path) {
    return send(request(path).GET().build());
  }

  private HttpRequest.Builder request(String path) {
    String base = settings.url().toString().replaceFirst("/$", "");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(TIMEOUT)
            .header("Accept", MEDIA_TYPE + ", application/json");
    settings
        .credentials()
        .ifPresent(
            user ->
                request.header(
                    "Authorization",
                    "Basic "
                        + Base64.getEncoder()
                            .encodeToString(user.getBytes(StandardCharsets.UTF_8))));
    return request;
  }

  private RegistryResponse send(HttpRequest request) {
    try {
      HttpResponse<String> response =
          BoundedHttp.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      return new RegistryResponse(response.statusCode(), JSON.readTree(response.body()));
    } catch (IOException unreachable) {
      throw OperationException.unreachable(
          "schema registry "
              + settings.url()
              + " cannot be reached: "
              + ServerFaults.deepest(unreachable),
          unreachable);
    } catch (InterruptedException interrupted) {
      throw OperationException.interrupted();
    }
  }

  private RegistryResponse require(RegistryResponse answer) {
    if (answer.status() / 100 == 2) {
      return answer;
    }
    String message =
        "schema registry %s responded %d: %s"
            .formatted(
                settings.url(), answer.status(), answer.json().path("message").asText("no reason"));
    boolean refused = answer.status() == 401 || answer.status() == 403;
    throw refused
        ? OperationException.usage(message + "; see registry.credentials")
        : OperationException.unreachable(message);
  }

  private static String encoded(String subject) {
    return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
