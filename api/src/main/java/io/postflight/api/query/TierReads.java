package io.postflight.api.query;

import io.postflight.api.erasure.ErasureGuard;
import io.postflight.api.http.HoldingTiers;
import io.postflight.api.http.Problem;
import io.postflight.schema.concurrent.FutureFailures;
import io.postflight.schema.identity.AliasLink;
import io.postflight.schema.identity.LinkUpdates;
import io.postflight.schema.log.ThrottledLog;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.tenant.Tenant;
import io.postflight.store.EventReader;
import io.postflight.store.EventStore;
import io.postflight.store.LatestEvents;
import io.postflight.store.LatestQuery;
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

  private final HoldingTiers tiers;
  private final SingleFlight singleFlight;
  private final ErasureGuard guard;

  TierReads(HoldingTiers tiers, SingleFlight singleFlight, ErasureGuard guard) {
    this.tiers = tiers;
    this.singleFlight = singleFlight;
    this.guard = guard;
  }

  /**
   * A read of a tier.
   *
   * @param subject equal for equal reads
   */
  private record Key(String query, String tier, Object subject) {}

  CompletableFuture<List<TierOutcome<Optional<MessageRevision>>>> message(
      Tenant tenant, String messageId) {
    return all(
        "message",
        tenant,
        List.of(tenant.getId(), messageId),
        reader -> reader.message(tenant.getId(), messageId));
  }

  CompletableFuture<List<TierOutcome<Page<TimelineItem>>>> timeline(
      Tenant tenant, TimelineQuery query) {
    return all("timeline", tenant, query, reader -> reader.timeline(query));
  }

  CompletableFuture<List<TierOutcome<Page<ListingItem>>>> listing(
      Tenant tenant, ListingQuery query) {
    return all("listing", tenant, query, reader -> reader.listing(query));
  }

  CompletableFuture<List<TierOutcome<LatestEvents>>> latest(Tenant tenant, LatestQuery query) {
    return all("last", tenant, query, reader -> reader.latest(query));
  }

  /**
   * The links of an id, of all tiers: each has those that were learnt since the tenant belongs to
   * it. Fails if one is unavailable: without its links a number could be taken for that of the
   * person who had it before.
   */
  CompletableFuture<List<AliasLink>> identity(Tenant tenant, String alias) {
    return all(
            "identity",
            tenant,
            List.of(tenant.getId(), alias),
            reader -> reader.identity(tenant.getId(), alias))
        .thenApply(
            outcomes ->
                outcomes.stream()
                    .map(TierOutcome::require)
                    .reduce((some, others) -> LinkUpdates.join(alias, some, others))
                    .orElse(List.of()));
  }

  private <T> CompletableFuture<List<TierOutcome<T>>> all(
      String query, Tenant tenant, Object subject, Function<EventReader, CompletionStage<T>> read) {
    guard.requireLoaded();
    List<EventStore> holding = tiers.of(tenant);
    for (EventStore each : holding) {
      if (guard.isRecovering(each.tier().name())) {
        return CompletableFuture.failedFuture(inRecovery(each));
      }
    }
    List<CompletableFuture<TierOutcome<T>>> outcomes = new ArrayList<>(2);
    for (EventStore each : holding) {
      outcomes.add(
          singleFlight
              .read(query, new Key(query, each.tier().name(), subject), () -> read.apply(each))
              .handle((answer, failure) -> outcome(each.tier().name(), answer, failure)));
    }
    return CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new))
        .thenApply(done -> outcomes.stream().map(CompletableFuture::join).toList());
  }

  private static Problem inRecovery(EventStore store) {
    return Problem.unavailable("tier '" + store.tier().name() + "' is in recovery");
  }

  private static <T> TierOutcome<T> outcome(
      String tier, @Nullable T answer, @Nullable Throwable failure) {
    Throwable cause = failure == null ? null : FutureFailures.unwrap(failure);
    if (cause != null) {
      WARNINGS.warn(tier, "a read of tier {} failed: {}", tier, cause.toString());
    }
    return new TierOutcome<>(tier, answer, cause);
  }

  static Problem tooLarge() {
    return Problem.badRequest(
        "the last events of this user have more than 4 MiB; allowed: one 'type'");
  }

  /** The result of one tier. */
  record TierOutcome<T>(String tier, @Nullable T answer, @Nullable Throwable failure) {
    Optional<T> answerIfAny() {
      return Optional.ofNullable(answer);
    }

    T require() {
      T given = answer;
      if (given != null) {
        return given;
      }
      if (failure instanceof StoreException large && large.tooLarge()) {
        throw tooLarge();
      }
      if (failure instanceof StoreException refused
          && refused.kind() == StoreException.Kind.INVALID) {
        throw new IllegalStateException("tier " + tier + " rejected a read", refused);
      }
      throw Problem.unavailable("tier '" + tier + "' is unavailable");
    }
  }
}
