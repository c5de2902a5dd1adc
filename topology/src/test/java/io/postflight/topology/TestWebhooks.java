package io.postflight.topology;

import org.jspecify.annotations.Nullable;

/** Webhooks in Postflight's own format. */
final class TestWebhooks {
  private TestWebhooks() {}

  static String event(String messageId, @Nullable String user, String status, long time) {
    return "{\"messageId\":\"%s\",%s\"status\":\"%s\",\"eventTime\":%d}"
        .formatted(messageId, user == null ? "" : "\"userId\":\"" + user + "\",", status, time);
  }

  static String action(String user, long time) {
    return "{\"userId\":\"%s\",\"type\":\"product_viewed\",\"eventTime\":%d}".formatted(user, time);
  }
}
