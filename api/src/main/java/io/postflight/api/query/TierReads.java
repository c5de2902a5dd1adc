package io.postflight.api.query;

import io.postflight.api.erasure.ErasureGuard;
import io.postflight.api.http.Problem;
import io.postflight.api.tier.HoldingTiers;
import io.postflight.schema.concurrent.FutureFailures;
import io.postflight.schema.log.ThrottledLog;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.tenant.Tenant;
import io.postflight.store.ListingItem;
import io.postflight.store.ListingQuery;
import io.postflight.store.Page;
import io.postflight.store.StoreException;
import io.postflight.store.TimelineItem;
import io.postflight.store.TimelineQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Coalesced reads of all tiers that may hold a tenant's rows, unfiltered. Fails until the erasure
 * ledger is loaded.
 */
final class TierReads {
  private static final ThrottledLog WARNINGS =
      new ThrottledLog(LoggerFactory.getLogger(TierReads.class));

  private final HoldingTiers<TierReader> readers;
  private final SingleFlight singleFlight;
  private final ErasureGuard guard;

  TierReads(HoldingTiers<TierReader> readers, SingleFlight singleFlight, ErasureGuard guard) {
    this.readers = readers;
    this.singleFlight = singleFlight;
    this.guard = guard;
  }

  private record MessageKey(String tier, String tenant, String messageId) {}

  private record LatestKey(String tier, String tenant, String userId, @Nullable String type) {}

  private record TimelineKey(String tier, TimelineQuery query) {}

  private record ListingKey(String tier, ListingQuery query) {}

  CompletableFuture<List<Outcome<Optional<MessageRevision>>>> message(
      Tenant tenant, String messageId) {
    return all(
        tenant,
        each ->
            singleFlight.read(
                "message",
                new MessageKey(each.tier().name(), tenant.getId(), messageId),
                () -> each.reader().message(tenant.getId(), messageId)));
  }

  CompletableFuture<List<Outcome<Page<TimelineItem>>>> timeline(
      Tenant tenant, TimelineQuery query) {
    return all(
        tenant,
        each ->
            singleFlight.read(
                "timeline",
                new TimelineKey(each.tier().name(), query),
                () -> each.reader().timeline(query)));
  }

  CompletableFuture<List<Outcome<Page<ListingItem>>>> listing(Tenant tenant, ListingQuery query) {
    return all(
        tenant,
        each ->
            singleFlight.read(
                "listing",
                new ListingKey(each.tier().name(), query),
                () -> each.reader().listing(query)));
  }

  CompletableFuture<List<Outcome<List<TimelineItem>>>> latest(
      Tenant tenant, String userId, @Nullable String type) {
    return all(
        tenant,
        each ->
            singleFlight.read(
                "last",
                new LatestKey(each.tier().name(), tenant.getId(), userId, type),
                () -> each.reader().latest(tenant.getId(), userId, type)));
  }

  private <T> CompletableFuture<List<Outcome<T>>> all(
      Tenant tenant, Function<TierReader, CompletionStage<T>> read) {
    guard.requireLoaded();
    List<CompletableFuture<Outcome<T>>> outcomes = new ArrayList<>(2);
    List<TierReader> holding = readers.of(tenant);
    holding.forEach(each -> guard.requireReadable(each.tier().name()));
    for (TierReader each : holding) {
      outcomes.add(
          read.apply(each)
              .<Outcome<T>>handle((answer, failure) -> outcome(each, answer, failure))
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new))
        .thenApply(done -> outcomes.stream().map(CompletableFuture::join).toList());
  }

  private static <T> Outcome<T> outcome(
      TierReader tier, @Nullable T answer, @Nullable Throwable failure) {
    String name = tier.tier().name();
    Throwable cause = failure == null ? null : FutureFailures.unwrap(failure);
    if (cause != null) {
      WARNINGS.warn(name, "a read of tier {} failed: {}", name, cause.toString());
    }
    return new Outcome<>(name, answer, cause);
  }

  /** The result of one tier. */
  record Outcome<T>(String tier, @Nullable T answer, @Nullable Throwable failure) {
    Optional<T> answerIfAny() {
      return Optional.ofNullable(answer);
    }

    T require() {
      T given = answer;
      if (given != null) {
        return given;
      }
      if (failure instanceof StoreException refused
          && refused.kind() == StoreException.Kind.INVALID) {
        throw new IllegalStateException("tier " + tier + " rejected a read", refused);
      }
      throw Problem.unavailable("tier '" + tier + "' is unavailable");
    }
  }
}
