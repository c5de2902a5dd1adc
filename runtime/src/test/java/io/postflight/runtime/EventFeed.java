package io.postflight.runtime;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.postflight.operations.client.DeploymentClient;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Sends complete lifecycles of messages as webhooks of provider {@code events}, three for each
 * message.
 *
 * @param client of a gateway
 * @param tenant whose messages they are
 * @param apiKey of the tenant
 */
public record EventFeed(DeploymentClient client, String tenant, String apiKey) {
  /** Statuses of a lifecycle, in order. */
  public static final List<String> STATUSES = List.of("SENT", "DELIVERED", "READ");

  private static final int OK = 200;
  private static final int USERS = 7;

  /** Sends one status of messages {@code m-<from>} to {@code m-<to - 1>}; it must be accepted. */
  public void send(int from, int to, String status) {
    ArrayNode events = JsonNodeFactory.instance.arrayNode();
    Instant base = Instant.now().minusSeconds(60);
    for (int i = from; i < to; i++) {
      events
          .addObject()
          .put("messageId", "m-" + i)
          .put("userId", "u-" + i % USERS)
          .put("channel", "SMS")
          .put("status", status)
          .put("eventTime", base.plusSeconds(STATUSES.indexOf(status)).toString());
    }
    int answer =
        client
            .sendWebhook(
                client.webhookUrl("events", tenant),
                "application/json",
                Map.of("Authorization", "Bearer " + apiKey),
                events.toString().getBytes(StandardCharsets.UTF_8))
            .join()
            .status();
    if (answer != OK) {
      throw new AssertionError("a webhook was answered " + answer);
    }
  }
}
