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
 * What a provider sends of some messages, in an order that has nothing to do with time: every event
 * once or several times, alone or with others in one webhook, with a time of its own or without, of
 * a user or of nobody yet, taken in by a clock that is right or behind.
 */
public final class LifecycleScript {
  /** When the first event happens, epoch milliseconds. */
  public static final long BEGINNING = 1_760_000_000_000L;

  /** When every wait is over, and no life is forgotten yet. */
  public static final long END = BEGINNING + 8L * 24 * 3_600_000;

  /** Whose messages they are. */
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
   * @param events what it says
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
    if (random.nextInt(4) == 0) {
      events.add(
          "{\"userId\":\"u%d\",\"type\":\"product_viewed\",\"eventTime\":%d}"
              .formatted(random.nextInt(4), BEGINNING + number));
    }
  }

  /** What an event says depends on what it is, or two events of one id would contradict. */
  private String event(String message, String status, @Nullable String user) {
    StringBuilder json = new StringBuilder();
    json.append("{\"messageId\":\"%s\",\"status\":\"%s\"".formatted(message, status));
    if (random.nextInt(5) > 0) {
      // A user is part of what makes an event's id; a time is not shared by two of one status.
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
            new RawWebhook(
                "events",
                TENANT,
                receivedAt,
                body.getBytes(StandardCharsets.UTF_8),
                "application/json",
                false,
                null))) {
      if (outcome instanceof Outcome.Accepted accepted) {
        normalized.add(accepted.event());
      } else {
        throw new AssertionError(outcome + " of " + body);
      }
    }
    webhooks.add(new Webhook(receivedAt, body, normalized));
  }

  /** Now and then by a clock that is behind: what happened lies ahead of it, a little or far. */
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
