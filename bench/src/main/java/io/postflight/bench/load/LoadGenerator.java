package io.postflight.bench.load;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import io.postflight.api.http.RequestIds;
import io.postflight.bench.process.ProcessUsage;
import io.postflight.bench.process.Variant;
import io.postflight.bench.process.VariantProcess.Program;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Sends webhooks, over as many connections as requests are unanswered. At a given rate each has its
 * time, at which it is sent even if earlier ones are unanswered, and from which its latency counts:
 * a server that falls behind cannot slow down the load that shows it. That time, in microseconds,
 * is the id of the request.
 */
public final class LoadGenerator implements Variant<LoadRound, LoadResult> {
  /** What runs in its process. */
  public static final Program<LoadRound, LoadResult> PROGRAM =
      new Program<>(LoadGenerator.class, LoadRound.class, LoadResult.class);

  /** Requests that are unanswered at a time, if there is no rate. */
  public static final int CLOSED_LOOP = 64;

  /** More than this many unanswered requests are a failure of the server. */
  private static final int OPEN_LOOP = 4_096;

  private static final double NANOS = 1e9;

  @Override
  public LoadResult run(LoadRound round) throws InterruptedException {
    List<SignedWebhooks.Request> requests = SignedWebhooks.of(round);
    WebClient client = WebClient.of("h1c://127.0.0.1:" + round.port());
    boolean open = round.eventsPerSecond() > 0;
    int concurrent = open ? OPEN_LOOP : CLOSED_LOOP;
    Semaphore slots = new Semaphore(concurrent);
    AtomicLong failed = new AtomicLong();
    ConcurrentHistogram latencies = new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(10), 3);
    long own = ProcessHandle.current().pid();
    long cpu = ProcessUsage.of(own).cpuMicros();
    long begun = System.nanoTime();
    long begunMicros = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
    long events = 0;
    for (SignedWebhooks.Request request : requests) {
      long due = begun + (open ? (long) (NANOS * events / round.eventsPerSecond()) : 0);
      awaitTime(due);
      slots.acquire();
      long from = open ? due : System.nanoTime();
      events += request.events();
      RequestHeaders headers =
          request.headers().toBuilder()
              .set(
                  RequestIds.HEADER,
                  Long.toString(begunMicros + TimeUnit.NANOSECONDS.toMicros(from - begun)))
              .build();
      CompletableFuture<Void> unused =
          client
              .execute(HttpRequest.of(headers, request.body()))
              .aggregate()
              .handle(
                  (response, fault) -> {
                    latencies.recordValue(
                        Math.max(0, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - from)));
                    if (fault != null || !response.status().equals(HttpStatus.OK)) {
                      failed.incrementAndGet();
                    }
                    slots.release();
                    return null;
                  });
    }
    slots.acquire(concurrent);
    return new LoadResult(
        requests.size(),
        events,
        failed.get(),
        ProcessUsage.of(own).cpuMicros() - cpu,
        (System.nanoTime() - begun) / NANOS,
        new TreeMap<>(
            Map.of(
                "P50", latencies.getValueAtPercentile(50),
                "P99", latencies.getValueAtPercentile(99),
                "P999", latencies.getValueAtPercentile(99.9))));
  }

  static void awaitTime(long due) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
