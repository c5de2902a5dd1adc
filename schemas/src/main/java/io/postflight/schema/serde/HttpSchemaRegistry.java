package io.postflight.schema.serde;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.postflight.schema.http.BoundedHttp;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Client of Confluent's REST API. A call tries the URLs one after the other, starting with the one
 * that succeeded last, without waiting, and fails if all of them fail.
 */
final class HttpSchemaRegistry implements SchemaRegistry {
  private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<URI> urls;
  private final Credentials credentials;
  private final Duration timeout;
  private volatile int preferred;

  HttpSchemaRegistry(List<URI> urls, Credentials credentials, Duration timeout) {
    this.urls = urls;
    this.credentials = credentials;
    this.timeout = timeout;
  }

  @Override
  public int register(String subject, Schema schema) {
    SchemaResponse answer = call("/subjects/" + encoded(subject) + "/versions", body(schema));
    if (!answer.ok()) {
      throw new SchemaRefusedException(
          "the registry rejects %s under subject '%s': %s"
              .formatted(schema.getFullName(), subject, answer));
    }
    return id(answer);
  }

  @Override
  public OptionalInt idOf(String subject, Schema schema) {
    SchemaResponse answer = call("/subjects/" + encoded(subject), body(schema));
    return answer.found() ? OptionalInt.of(id(answer)) : OptionalInt.empty();
  }

  @Override
  public Optional<Registered> latest(String subject) {
    SchemaResponse answer = call("/subjects/" + encoded(subject) + "/versions/latest", null);
    return answer.found()
        ? Optional.of(new Registered(id(answer), schema(answer)))
        : Optional.empty();
  }

  @Override
  public Optional<Schema> byId(int id) {
    SchemaResponse answer = call("/schemas/ids/" + id, null);
    return answer.found() ? Optional.of(schema(answer)) : Optional.empty();
  }

  private SchemaResponse call(String path, @Nullable String body) {
    int first = preferred;
    RegistryUnavailableException failure = null;
    for (int i = 0; i < urls.size(); i++) {
      int choice = (first + i) % urls.size();
      try {
        SchemaResponse answer = ask(urls.get(choice), path, body);
        preferred = choice;
        return answer;
      } catch (RegistryUnavailableException unavailable) {
        if (failure != null) {
          unavailable.addSuppressed(failure);
        }
        failure = unavailable;
      }
    }
    throw failure == null ? new RegistryUnavailableException("no registry URL") : failure;
  }

  private SchemaResponse ask(URI base, String path, @Nullable String body) {
    String place = base.getScheme() + "://" + base.getHost() + ":" + base.getPort();
    try {
      HttpResponse<String> response =
          BoundedHttp.send(
              request(base, path, body),
              HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      int status = response.statusCode();
      if (status >= 500 || status == 401 || status == 403 || status == 408 || status == 429) {
        throw new RegistryUnavailableException(
            "schema registry %s returned %d for %s%s".formatted(place, status, path, hint(status)));
      }
      return new SchemaResponse(status, JSON.readTree(response.body()), path);
    } catch (JsonProcessingException notARegistry) {
      throw new RegistryUnavailableException(
          "%s did not return a valid response of a schema registry for %s".formatted(place, path),
          notARegistry);
    } catch (IOException unavailable) {
      throw new RegistryUnavailableException(
          "schema registry %s cannot be reached: %s".formatted(place, unavailable), unavailable);
    } catch (InterruptedException interrupted) {
      throw new InterruptException(interrupted);
    }
  }

  private HttpRequest request(URI base, String path, @Nullable String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(withoutUserInfo(base) + path))
            .timeout(timeout)
            .header("Accept", MEDIA_TYPE + ", application/json");
    String authorization = credentials.authorization(base);
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return body == null
        ? request.GET().build()
        : request
            .header("Content-Type", MEDIA_TYPE)
            .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8))
            .build();
  }

  private static String withoutUserInfo(URI base) {
    String authority = base.getRawAuthority();
    String path = base.getRawPath() == null ? "" : base.getRawPath();
    return base.getScheme()
        + "://"
        + authority.substring(authority.lastIndexOf('@') + 1)
        + (path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
  }

  private static String hint(int status) {
    return status == 401 || status == 403
        ? " (see basic.auth.credentials.source and basic.auth.user.info)"
        : "";
  }

  private static String body(Schema schema) {
    return JSON.createObjectNode().put("schema", schema.toString()).toString();
  }

  private static String encoded(String subject) {
    return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static int id(SchemaResponse answer) {
    JsonNode id = answer.json().path("id");
    if (!id.isInt()) {
      throw new RegistryUnavailableException("the response of the registry has no id: " + answer);
    }
    return id.intValue();
  }

  private static Schema schema(SchemaResponse answer) {
    String type = answer.json().path("schemaType").asText("AVRO");
    if (!type.equals("AVRO")) {
      throw new PoisonRecordException(
          "schema of %s has type %s; only AVRO is supported".formatted(answer.path(), type));
    }
    if (!answer.json().path("references").isEmpty()) {
      throw new PoisonRecordException(
          "schema of %s has references to other schemas, which are not supported"
              .formatted(answer.path()));
    }
    try {
      return WireSchema.parse(answer.json().path("schema").asText());
    } catch (SchemaParseException notAvro) {
      throw new PoisonRecordException(
          "schema of %s is not a valid Avro schema: %s"
              .formatted(answer.path(), notAvro.getMessage()),
          notAvro);
    }
  }

  /** A response of the registry to a request of {@code path}. */
  private record SchemaResponse(int status, JsonNode json, String path) {
    boolean ok() {
      return status >= 200 && status < 300;
    }

    /** Whether the resource exists: false only if the registry itself reports that it does not. */
    boolean found() {
      if (ok()) {
        return true;
      }
      if (status == 404 && json.path("error_code").intValue() >= 40400) {
        return false;
      }
      if (status == 409 || status == 422) {
        throw new SchemaRefusedException("the registry rejects the request: " + this);
      }
      throw new RegistryUnavailableException(
          "no schema registry serves requests at this URL: " + this);
    }

    @Override
    public String toString() {
      return "%d %s (%s)"
          .formatted(
              status,
              json.path("message").asText(json.toString()),
              json.path("error_code").asText());
    }
  }
}
