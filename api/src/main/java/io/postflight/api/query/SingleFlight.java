package io.postflight.api.query;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.postflight.api.metrics.ApiMetric;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Reads that are asked for while an equal one is under way share its answer: a message that a
 * hundred clients look at costs the store one read at a time. Nothing is kept once it has been
 * answered, so this is no cache and an answer is never older than the read that gave it.
 */
final class SingleFlight {
  private final ConcurrentMap<Object, CompletableFuture<Object>> flying = new ConcurrentHashMap<>();
  private final MeterRegistry registry;

  SingleFlight(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Reads, or joins the read that is under way.
   *
   * @param query its kind, for the metrics
   * @param key equal for equal reads only; of a type of its own for each kind
   */
  <T> CompletableFuture<T> read(String query, Object key, Supplier<CompletionStage<T>> reader) {
    CompletableFuture<Object> mine = new CompletableFuture<>();
    CompletableFuture<Object> others = flying.putIfAbsent(key, mine);
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
          flying.remove(key, mine);
          sample.stop(ApiMetric.READ_TIME.timer(registry, Tags.of("query", query)));
          if (failure != null) {
            mine.completeExceptionally(failure);
          } else {
            mine.complete(answer);
          }
        });
    return typed(mine);
  }

  /** A copy, so that nobody can cancel it for the others. Equal keys mean equal types. */
  @SuppressWarnings("unchecked")
  private static <T> CompletableFuture<T> typed(CompletableFuture<Object> future) {
    return future.thenApply(answer -> (T) answer);
  }
}
