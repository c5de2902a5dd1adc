package io.postflight.operations.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postflight.operations.OperationException;
import io.postflight.schema.http.BoundedHttp;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A client of a deployment's HTTP API. Thread-safe. */
public final class DeploymentClient {
  private static final String API_KEY = "api-key";

  /** Every tenant has an address for webhooks of each provider. */
  private static final String ANY_PROVIDER = "whatsapp";

  private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(60);

  private final String base;
  private final String hint;
  private final JsonMapper mapper = JsonMapper.builder().build();

  /**
   * A client of the deployment at an address.
   *
   * @param base such as {@code http://127.0.0.1:8080}
   */
  public DeploymentClient(String base) {
    this(base, "is a deployment running there?");
  }

  /**
   * A client of the deployment at an address.
   *
   * @param hint what to do if it is unreachable
   */
  public DeploymentClient(String base, String hint) {
    this.hint = hint;
    this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
  }

  /** A response: its status, and its body as JSON (a missing node if it has none). */
  public record ApiResponse(int status, JsonNode body) {
    /** The problem that the deployment reports, in one line. */
    public String problem() {
      String detail = body.path("detail").asText(body.path("title").asText(""));
      return detail.isEmpty() ? "HTTP " + status + " without a reason" : detail;
    }

    /**
     * The body of a successful response.
     *
     * @param missing the message if the resource does not exist
     * @throws OperationException for any other response
     */
    public JsonNode require(String missing) {
      return switch (status) {
        case 200 -> body;
        case 404 -> throw OperationException.negative(missing);
        case 400 -> throw OperationException.usage(problem());
        case 401 ->
            throw OperationException.parameter(
                API_KEY, "is not a key of that tenant: " + problem());
        case 403 -> throw OperationException.parameter(API_KEY, "is refused: " + problem());
        case 503 -> throw OperationException.unreachable(problem());
        default -> throw OperationException.negative(problem());
      };
    }
  }

  /** Address of a tenant's webhooks of a provider. */
  public String webhookUrl(String provider, String tenant) {
    return base + "/webhooks/" + encoded(provider) + '/' + encoded(tenant);
  }

  /**
   * Requires that the deployment has the tenant. Nothing is sent that it would store.
   *
   * @throws OperationException if it has not, or cannot be reached
   */
  public void requireTenant(String tenant) {
    String path = webhookUrl(ANY_PROVIDER, tenant).substring(base.length());
    if (get(path, "none").status() == 404) {
      throw unknownTenant(tenant);
    }
  }

  /** The failure if the deployment has no address for a tenant's webhooks. */
  public OperationException unknownTenant(String tenant) {
    return OperationException.parameter(
        "tenant",
        "%s is not a tenant of %s ('postflight tenants list' lists the tenants)"
            .formatted(tenant, base));
  }

  /** Sends a webhook; completes with the response. */
  public CompletableFuture<ApiResponse> sendWebhook(
      String url, String contentType, Map<String, String> headers, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(RESPONSE_TIMEOUT)
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach((name, value) -> set(request, name, value));
    return BoundedHttp.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray())
        .thenApply(this::response);
  }

  private static void set(HttpRequest.Builder request, String name, String value) {
    try {
      request.header(name, value);
    } catch (IllegalArgumentException invalid) {
      // Its message has the value, which may be a secret.
      throw OperationException.usage(
          "header " + name + " has characters that no header may have: is the secret right?");
    }
  }

  /**
   * Reads.
   *
   * @param path with its query string, percent-encoded
   * @throws OperationException if the deployment cannot be reached
   */
  public ApiResponse get(String path, String apiKey) {
    return send("GET", path, apiKey, HttpRequest.BodyPublishers.noBody());
  }

  /**
   * Deletes.
   *
   * @param path percent-encoded
   * @throws OperationException if the deployment cannot be reached
   */
  public ApiResponse delete(String path, String apiKey) {
    return send("DELETE", path, apiKey, HttpRequest.BodyPublishers.noBody());
  }

  /**
   * Changes.
   *
   * @param path percent-encoded
   * @throws OperationException if the deployment cannot be reached
   */
  public ApiResponse patch(String path, String apiKey, JsonNode body) {
    return send("PATCH", path, apiKey, HttpRequest.BodyPublishers.ofString(body.toString()));
  }

  private ApiResponse send(
      String method, String path, String apiKey, HttpRequest.BodyPublisher body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(RESPONSE_TIMEOUT)
            .header("Authorization", "Bearer " + apiKey)
            .method(method, body)
            .build();
    try {
      return response(BoundedHttp.send(request, HttpResponse.BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      throw OperationException.interrupted();
    }
  }

  /** The failure if the deployment does not respond. */
  public OperationException unreachable(Throwable cause) {
    return OperationException.unreachable(base + " is unreachable: " + hint, cause);
  }

  /**
   * A value as a part of a path or query.
   *
   * @throws OperationException if it has a control character, as no id has
   */
  public static String encoded(String value) {
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw OperationException.negative(
          "there is no '" + value + "': an id has no control characters");
    }
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private ApiResponse response(HttpResponse<byte[]> response) {
    byte[] body = response.body();
    try {
      return new ApiResponse(
          response.statusCode(), body.length == 0 ? mapper.missingNode() : mapper.readTree(body));
    } catch (IOException noJson) {
      return new ApiResponse(response.statusCode(), mapper.missingNode());
    }
  }

  /**
   * The scopes of an API key; empty if it is not one of the tenant.
   *
   * @throws OperationException if the deployment cannot be reached, or does not identify the key
   */
  public List<String> scopes(String tenant, String apiKey) {
    ApiResponse answer = get("/v1/tenant", apiKey);
    if (answer.status() == 401) {
      return List.of();
    }
    List<String> scopes = new ArrayList<>();
    if (owner(answer).equals(tenant)) {
      answer.body().path("scopes").forEach(scope -> scopes.add(scope.asText()));
    }
    return scopes;
  }

  /**
   * Checks that an API key belongs to a tenant.
   *
   * @throws OperationException if it is not, or the deployment does not identify it
   */
  public void requireKeyOf(String tenant, String apiKey) {
    ApiResponse answer = get("/v1/tenant", apiKey);
    if (answer.status() == 401) {
      throw OperationException.parameter(
          "tenant", tenant + ": the API key is not valid at " + base);
    }
    String owner = owner(answer);
    if (!owner.equals(tenant)) {
      throw OperationException.parameter(
          "tenant",
          tenant
              + ": the API key belongs to tenant '"
              + owner
              + "', nothing was done; pass a key of '"
              + tenant
              + "'");
    }
  }

  private String owner(ApiResponse answer) {
    return switch (answer.status()) {
      case 200 -> answer.body().path("tenant").asText();
      case 503 -> throw OperationException.unreachable(base + ": " + answer.problem());
      default ->
          throw OperationException.usage(
              base
                  + " does not identify the tenant of this API key ("
                  + answer.problem()
                  + "), nothing was done: the URL is not a Postflight deployment, or an older"
                  + " version");
    };
  }
}
