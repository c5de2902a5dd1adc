package io.postflight.bench.scale;

import io.postflight.devstack.simulator.SimulatedWebhook;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Webhooks without an end, of which most statuses are the first of a message, and the others of any
 * earlier message with the same probability: in the topology's state, a new key or a random one.
 * Memory is a number for each tenant.
 */
final class GrowingState implements Iterator<SimulatedWebhook> {
  /** Share of statuses that are the first of a message. */
  static final double NEW = 0.8;

  private static final int BATCH = 10;
  private static final String EVENT =
      "{\"messageId\":\"msg_%016x\",\"status\":\"%s\",\"userId\":\"u%d\",\"eventTime\":\"%s\","
          + "\"channel\":\"EMAIL\",\"recipient\":\"u%3$d@example.org\"}";
  private static final String[] LATER = {"DELIVERED", "READ"};

  private final List<String> tenants;
  private final Instant now;
  private final SplittableRandom random;
  private final Map<String, Long> messagesOf = new HashMap<>();
  private long messages;

  /**
   * From an empty state.
   *
   * @param tenants one for each webhook, by a uniform choice
   * @param now epoch milliseconds
   */
  GrowingState(List<String> tenants, long seed, long now) {
    this.tenants = tenants;
    this.now = Instant.ofEpochMilli(now);
    this.random = new SplittableRandom(seed);
  }

  /** Messages that have had a status. */
  long messages() {
    return messages;
  }

  @Override
  public boolean hasNext() {
    return true;
  }

  @Override
  public SimulatedWebhook next() {
    String tenant = tenants.get(random.nextInt(tenants.size()));
    StringBuilder body = new StringBuilder("[");
    for (int i = 0; i < BATCH; i++) {
      long known = messagesOf.getOrDefault(tenant, 0L);
      if (known == 0 || random.nextDouble() < NEW) {
        messagesOf.put(tenant, known + 1);
        messages++;
        append(body, tenant, known, "SENT");
      } else {
        append(body, tenant, random.nextLong(known), LATER[random.nextInt(LATER.length)]);
      }
      body.append(i < BATCH - 1 ? ',' : ']');
    }
    return new SimulatedWebhook(
        "events",
        tenant,
        "application/json",
        body.toString().getBytes(StandardCharsets.UTF_8),
        Map.of(),
        BATCH,
        List.of());
  }

  private void append(StringBuilder body, String tenant, long number, String status) {
    SplittableRandom message = new SplittableRandom(tenant.hashCode() * 31L + number);
    body.append(EVENT.formatted(message.nextLong(), status, message.nextInt(1_000), now));
  }
}
