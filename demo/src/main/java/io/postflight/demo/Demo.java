package io.postflight.demo;

import com.datastax.oss.driver.api.core.CqlSession;
import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.demo.embedded.EmbeddedStack;
import io.postflight.demo.embedded.Endpoints;
import io.postflight.devstack.simulator.ExpectedMessage;
import io.postflight.devstack.simulator.SimulatedWebhook;
import io.postflight.devstack.simulator.SimulationSettings;
import io.postflight.operations.CqlSessions;
import io.postflight.operations.Progress;
import io.postflight.operations.client.DeploymentClient;
import io.postflight.operations.replay.StoredRows;
import io.postflight.runtime.RunningRoles;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.sink.write.SinkMetric;
import io.postflight.store.EventReader;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.stream.Stream;

/**
 * Sends webhooks to the gateway of a running stack, waits until everything is stored, and
 * reconciles: every accepted event is stored once, every message has the expected status, and the
 * dead letters are exactly the deliberately invalid webhooks.
 */
public final class Demo {
  private static final Duration STALLED = Duration.ofSeconds(60);
  private static final Duration QUIET = Duration.ofMillis(1_500);
  private static final long POLL_MILLIS = 200;

  /** Webhooks that are sent last, after warm-up, to measure latency. */
  private static final int PACED = 100;

  private static final int PACED_PER_SECOND = 50;

  /** The bundled message and user whose history is shown. */
  private static final String SHOWN_MESSAGE = "wamid.POSTFLIGHT.BUNDLED.ANSWER==";

  private static final String SHOWN_USER = "593981110001";

  private final EmbeddedStack stack;
  private final RunningRoles roles;
  private final Endpoints endpoints;
  private final DeploymentClient client;
  private final Progress progress;
  private final Clock clock;

  /**
   * Prepares a demonstration.
   *
   * @param stack all roles run, on an empty directory
   */
  public Demo(EmbeddedStack stack, Progress progress, Clock clock) {
    this.stack = stack;
    this.roles = Objects.requireNonNull(stack.roles(), "the demo needs all roles");
    this.endpoints = stack.endpoints();
    this.client = new DeploymentClient(endpoints.http());
    this.progress = progress;
    this.clock = clock;
  }

  /**
   * Runs it.
   *
   * @param seed the same seed simulates the same messages
   * @param messages number of simulated messages and actions
   * @throws InterruptedException if interrupted
   */
  public DemoReport run(long seed, long messages) throws InterruptedException {
    long begun = System.nanoTime();
    List<String> tenants = endpoints.tenants().stream().map(Endpoints.TenantAccess::id).toList();
    Expectation expectation =
        new Expectation(SimulationSettings.of(seed, messages, tenants, clock.millis()));
    WebhookFeed feed = new WebhookFeed(client, endpoints);
    progress.step("Sending webhooks of " + messages + " messages through the gateway");
    Iterator<SimulatedWebhook> webhooks = expectation.webhooks();
    Queue<SimulatedWebhook> last = feed.send(webhooks, Math.min(PACED, messages / 2), progress);
    long paced = last.size();
    Duration feeding = Duration.ofNanos(System.nanoTime() - begun);
    progress.step("Waiting until everything is stored");
    awaitStored(clock.millis(), Duration.ZERO);
    Latencies burst = Latencies.of(roles.meters());
    progress.step("Sending the rest one by one to measure latency");
    feed.sendPaced(last, PACED_PER_SECOND);
    awaitStored(clock.millis(), QUIET);
    Duration storing = Duration.ofNanos(System.nanoTime() - begun);
    progress.step("Reconciling sent and stored events");
    Latencies latencies = Latencies.of(roles.meters()).since(burst);
    return report(
        new Sending(messages, paced),
        expectation,
        feed,
        DemoReport.Timing.of(latencies, feeding, storing));
  }

  /** The webhooks to send. */
  private record Sending(long requested, long paced) {}

  /**
   * Waits until the topology has processed all webhooks and the sinks have written all rows.
   *
   * @param quiet how long that must last
   */
  private void awaitStored(long fedAt, Duration quiet) throws InterruptedException {
    long quietSince = System.nanoTime();
    long lastChange = System.nanoTime();
    double before = -1;
    while (true) {
      double written = written();
      long now = System.nanoTime();
      boolean idle = roles.backlog() == 0 && roles.caughtUpAsOf() >= fedAt;
      if (written != before || !idle) {
        quietSince = now;
      }
      if (written != before) {
        lastChange = now;
        before = written;
      }
      boolean settled = now - quietSince > quiet.toNanos();
      if (settled || now - lastChange > STALLED.toNanos() || !roles.failures().isEmpty()) {
        progress.clear();
        return;
      }
      progress.still("Stored " + (long) written + " rows");
      Thread.sleep(POLL_MILLIS);
    }
  }

  private double written() {
    return roles.meters().find(SinkMetric.WRITES.definition().name()).counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  private DemoReport report(
      Sending sending, Expectation expectation, WebhookFeed feed, DemoReport.Timing timing)
      throws InterruptedException {
    Differences differences = new Differences();
    roles.failures().forEach(differences::add);
    if (feed.refused() > 0) {
      differences.add(feed.refused() + " webhooks were not accepted");
    }
    StoredRows.Counts rows = count();
    expectation
        .timelineRows()
        .forEach(
            (tenant, expected) ->
                differences.compare(
                    "timeline rows of " + tenant,
                    expected,
                    rows.timelineByTenant().getOrDefault(tenant, 0L)));
    MessageCheck messages = new MessageCheck(this::readerOf);
    try (Stream<ExpectedMessage> all = expectation.messages()) {
      Iterator<ExpectedMessage> each = all.iterator();
      messages.run(each, expectation.totals().messages(), differences, progress);
    }
    differences.compare(
        "messages stored", expectation.totals().messages(), sum(rows.byTier(), "message"));
    differences.compare(
        "completed messages listed",
        expectation.totals().completed(),
        sum(rows.byTier(), "message_by_time"));
    Map<String, Long> dead =
        DeadLetterCount.byReason(
            stack.settings().kafka().clientProperties(),
            stack.settings().kafka().topics().deadLetters());
    differences.compare(
        "dead letters",
        expectation.deadLetters(),
        dead.values().stream().mapToLong(Long::longValue).sum());
    for (String reason : dead.keySet()) {
      if (expectation.rejections().keySet().stream().noneMatch(r -> r.name().equals(reason))) {
        differences.add("dead letters with the reason " + reason + ", which was not expected");
      }
    }
    return new DemoReport(
        new DemoReport.SimulatedCounts(
            sending.requested(),
            expectation.simulated().messages(),
            expectation.simulated().actions()),
        new DemoReport.WebhookCounts(sending.paced(), feed.accepted(), expectation.webhookCount()),
        new DemoReport.EventCounts(
            expectation.events(),
            expectation.events() - expectation.distinctEvents(),
            expectation.distinctEvents(),
            expectation.totals().actions()),
        new DemoReport.StoredCounts(
            expectation.totals().messages(),
            messages.completedByStatus(),
            messages.inFlight(),
            rows.byTier()),
        new DemoReport.RejectedEntries(
            dead, expectation.rejections().getOrDefault(RejectionReason.UNSUPPORTED_EVENT, 0L)),
        timing,
        new DemoReport.ReconciliationResult(
            differences.count() == 0,
            differences.examples(),
            read("/v1/messages/" + DeploymentClient.encoded(SHOWN_MESSAGE)),
            read("/v1/users/" + SHOWN_USER + "/timeline?limit=20")));
  }

  private StoredRows.Counts count() {
    try (CqlSession session = CqlSessions.open(stack.settings().tiers().get(0).cluster())) {
      return new StoredRows(session).count(stack.settings().tiers());
    }
  }

  private static long sum(Map<String, Map<String, Long>> byTier, String table) {
    return byTier.values().stream().mapToLong(tables -> tables.getOrDefault(table, 0L)).sum();
  }

  private EventReader readerOf(String tenant) {
    String tier = endpoints.tenant(tenant).orElseThrow().tier();
    return Objects.requireNonNull(roles.stores().get(tier), tier);
  }

  private JsonNode read(String path) {
    String key = endpoints.tenant(Expectation.BUNDLED_TENANT).orElseThrow().apiKey();
    return client.get(path, key).body();
  }
}
