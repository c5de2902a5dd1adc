package io.postflight.api.query;

import io.postflight.api.erasure.ErasureGuard;
import io.postflight.api.http.Problem;
import io.postflight.api.query.TierReads.TierOutcome;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.tenant.Tenant;
import io.postflight.store.LatestEvents;
import io.postflight.store.LatestQuery;
import io.postflight.store.ListingItem;
import io.postflight.store.ListingQuery;
import io.postflight.store.Order;
import io.postflight.store.Page;
import io.postflight.store.PageRequest;
import io.postflight.store.Position;
import io.postflight.store.TimelineItem;
import io.postflight.store.TimelineQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Merged reads of all tiers that may hold a tenant's rows, without erased content. */
final class MergedReads {
  private static final Comparator<TimelineItem> NEWER =
      Comparator.comparing(TimelineItem::position, PageMerger.NEWEST_FIRST.reversed());

  private static final Duration SHORTEST_BUDGET = Duration.ofMillis(50);

  /** Concurrent lookups of messages to determine whether their events are visible. */
  private static final int CONCURRENT_LOOKUPS = 64;

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

  /** Reads a page of a user's timeline. */
  CompletableFuture<Page<TimelineItem>> timeline(Tenant tenant, TimelineQuery query) {
    return PageFiller.fill(
        TimelineItem::position,
        TimelineItem::eventId,
        query.page().limit(),
        Objects.requireNonNull(query.page().budget(), "budget"),
        (after, limit, budget) ->
            timelinePart(tenant, query.with(rest(query.page(), after, limit, budget))));
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

  private static PageRequest rest(
      PageRequest page, @Nullable Position after, int limit, Duration budget) {
    PageRequest rest = page.limitedTo(limit).within(budget);
    return after == null ? rest : rest.after(after);
  }

  /**
   * Reads a user's last event of one type or of each type, sorted by type. The store points to one
   * event per type; if that is hidden or deleted, the timeline provides the one before it.
   */
  CompletableFuture<List<TimelineItem>> latest(
      Tenant tenant, String userId, @Nullable String type, Duration budget) {
    long begun = System.nanoTime();
    return tiers
        .latest(
            tenant,
            new LatestQuery(tenant.getId(), userId, tenant.getTimelineShards(), type, budget))
        .thenCompose(
            outcomes -> {
              List<LatestEvents> found = outcomes.stream().map(TierOutcome::require).toList();
              List<TimelineItem> events =
                  found.stream().flatMap(latest -> latest.events().stream()).toList();
              return visible(tenant, userId, events)
                  .thenCompose(
                      visible ->
                          newest(
                              tenant,
                              userId,
                              rest(budget, begun),
                              visible,
                              hiddenTypes(tenant, userId, found, visible)));
            });
  }

  /** What is left of a budget, at least a little: the search is one page per type. */
  private static Duration rest(Duration budget, long begun) {
    Duration left = budget.minusNanos(System.nanoTime() - begun);
    return left.compareTo(SHORTEST_BUDGET) < 0 ? SHORTEST_BUDGET : left;
  }

  /** The types whose last event is hidden or has to be searched. */
  private Set<String> hiddenTypes(
      Tenant tenant, String userId, List<LatestEvents> found, List<TimelineItem> visible) {
    Long erasedAt = guard.userErasedAt(tenant.getId(), userId);
    Set<String> events = visible.stream().map(TimelineItem::eventId).collect(Collectors.toSet());
    Set<String> types = new TreeSet<>();
    for (LatestEvents latest : found) {
      types.addAll(latest.unknown());
      latest.events().stream()
          .filter(item -> !events.contains(item.eventId()))
          // Everything before a user's erasure is hidden too.
          .filter(item -> erasedAt == null || item.eventTime() > erasedAt)
          .forEach(item -> types.add(item.type()));
    }
    return types;
  }

  private CompletableFuture<List<TimelineItem>> newest(
      Tenant tenant,
      String userId,
      Duration budget,
      List<TimelineItem> visible,
      Set<String> hiddenTypes) {
    Map<String, TimelineItem> byType = new TreeMap<>();
    visible.forEach(item -> byType.merge(item.type(), item, MergedReads::newer));
    List<CompletableFuture<Page<TimelineItem>>> before = new ArrayList<>();
    hiddenTypes.forEach(
        hidden ->
            before.add(
                timeline(
                    tenant,
                    new TimelineQuery(
                        tenant.getId(),
                        userId,
                        tenant.getTimelineShards(),
                        hidden,
                        PageRequest.first(1).within(budget)))));
    return CompletableFuture.allOf(before.toArray(CompletableFuture[]::new))
        .thenApply(
            done -> {
              for (CompletableFuture<Page<TimelineItem>> each : before) {
                Page<TimelineItem> found = each.join();
                if (found.partial()) {
                  throw Problem.unavailable("the last events were not found in time");
                }
                found.items().forEach(item -> byType.merge(item.type(), item, MergedReads::newer));
              }
              return List.copyOf(byType.values());
            });
  }

  private CompletableFuture<Page<TimelineItem>> timelinePart(Tenant tenant, TimelineQuery query) {
    PageMerger<TimelineItem> merge =
        new PageMerger<>(PageMerger.NEWEST_FIRST, TimelineItem::position, TimelineItem::eventId);
    return tiers
        .timeline(tenant, query)
        .thenCompose(
            outcomes -> {
              Page<TimelineItem> page =
                  merge.merge(
                      outcomes.stream().map(TierOutcome::require).toList(), query.page().limit());
              return visible(tenant, query.userId(), page.items())
                  .thenApply(items -> new Page<>(items, page.next(), page.partial()));
            });
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

  /**
   * The visible events of a user. After a user's erasure, an event's row does not contain whether
   * its message was created before: the message's row does, and a message without a row is erased
   * (or not stored yet).
   */
  private CompletableFuture<List<TimelineItem>> visible(
      Tenant tenant, String userId, List<TimelineItem> items) {
    Long erasedAt = guard.userErasedAt(tenant.getId(), userId);
    List<TimelineItem> candidates =
        items.stream()
            .map(item -> erasureFilter.of(tenant.getId(), erasedAt, item))
            .flatMap(Optional::stream)
            .toList();
    if (erasedAt == null) {
      return CompletableFuture.completedFuture(candidates);
    }
    List<String> messages =
        candidates.stream()
            .map(TimelineItem::messageId)
            .filter(Objects::nonNull)
            .distinct()
            .toList();
    return createdAfter(tenant, messages, erasedAt, new HashSet<>())
        .thenApply(
            visibleIds ->
                candidates.stream()
                    .filter(
                        item -> item.messageId() == null || visibleIds.contains(item.messageId()))
                    .toList());
  }

  private CompletableFuture<Set<String>> createdAfter(
      Tenant tenant, List<String> messages, long time, Set<String> visibleIds) {
    if (messages.isEmpty()) {
      return CompletableFuture.completedFuture(visibleIds);
    }
    int now = Math.min(messages.size(), CONCURRENT_LOOKUPS);
    List<CompletableFuture<List<TierOutcome<Optional<MessageRevision>>>>> lookUps =
        messages.subList(0, now).stream().map(message -> tiers.message(tenant, message)).toList();
    return CompletableFuture.allOf(lookUps.toArray(CompletableFuture[]::new))
        .thenCompose(
            done -> {
              for (int i = 0; i < now; i++) {
                List<TierOutcome<Optional<MessageRevision>>> outcomes = lookUps.get(i).join();
                if (found(outcomes).stream().anyMatch(revision -> revision.getCreatedAt() > time)) {
                  visibleIds.add(messages.get(i));
                } else {
                  outcomes.forEach(TierOutcome::require);
                }
              }
              return createdAfter(tenant, messages.subList(now, messages.size()), time, visibleIds);
            });
  }

  private static List<MessageRevision> found(
      List<TierOutcome<Optional<MessageRevision>>> outcomes) {
    return outcomes.stream()
        .flatMap(outcome -> outcome.answerIfAny().flatMap(Function.identity()).stream())
        .toList();
  }

  private static TimelineItem newer(TimelineItem a, TimelineItem b) {
    return NEWER.compare(a, b) >= 0 ? a : b;
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
