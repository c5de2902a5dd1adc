package io.postflight.bench.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.bench.Bar;
import io.postflight.bench.BenchReport;
import io.postflight.bench.BenchRun;
import io.postflight.bench.BenchVariant;
import io.postflight.bench.Benchmark;
import io.postflight.bench.RoundFigures;
import io.postflight.bench.VariantReport;
import io.postflight.bench.workload.BenchTenants;
import io.postflight.operations.Progress;
import io.postflight.operations.client.DeploymentClient;
import io.postflight.operations.client.ErasureClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.HdrHistogram.Histogram;

/**
 * {@code bench persons}: persons with as many ids as a group may have, and a thousand messages
 * under these ids. Timelines are read by any of them, one after the other, then persons are erased.
 */
public final class PersonsBenchmark {
  /** As a command runs it. */
  public static final Benchmark BENCHMARK =
      new Benchmark("persons", List.of(Part.values()), true, PersonsBenchmark::run);

  private static final String TENANT = "tenant-01";
  private static final int ALIASES = 32;
  private static final int MESSAGES = 1_000;
  private static final int TRIAL_MESSAGES = 64;
  private static final int READS = 400;
  private static final int PER_REQUEST = 250;
  private static final int ERASED_PER_ROUND = 3;
  private static final long SPREAD = Duration.ofDays(25).toMillis();
  private static final double MICROS = 1e3;

  private final BenchRun run;
  private final Pipeline pipeline;
  private final DeploymentClient client;
  private final ErasureClient erasures;
  private final Random random;
  private final int messages;
  private final List<String> differences = new ArrayList<>();

  private enum Part implements BenchVariant {
    TIMELINES("first pages of timelines over 32 ids"),
    ERASURES("erasures of persons with 32 ids and 1,000 messages");

    private final String description;

    Part(String description) {
      this.description = description;
    }

    @Override
    public String description() {
      return description;
    }
  }

  private PersonsBenchmark(BenchRun run, Pipeline pipeline) {
    this.run = run;
    this.pipeline = pipeline;
    this.client = new DeploymentClient("http://127.0.0.1:" + pipeline.port());
    this.erasures = new ErasureClient(client, BenchTenants.key(TENANT));
    this.random = new Random(run.options().load().seed());
    this.messages = run.options().load().isTrial() ? TRIAL_MESSAGES : MESSAGES;
  }

  private static BenchReport run(BenchRun run) throws InterruptedException {
    run.progress().step("Starting roles");
    try (Pipeline pipeline = Pipeline.start(run)) {
      return new PersonsBenchmark(run, pipeline).measure();
    }
  }

  private BenchReport measure() throws InterruptedException {
    int rounds = run.options().load().rounds();
    int persons = ERASED_PER_ROUND * (rounds + 1);
    for (int person = 0; person < persons; person++) {
      run.progress().step("Person " + (person + 1) + " of " + persons);
      send(person);
    }
    pipeline.awaitStored(System.currentTimeMillis());
    Map<Part, List<Map<String, Double>>> figures = new LinkedHashMap<>();
    for (int round = 0; round <= rounds; round++) {
      run.progress().step(round == 0 ? "Warming up" : "Round " + round + " of " + rounds);
      Map<String, Double> timelines = timelines(round * ERASED_PER_ROUND, persons);
      Map<String, Double> erased = erase(round * ERASED_PER_ROUND);
      if (round > 0) {
        figures.computeIfAbsent(Part.TIMELINES, first -> new ArrayList<>()).add(timelines);
        figures.computeIfAbsent(Part.ERASURES, first -> new ArrayList<>()).add(erased);
      }
    }
    Map<String, VariantReport> reports = new LinkedHashMap<>();
    for (Part part : run.variants(Part.class)) {
      reports.put(
          part.id(),
          new VariantReport(
              part.id(),
              part.description(),
              RoundFigures.overRounds(figures.getOrDefault(part, List.of())),
              Map.of(),
              Map.of()));
    }
    return run.report(
        Map.of("ids", ALIASES, "messages", messages),
        reports,
        new BenchReport.Bars(reports)
            .add("timeline p99, ms", Part.TIMELINES.id(), "millisP99", Bar.atMost(150))
            .list(),
        differences);
  }

  /** A business-scoped id, and phone numbers, hidden ids and ids of the tenant in equal parts. */
  private static String alias(int person, int number) {
    if (number == 0) {
      return "DE." + (1_000 + person);
    }
    return switch (number % 3) {
      case 0 -> "customer-" + person + '-' + number;
      case 1 -> "4917" + (100_000_000L + person * 100L + number);
      default -> (1_000 + person) + "" + number + "@lid";
    };
  }

  private void send(int person) {
    long now = System.currentTimeMillis();
    List<String> events = new ArrayList<>(PER_REQUEST);
    for (int i = 0; i < messages; i++) {
      String user = alias(person, i % ALIASES);
      String other = alias(person, i % ALIASES == 0 ? 1 : 0);
      events.add(
          "{\"messageId\":\"p%d-%d\",\"userId\":\"%s\",\"aliases\":[\"%s\"],"
                  .formatted(person, i, user, other)
              + "\"status\":\"DELIVERED\",\"eventTime\":%d}"
                  .formatted(now - SPREAD + i * (SPREAD / messages)));
      if (events.size() == PER_REQUEST || i == messages - 1) {
        post(events);
        events.clear();
      }
    }
  }

  private void post(List<String> events) {
    DeploymentClient.ApiResponse answer =
        client
            .sendWebhook(
                "http://127.0.0.1:" + pipeline.port() + "/v1/events",
                "application/json",
                Map.of("Authorization", "Bearer " + BenchTenants.key(TENANT)),
                ('[' + String.join(",", events) + ']').getBytes(StandardCharsets.UTF_8))
            .join();
    if (answer.status() != 202) {
      differences.add("events were answered " + answer.status());
    }
  }

  private Map<String, Double> timelines(int first, int end) {
    Histogram micros = new Histogram(3);
    for (int i = 0; i < READS; i++) {
      String user = alias(first + random.nextInt(end - first), random.nextInt(ALIASES));
      long begun = System.nanoTime();
      JsonNode page = timeline(user);
      micros.recordValue((System.nanoTime() - begun) / 1_000);
      if (page.path("items").size() != Math.min(50, messages)) {
        differences.add(
            "a timeline has %d items, partial: %s"
                .formatted(page.path("items").size(), page.path("partial").asBoolean()));
        break;
      }
    }
    return Map.of(
        "millisP50", micros.getValueAtPercentile(50) / MICROS,
        "millisP99", micros.getValueAtPercentile(99) / MICROS);
  }

  private JsonNode timeline(String user) {
    return client
        .get("/v1/users/" + DeploymentClient.encoded(user) + "/timeline", BenchTenants.key(TENANT))
        .body();
  }

  private Map<String, Double> erase(int first) {
    double seconds = 0;
    double rows = 0;
    for (int person = first; person < first + ERASED_PER_ROUND; person++) {
      String user = alias(person, random.nextInt(ALIASES));
      long begun = System.nanoTime();
      JsonNode receipt = erasures.await(erasures.eraseUser(user), Progress.SILENT);
      seconds += (System.nanoTime() - begun) / 1e9;
      rows += receipt.path("rows").asDouble();
      if (receipt.path("aliases").size() != ALIASES) {
        differences.add("an erasure covers " + receipt.path("aliases").size() + " ids");
      }
      if (!timeline(user).path("items").isEmpty()) {
        differences.add("the timeline of an erased person has items");
      }
    }
    return Map.of("seconds", seconds / ERASED_PER_ROUND, "rows", rows / ERASED_PER_ROUND);
  }
}
