package io.postflight.api.query;

import io.postflight.api.http.Problem;
import io.postflight.schema.life.Facts;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.tenant.Tenant;
import io.postflight.store.LatestItem;
import io.postflight.store.ListingItem;
import io.postflight.store.ListingQuery;
import io.postflight.store.Order;
import io.postflight.store.ReadException;
import io.postflight.store.TimelineItem;
import io.postflight.store.TimelineQuery;
import io.postflight.store.WriteException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads over all tiers that may hold a tenant's rows, each equal read once at a time. */
final class Reads {
  private static final Logger LOG = LoggerFactory.getLogger(Reads.class);

  private static final Comparator<TimelineItem> NEWER =
      Comparator.comparing(TimelineItem::position, Merge.NEWEST_FIRST.reversed());

  private final TenantReaders readers;
  private final SingleFlight singleFlight;

  Reads(TenantReaders readers, SingleFlight singleFlight) {
    this.readers = readers;
    this.singleFlight = singleFlight;
  }

  private record MessageKey(String tier, String tenant, String messageId) {}

  private record LatestKey(String tier, String tenant, String userId, @Nullable String type) {}

  private record TimelineKey(String tier, TimelineQuery query) {}

  private record ListingKey(String tier, ListingQuery query) {}

  /**
   * One message. A message lives in the tier of its first event; if its state was forgotten
   * between, a later tier has a second life of it, and the two are joined. Found in one tier it is
   * answered even if another does not answer.
   */
  CompletableFuture<Optional<MessageRevision>> message(Tenant tenant, String messageId) {
    return all(
            tenant,
            each ->
                singleFlight.read(
                    "message",
                    new MessageKey(each.tier().name(), tenant.getId(), messageId),
                    () -> each.reader().message(tenant.getId(), messageId)))
        .thenApply(
            outcomes -> {
              List<MessageRevision> lives = new ArrayList<>(1);
              for (Outcome<Optional<MessageRevision>> outcome : outcomes) {
                outcome.answerIfAny().flatMap(Function.identity()).ifPresent(lives::add);
              }
              if (lives.isEmpty()) {
                outcomes.forEach(Outcome::require);
              }
              return lives.stream().reduce(Reads::join);
            });
  }

  /** A page of a user's timeline. */
  CompletableFuture<Merge.Part<TimelineItem>> timeline(Tenant tenant, TimelineQuery query) {
    Merge<TimelineItem> merge =
        new Merge<>(Merge.NEWEST_FIRST, TimelineItem::position, TimelineItem::eventId);
    return all(
            tenant,
            each ->
                singleFlight.read(
                    "timeline",
                    new TimelineKey(each.tier().name(), query),
                    () -> each.reader().timeline(query)))
        .thenApply(
            outcomes ->
                merge.merge(
                    outcomes.stream()
                        .map(Outcome::require)
                        .map(page -> new Merge.Part<>(page.items(), page.next(), page.partial()))
                        .toList(),
                    query.limit()));
  }

  /** A page of a tenant's completed messages. */
  CompletableFuture<Merge.Part<ListingItem>> listing(Tenant tenant, ListingQuery query) {
    Merge<ListingItem> merge =
        new Merge<>(
            query.order() == Order.NEWEST_FIRST
                ? Merge.NEWEST_FIRST
                : Merge.NEWEST_FIRST.reversed(),
            ListingItem::position,
            ListingItem::messageId);
    return all(
            tenant,
            each ->
                singleFlight.read(
                    "listing",
                    new ListingKey(each.tier().name(), query),
                    () -> each.reader().listing(query)))
        .thenApply(
            outcomes ->
                merge.merge(
                    outcomes.stream()
                        .map(Outcome::require)
                        .map(page -> new Merge.Part<>(page.items(), page.next(), page.partial()))
                        .toList(),
                    query.limit()));
  }

  /** A user's last event of one type or of each type, sorted by type. */
  CompletableFuture<List<TimelineItem>> latest(
      Tenant tenant, String userId, @Nullable String type) {
    return all(
            tenant,
            each ->
                singleFlight.read(
                    "last",
                    new LatestKey(each.tier().name(), tenant.getId(), userId, type),
                    () -> each.reader().latest(tenant.getId(), userId, type)))
        .thenApply(
            outcomes -> {
              Map<String, TimelineItem> byType = new TreeMap<>();
              for (Outcome<List<LatestItem>> outcome : outcomes) {
                for (LatestItem item : outcome.require()) {
                  byType.merge(
                      item.type(), item.event(), (a, b) -> NEWER.compare(a, b) >= 0 ? a : b);
                }
              }
              return List.copyOf(byType.values());
            });
  }

  private <T> CompletableFuture<List<Outcome<T>>> all(
      Tenant tenant, Function<TierReader, CompletionStage<T>> read) {
    List<CompletableFuture<Outcome<T>>> outcomes = new ArrayList<>(2);
    for (TierReader each : readers.of(tenant)) {
      outcomes.add(
          read.apply(each)
              .<Outcome<T>>handle(
                  (answer, failure) -> new Outcome<>(each.tier().name(), answer, failure))
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new))
        .thenApply(done -> outcomes.stream().map(CompletableFuture::join).toList());
  }

  /** The life born first gives its birth, tier and place; the facts are those of both. */
  private static MessageRevision join(MessageRevision a, MessageRevision b) {
    MessageRevision first = a.getBornAt() <= b.getBornAt() ? a : b;
    MessageFacts facts = Facts.join(a.getFacts(), b.getFacts());
    return new MessageRevision(
        first.getTenant(),
        first.getMessageId(),
        first.getTier(),
        first.getBornAt(),
        first.getListedAt(),
        Math.max(a.getRevision(), b.getRevision()),
        first.getListingShards(),
        facts);
  }

  /** What one tier answered. */
  private record Outcome<T>(String tier, @Nullable T answer, @Nullable Throwable failure) {
    Optional<T> answerIfAny() {
      return Optional.ofNullable(answer);
    }

    T require() {
      T given = answer;
      if (given != null) {
        return given;
      }
      Throwable cause =
          failure instanceof CompletionException wrapped && wrapped.getCause() != null
              ? wrapped.getCause()
              : failure;
      LOG.warn("tier {} did not answer a read: {}", tier, String.valueOf(cause));
      if (cause instanceof ReadException refused && refused.kind() == WriteException.Kind.INVALID) {
        throw new IllegalStateException("tier " + tier + " refused a read", refused);
      }
      throw Problem.unavailable("tier '" + tier + "' does not answer").asException();
    }
  }
}
