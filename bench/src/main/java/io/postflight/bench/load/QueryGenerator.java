package io.postflight.bench.load;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.RequestHeaders;
import io.postflight.bench.process.Variant;
import io.postflight.bench.process.VariantProcess.Program;
import io.postflight.bench.workload.BenchTenants;
import io.postflight.devstack.simulator.ExpectedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Reads messages by id and the first pages of their users' timelines, in turns. Each query has its
 * time, as webhooks of an open loop have.
 */
public final class QueryGenerator implements Variant<QueryRound, QueryResult> {
  /** What runs in its process. */
  public static final Program<QueryRound, QueryResult> PROGRAM =
      new Program<>(QueryGenerator.class, QueryRound.class, QueryResult.class);

  private static final double NANOS = 1e9;
  private static final double MICROS = 1e3;
  private static final int MOST_MESSAGES = 1_000;

  /** What a query is for. */
  private enum Kind {
    MESSAGE,
    TIMELINE
  }

  @Override
  public QueryResult run(QueryRound round) throws InterruptedException {
    WebClient client = WebClient.of("h1c://127.0.0.1:" + round.port());
    List<ExpectedMessage> messages = stored(client, round);
    Random random = new Random(round.stored().seed());
    Map<Kind, ConcurrentHistogram> latencies = new TreeMap<>();
    for (Kind kind : Kind.values()) {
      latencies.put(kind, new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(10), 3));
    }
    AtomicLong failed = new AtomicLong();
    List<CompletableFuture<Void>> answers = new ArrayList<>();
    long begun = System.nanoTime();
    for (int i = 0; i < round.queries(); i++) {
      long due = begun + (long) (NANOS * i / round.perSecond());
      LoadGenerator.awaitTime(due);
      Kind kind = Kind.values()[i % Kind.values().length];
      ExpectedMessage message = messages.get(random.nextInt(messages.size()));
      ConcurrentHistogram histogram = latencies.get(kind);
      answers.add(
          client
              .execute(request(kind, message))
              .aggregate()
              .handle(
                  (response, fault) -> {
                    if (histogram != null) {
                      histogram.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - due));
                    }
                    if (fault != null || !response.status().equals(HttpStatus.OK)) {
                      failed.incrementAndGet();
                    }
                    return null;
                  }));
    }
    CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).join();
    Map<String, Double> figures = new TreeMap<>();
    latencies.forEach(
        (kind, histogram) -> {
          String name = kind == Kind.MESSAGE ? "messageMillis" : "timelineMillis";
          figures.put(name + "P50", histogram.getValueAtPercentile(50) / MICROS);
          figures.put(name + "P99", histogram.getValueAtPercentile(99) / MICROS);
          figures.put(name + "P999", histogram.getValueAtPercentile(99.9) / MICROS);
        });
    return new QueryResult(failed.get(), figures);
  }

  /** The messages that are found: the last events of a simulation are never sent. */
  private static List<ExpectedMessage> stored(WebClient client, QueryRound round) {
    List<ExpectedMessage> stored = new ArrayList<>();
    for (ExpectedMessage message : SignedWebhooks.firstMessages(round.stored(), MOST_MESSAGES)) {
      HttpStatus status =
          client.execute(request(Kind.MESSAGE, message)).aggregate().join().status();
      if (status.equals(HttpStatus.OK)) {
        stored.add(message);
      }
    }
    if (stored.isEmpty()) {
      throw new IllegalStateException("no message of the earlier load is found");
    }
    return stored;
  }

  private static HttpRequest request(Kind kind, ExpectedMessage message) {
    String path =
        kind == Kind.MESSAGE
            ? "/v1/message?" + QueryParams.of("id", message.messageId()).toQueryString()
            : "/v1/user/timeline?"
                + QueryParams.of("id", String.valueOf(message.userId())).toQueryString();
    return HttpRequest.of(
        RequestHeaders.of(
            HttpMethod.GET,
            path,
            HttpHeaderNames.AUTHORIZATION,
            "Bearer " + BenchTenants.key(message.tenant())));
  }
}
