package io.postflight.api.query;

import io.postflight.api.erasure.ErasureGuard;
import io.postflight.api.http.Problem;
import io.postflight.api.query.TierReads.TierOutcome;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.tenant.Tenant;
import io.postflight.store.ListingItem;
import io.postflight.store.ListingQuery;
import io.postflight.store.Order;
import io.postflight.store.Page;
import io.postflight.store.PageRequest;
import io.postflight.store.Position;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Merged reads of messages from all tiers that may hold them, without erased content. */
final class MergedReads {
  private final TierReads tiers;
  private final ErasureGuard guard;
  private final ErasureFilter erasureFilter;

  MergedReads(TierReads tiers, ErasureGuard guard) {
    this.tiers = tiers;
    this.guard = guard;
    this.erasureFilter = new ErasureFilter(guard);
  }

  /**
   * Reads one message. A message is stored in the tier of its first event; if its state was dropped
   * in between, a later tier has a second lifecycle, and both are joined. A message found in one
   * tier is returned even if another tier is unavailable.
   *
   * @return empty if there is none (yet); fails with 404 if it is erased, which ends a wait
   */
  CompletableFuture<Optional<MessageRevision>> message(Tenant tenant, String messageId) {
    return tiers
        .message(tenant, messageId)
        .thenApply(
            outcomes -> {
              List<MessageRevision> found = found(outcomes);
              List<MessageRevision> visible =
                  found.stream().map(erasureFilter::of).flatMap(Optional::stream).toList();
              if (visible.isEmpty()) {
                outcomes.forEach(TierOutcome::require);
                if (!found.isEmpty() || guard.erasesMessage(tenant.getId(), messageId)) {
                  throw noSuchMessage();
                }
              }
              return visible.stream().reduce(MergedReads::join);
            });
  }

  /** The same for a message that never existed, belongs to another tenant, or is erased. */
  static Problem noSuchMessage() {
    return Problem.notFound("there is no message with this id");
  }

  /** Reads a page of a tenant's completed messages. */
  CompletableFuture<Page<ListingItem>> listing(Tenant tenant, ListingQuery query) {
    return PageFiller.fill(
        ListingItem::position,
        ListingItem::messageId,
        query.page().limit(),
        Objects.requireNonNull(query.page().budget(), "budget"),
        (after, limit, budget) ->
            listingPart(tenant, query.with(rest(query.page(), after, limit, budget))));
  }

  /** The rest of a page; after null: from its beginning. */
  static PageRequest rest(PageRequest page, @Nullable Position after, int limit, Duration budget) {
    PageRequest rest = page.limitedTo(limit).within(budget);
    return after == null ? rest : rest.after(after);
  }

  /** Of two lifecycles of a message only one may be erased: they are filtered before merging. */
  private CompletableFuture<Page<ListingItem>> listingPart(Tenant tenant, ListingQuery query) {
    PageMerger<ListingItem> merge =
        new PageMerger<>(
            query.order() == Order.NEWEST_FIRST
                ? PageMerger.NEWEST_FIRST
                : PageMerger.NEWEST_FIRST.reversed(),
            ListingItem::position,
            ListingItem::messageId);
    return tiers
        .listing(tenant, query)
        .thenApply(
            outcomes ->
                merge.merge(
                    outcomes.stream()
                        .map(TierOutcome::require)
                        .map(
                            page ->
                                new Page<>(
                                    page.items().stream()
                                        .map(
                                            i ->
                                                erasureFilter.of(tenant.getId(), query.filter(), i))
                                        .flatMap(Optional::stream)
                                        .toList(),
                                    page.next(),
                                    page.partial()))
                        .toList(),
                    query.page().limit()));
  }

  static List<MessageRevision> found(List<TierOutcome<Optional<MessageRevision>>> outcomes) {
    return outcomes.stream()
        .flatMap(outcome -> outcome.answerIfAny().flatMap(Function.identity()).stream())
        .toList();
  }

  /**
   * The lifecycle created first provides creation time, tier and listing place; facts are joined.
   */
  private static MessageRevision join(MessageRevision a, MessageRevision b) {
    MessageRevision first = a.getCreatedAt() <= b.getCreatedAt() ? a : b;
    MessageFacts facts = Facts.join(a.getFacts(), b.getFacts());
    return new MessageRevision(
        first.getTenant(),
        first.getMessageId(),
        first.getTier(),
        first.getCreatedAt(),
        first.getListedAt(),
        Math.max(a.getRevision(), b.getRevision()),
        first.getListingShards(),
        facts);
  }
}
