package io.postflight.api.query;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.postflight.api.http.ApiMetric;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Coalesces concurrent equal reads: a message read by a hundred clients costs the store one read at
 * a time. Nothing is kept after the response, so this is not a cache, and results are never older
 * than the read.
 */
final class SingleFlight {
  private final ConcurrentMap<Object, CompletableFuture<Object>> inFlight =
      new ConcurrentHashMap<>();
  private final MeterRegistry registry;

  SingleFlight(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Reads, or joins the read in flight.
   *
   * @param query kind of query, for metrics
   * @param key equal for equal reads only
   */
  <T> CompletableFuture<T> read(String query, Object key, Supplier<CompletionStage<T>> reader) {
    CompletableFuture<Object> mine = new CompletableFuture<>();
    CompletableFuture<Object> others = inFlight.putIfAbsent(key, mine);
    ApiMetric.READS
        .counter(registry, Tags.of("query", query, "coalesced", String.valueOf(others != null)))
        .increment();
    if (others != null) {
      return typed(others);
    }
    Timer.Sample sample = Timer.start(registry);
    CompletionStage<T> stage;
    try {
      stage = reader.get();
    } catch (RuntimeException failure) {
      stage = CompletableFuture.failedFuture(failure);
    }
    stage.whenComplete(
        (answer, failure) -> {
          inFlight.remove(key, mine);
          sample.stop(ApiMetric.READ_TIME.timer(registry, Tags.of("query", query)));
          if (failure != null) {
            mine.completeExceptionally(failure);
          } else {
            mine.complete(answer);
          }
        });
    return typed(mine);
  }

  /** A copy, so that no caller can cancel it for the others. Equal keys imply equal types. */
  @SuppressWarnings("unchecked")
  private static <T> CompletableFuture<T> typed(CompletableFuture<Object> future) {
    return future.thenApply(answer -> (T) answer);
  }
}
