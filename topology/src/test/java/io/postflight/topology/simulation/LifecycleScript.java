package io.postflight.topology.simulation;

import io.postflight.schema.event.MessageEvent;
import io.postflight.topology.normalize.Normalizer;
import io.postflight.topology.normalize.Outcome;
import io.postflight.topology.normalize.RawWebhook;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Webhooks of some messages, their edits and revocations in random order: every event once or
 * several times, alone or with others in one webhook, with or without a time, with or without a
 * user, received by a clock that is correct or slow.
 */
public final class LifecycleScript {
  /** Time of the first event, epoch milliseconds. */
  public static final long BEGINNING = 1_760_000_000_000L;

  /** After all completion timeouts, and before the end of the state retention. */
  public static final long END = BEGINNING + 8L * 24 * 3_600_000;

  /** The tenant of the messages. */
  public static final String TENANT = "acme";

  private static final int HOUR = 3_600_000;
  private static final int LATEST = 80 * HOUR;
  private static final List<String> STATUSES =
      List.of(
          "ACCEPTED",
          "QUEUED",
          "SENDING",
          "SENT",
          "DELIVERED",
          "READ",
          "PLAYED",
          "FAILED",
          "CANCELED",
          "EXPIRED",
          "RECEIVED");

  /**
   * One webhook.
   *
   * @param receivedAt when it arrives, epoch milliseconds
   * @param body its JSON
   * @param events in the body
   */
  public record Webhook(long receivedAt, String body, List<MessageEvent> events) {}

  private final SplittableRandom random;
  private final List<Webhook> webhooks = new ArrayList<>();

  private LifecycleScript(SplittableRandom random) {
    this.random = random;
  }

  /** The script of a seed. */
  public static LifecycleScript of(long seed, int messages) {
    LifecycleScript script = new LifecycleScript(new SplittableRandom(seed));
    script.write(messages, Normalizer.ofAllProviders());
    return script;
  }

  /** In the order in which they are processed. */
  public List<Webhook> webhooks() {
    return webhooks;
  }

  private void write(int messages, Normalizer normalizer) {
    List<String> events = new ArrayList<>();
    for (int i = 0; i < messages; i++) {
      addMessage(i, events);
    }
    shuffle(events);
    int at = 0;
    while (at < events.size()) {
      int count = Math.min(1 + random.nextInt(3), events.size() - at);
      add(events.subList(at, at + count), normalizer);
      at += count;
    }
  }

  private void addMessage(int number, List<String> events) {
    @Nullable String user = random.nextInt(10) == 0 ? null : "u" + random.nextInt(4);
    for (int i = 1 + random.nextInt(5); i > 0; i--) {
      String status = STATUSES.get(random.nextInt(STATUSES.size()));
      String event = event("m" + number, status, random.nextInt(4) > 0 ? user : null);
      for (int times = 1 + Math.max(0, random.nextInt(5) - 2); times > 0; times--) {
        events.add(event);
      }
    }
    for (int i = Math.max(0, random.nextInt(6) - 2); i > 0; i--) {
      String change = change(number, i, user);
      for (int times = 1 + random.nextInt(2); times > 0; times--) {
        events.add(change);
      }
    }
    if (random.nextInt(4) == 0) {
      events.add(
          "{\"userId\":\"u%d\",\"type\":\"product_viewed\",\"eventTime\":%d}"
              .formatted(random.nextInt(4), BEGINNING + number));
    }
  }

  /** An edit, or a revocation, which may be processed before the message. */
  private String change(int message, int number, @Nullable String user) {
    StringBuilder json = new StringBuilder();
    json.append("{\"messageId\":\"m%d\",\"status\":\"ANNOTATION\"".formatted(message))
        .append(",\"eventId\":\"change %d of m%d\"".formatted(number, message));
    if (random.nextInt(5) > 0) {
      // Few times, so that some are equal.
      json.append(",\"eventTime\":").append(BEGINNING + HOUR + random.nextInt(4));
    }
    if (user != null && random.nextBoolean()) {
      json.append(",\"userId\":\"").append(user).append('"');
    }
    return random.nextInt(4) == 0
        ? json.append(",\"providerStatus\":\"revoke\"}").toString()
        : json.append(",\"providerStatus\":\"edit\",\"body\":\"")
            .append("edit %d of m%d\"}".formatted(number, message))
            .toString();
  }

  /** The content depends on the event, so that events with equal ids are equal. */
  private String event(String message, String status, @Nullable String user) {
    StringBuilder json = new StringBuilder();
    json.append("{\"messageId\":\"%s\",\"status\":\"%s\"".formatted(message, status));
    if (random.nextInt(5) > 0) {
      // The user is derived from the id; no two events of one status have the same time.
      json.append(",\"eventTime\":").append(BEGINNING + random.nextInt(HOUR));
    }
    if (user != null) {
      json.append(",\"userId\":\"").append(user).append('"');
    }
    if (status.equals("FAILED")) {
      json.append(",\"error\":{\"code\":\"131047\"}");
    }
    return json.append(",\"body\":\"of ").append(message).append("\"}").toString();
  }

  private void add(List<String> events, Normalizer normalizer) {
    long receivedAt = arrival();
    String body = "[" + String.join(",", events) + "]";
    List<MessageEvent> normalized = new ArrayList<>();
    for (Outcome outcome :
        normalizer.normalize(
            RawWebhook.of("events", TENANT, receivedAt, body.getBytes(StandardCharsets.UTF_8))
                .withContentType("application/json"))) {
      if (outcome instanceof Outcome.Accepted accepted) {
        normalized.add(accepted.event());
      } else {
        throw new AssertionError(outcome + " of " + body);
      }
    }
    webhooks.add(new Webhook(receivedAt, body, normalized));
  }

  /** Sometimes by a slow clock, so that events are ahead of it, slightly or far. */
  private long arrival() {
    return random.nextInt(6) == 0
        ? BEGINNING - HOUR + random.nextInt(2 * HOUR)
        : BEGINNING + HOUR + random.nextInt(LATEST);
  }

  private void shuffle(List<String> events) {
    for (int i = events.size() - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      String moved = events.get(i);
      events.set(i, events.get(other));
      events.set(other, moved);
    }
  }
}
