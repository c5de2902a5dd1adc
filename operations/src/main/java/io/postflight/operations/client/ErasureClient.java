package io.postflight.operations.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postflight.operations.OperationException;
import io.postflight.operations.Progress;
import java.util.List;

/** Erases data of a tenant through the API, and awaits completion. */
public final class ErasureClient {
  private static final int ACCEPTED = 202;
  private static final int UNAVAILABLE = 503;
  private static final long POLL_MILLIS = 500;
  private static final String UNKNOWN = "the deployment does not support erasure commands";

  private final DeploymentClient client;
  private final String apiKey;

  /** With a key of the tenant. */
  public ErasureClient(DeploymentClient client, String apiKey) {
    this.client = client;
    this.apiKey = apiKey;
  }

  /** Erases all of a user up to now; returns the receipt. */
  public JsonNode eraseUser(String user) {
    return receipt(client.delete("/v1/user?id=" + DeploymentClient.encoded(user), apiKey));
  }

  /** Erases a message; returns the receipt. */
  public JsonNode eraseMessage(String message) {
    return receipt(client.delete(path(message), apiKey));
  }

  /**
   * Erases fields of a message; returns the receipt.
   *
   * @throws IllegalArgumentException if there are none
   */
  public JsonNode redactMessage(String message, List<String> fields) {
    if (fields.isEmpty()) {
      throw new IllegalArgumentException("fields: empty; at least one is needed");
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode redact = body.putArray("redact");
    fields.forEach(field -> redact.add(field.strip()));
    return receipt(client.patch(path(message), apiKey, body));
  }

  private static String path(String message) {
    return "/v1/message?id=" + DeploymentClient.encoded(message);
  }

  private static JsonNode receipt(DeploymentClient.ApiResponse answer) {
    return answer.status() == ACCEPTED ? answer.body() : answer.require(UNKNOWN);
  }

  /**
   * Waits until the erasure is done, or deferred by a tier's recovery, which may take days. The
   * command is durable: it continues if this call is interrupted.
   */
  public JsonNode await(JsonNode given, Progress progress) {
    JsonNode receipt = given;
    String id = receipt.path("id").asText();
    if (!isSettled(receipt)) {
      progress.step(
          "erasure %s awaits %s; it continues if this command is interrupted: GET /v1/erasures/%s returns its receipt"
              .formatted(id, awaited(receipt), id));
    }
    while (!isSettled(receipt)) {
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        throw OperationException.interrupted();
      }
      DeploymentClient.ApiResponse answer = client.get("/v1/erasures/" + id, apiKey);
      if (answer.status() == UNAVAILABLE) {
        progress.still("erasure " + id + ": " + answer.problem());
      } else {
        receipt = answer.require("erasure " + id + " is unknown");
        if (!isSettled(receipt)) {
          progress.still("awaiting " + awaited(receipt) + "; receipt: GET /v1/erasures/" + id);
        }
      }
    }
    progress.clear();
    return receipt;
  }

  private static String awaited(JsonNode receipt) {
    return receipt
        .path("awaitedTiers")
        .valueStream()
        .map(tier -> "tier " + tier.asText())
        .reduce((all, next) -> all + ", " + next)
        .orElse("its completion");
  }

  /** Whether an erasure waits for the end of a tier's recovery. */
  public static boolean isWaiting(JsonNode receipt) {
    return receipt.path("state").asText().equals("WAITING");
  }

  private static boolean isSettled(JsonNode receipt) {
    return receipt.path("state").asText().equals("DONE") || isWaiting(receipt);
  }
}
