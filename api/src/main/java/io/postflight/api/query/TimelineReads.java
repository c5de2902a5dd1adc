package io.postflight.api.query;

import io.postflight.api.erasure.ErasureGuard;
import io.postflight.api.http.Problem;
import io.postflight.api.query.TierReads.TierOutcome;
import io.postflight.schema.identity.AliasGroup;
import io.postflight.schema.identity.AliasGroup.Member;
import io.postflight.schema.identity.DerivedErasures;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.tenant.Tenant;
import io.postflight.store.EventReader;
import io.postflight.store.LatestEvents;
import io.postflight.store.LatestQuery;
import io.postflight.store.Page;
import io.postflight.store.PageRequest;
import io.postflight.store.TimelineItem;
import io.postflight.store.TimelineQuery;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a person did: the rows under all ids of the person, in all tiers that may hold them,
 * without erased content and without the rows of others who had one of the ids.
 *
 * <p>The rows of the id that was asked for are read while the other ids are searched, so that most
 * reads, of an id without others, take no longer.
 */
final class TimelineReads {
  private static final Comparator<PersonItem> NEWER =
      Comparator.comparing(PersonItem::position, PageMerger.NEWEST_FIRST.reversed());

  private static final PageMerger<PersonItem> MERGER =
      new PageMerger<>(PageMerger.NEWEST_FIRST, PersonItem::position, PersonItem::eventId);

  private static final Duration SHORTEST_BUDGET = Duration.ofMillis(50);

  /** Concurrent lookups of messages to determine whether their events are visible. */
  private static final int CONCURRENT_LOOKUPS = 64;

  /** Other ids of a person whose pages are read concurrently. */
  private static final int CONCURRENT_PAGES = 8;

  /** What the pages of all other ids of a person may have together: their rows are small. */
  private static final long BYTES_OF_OTHERS = EventReader.MAX_BYTES / 4;

  /** Ids of a person whose last events are read concurrently: each has a page of memory. */
  private static final int CONCURRENT_LAST = 4;

  private final TierReads tiers;
  private final PersonReads persons;
  private final ErasureGuard guard;
  private final ErasureFilter erasureFilter;
  private final InstantSource clock;

  TimelineReads(TierReads tiers, PersonReads persons, ErasureGuard guard, InstantSource clock) {
    this.tiers = tiers;
    this.persons = persons;
    this.guard = guard;
    this.erasureFilter = new ErasureFilter(guard);
    this.clock = clock;
  }

  /** Reads a page of a person's timeline. */
  CompletableFuture<Page<PersonItem>> timeline(Tenant tenant, TimelineQuery query) {
    CompletableFuture<List<TierOutcome<Page<TimelineItem>>>> own = tiers.timeline(tenant, query);
    return persons
        .group(tenant, query.userId(), clock.millis())
        .thenCompose(group -> page(tenant, group.members(), query, own));
  }

  /**
   * @param own what is read of the first member
   */
  private CompletableFuture<Page<PersonItem>> page(
      Tenant tenant,
      List<Member> members,
      TimelineQuery query,
      CompletableFuture<List<TierOutcome<Page<TimelineItem>>>> own) {
    AtomicLong bytes = new AtomicLong();
    return PageFiller.fill(
        PersonItem::position,
        PersonItem::eventId,
        query.page().limit(),
        Objects.requireNonNull(query.page().budget(), "budget"),
        (after, limit, budget) -> {
          TimelineQuery next = query.with(MergedReads.rest(query.page(), after, limit, budget));
          return part(tenant, members, next, after == null ? own : tiers.timeline(tenant, next))
              .thenApply(part -> members.size() == 1 ? part : continued(part, bytes));
        });
  }

  /** Pages of other ids are small: their end is not that of the person's page. */
  private static Page<PersonItem> continued(Page<PersonItem> part, AtomicLong bytes) {
    long more = part.items().stream().mapToLong(item -> item.event().bytes()).sum();
    boolean large = bytes.addAndGet(more) >= EventReader.MAX_BYTES;
    return new Page<>(part.items(), part.next(), part.partial() && large);
  }

  private CompletableFuture<Page<PersonItem>> part(
      Tenant tenant,
      List<Member> members,
      TimelineQuery query,
      CompletableFuture<List<TierOutcome<Page<TimelineItem>>>> own) {
    List<Member> others = members.subList(1, members.size());
    PageRequest share = query.page();
    if (!others.isEmpty()) {
      share = share.limitedToBytes(BYTES_OF_OTHERS / others.size());
    }
    TimelineQuery ofOthers = query.with(share);
    return BatchedReads.of(
            others,
            CONCURRENT_PAGES,
            member -> tiers.timeline(tenant, ofOthers.ofUser(member.alias())))
        .thenCombine(
            own,
            (pages, first) -> {
              List<Page<PersonItem>> parts = new ArrayList<>(pagesOf(members.get(0), first));
              for (int i = 0; i < pages.size(); i++) {
                parts.addAll(pagesOf(others.get(i), pages.get(i)));
              }
              return MERGER.merge(parts, query.page().limit());
            })
        .thenCompose(
            page ->
                visible(tenant, page.items())
                    .thenApply(items -> new Page<>(items, page.next(), page.partial())));
  }

  private static List<Page<PersonItem>> pagesOf(
      Member member, List<TierOutcome<Page<TimelineItem>>> outcomes) {
    return outcomes.stream()
        .map(TierOutcome::require)
        .map(page -> new Page<>(itemsOf(member, page.items()), page.next(), page.partial()))
        .toList();
  }

  /** The rows under an id that are the person's. */
  private static List<PersonItem> itemsOf(Member member, List<TimelineItem> rows) {
    return rows.stream()
        .filter(row -> member.has(row.alias(), row.eventTime()))
        .map(row -> new PersonItem(member.alias(), row))
        .toList();
  }

  /**
   * Reads a person's last event of one type or of each type, sorted by type. The store points to
   * one event per id and type; if that is another person's, hidden or deleted, the timeline
   * provides the one before it.
   */
  CompletableFuture<List<PersonItem>> latest(
      Tenant tenant, String userId, @Nullable String type, Duration budget) {
    LatestSearch search = new LatestSearch(tenant, type, budget);
    CompletableFuture<List<TierOutcome<LatestEvents>>> own = search.read(userId);
    return persons
        .group(tenant, userId, clock.millis())
        .thenApply(AliasGroup::members)
        .thenCompose(
            members ->
                BatchedReads.of(
                    members,
                    CONCURRENT_LAST,
                    member ->
                        (member.alias().equals(userId) ? own : search.read(member.alias()))
                            .thenCompose(found -> search.take(member, found))))
        .thenCompose(taken -> search.finish());
  }

  /** A read of a person's last events; keeps the newest of each type. */
  private final class LatestSearch {
    private final Tenant tenant;
    private final @Nullable String requested;
    private final Duration budget;
    private final long begun = System.nanoTime();
    private final ConcurrentMap<String, PersonItem> byType = new ConcurrentHashMap<>();
    private final Queue<Hidden> hidden = new ConcurrentLinkedQueue<>();

    LatestSearch(Tenant tenant, @Nullable String requested, Duration budget) {
      this.tenant = tenant;
      this.requested = requested;
      this.budget = budget;
    }

    /**
     * A type whose last event under an id is not the visible one.
     *
     * @param before the visible one is at or before this time, epoch milliseconds
     */
    private record Hidden(Member member, String type, long before) {}

    CompletableFuture<List<TierOutcome<LatestEvents>>> read(String userId) {
      if (budget.toNanos() < System.nanoTime() - begun) {
        throw tooLate();
      }
      return tiers.latest(
          tenant,
          new LatestQuery(tenant.getId(), userId, tenant.getTimelineShards(), requested, budget));
    }

    CompletableFuture<Boolean> take(Member member, List<TierOutcome<LatestEvents>> outcomes) {
      List<LatestEvents> found = outcomes.stream().map(TierOutcome::require).toList();
      List<TimelineItem> rows = found.stream().flatMap(each -> each.events().stream()).toList();
      return visible(tenant, itemsOf(member, rows))
          .thenApply(
              visible -> {
                visible.forEach(this::add);
                Set<String> shown =
                    visible.stream().map(PersonItem::eventId).collect(Collectors.toSet());
                Long erasedAt =
                    guard.userErasedAt(
                        tenant.getId(), member.alias(), DerivedErasures.scope(member));
                rows.stream()
                    .filter(row -> !shown.contains(row.eventId()))
                    // Everything of the person before an erasure is hidden too.
                    .filter(row -> erasedAt == null || row.eventTime() > erasedAt)
                    .forEach(row -> hidden.add(new Hidden(member, row.type(), row.eventTime())));
                found.stream()
                    .flatMap(each -> each.unknown().stream())
                    .forEach(type -> hidden.add(new Hidden(member, type, Long.MAX_VALUE)));
                return true;
              });
    }

    private void add(PersonItem item) {
      byType.merge(item.event().type(), item, (a, b) -> NEWER.compare(a, b) >= 0 ? a : b);
    }

    /** Searches the timelines for what was hidden, as far as it may be the last. */
    CompletableFuture<List<PersonItem>> finish() {
      Map<Hidden, Hidden> searched = new HashMap<>();
      for (Hidden each : hidden) {
        PersonItem visible = byType.get(each.type());
        if (visible == null || visible.event().eventTime() <= each.before()) {
          searched.put(new Hidden(each.member(), each.type(), 0), each);
        }
      }
      return BatchedReads.of(List.copyOf(searched.keySet()), CONCURRENT_LOOKUPS, this::search)
          .thenApply(
              pages -> {
                for (Page<PersonItem> page : pages) {
                  if (page.partial()) {
                    throw tooLate();
                  }
                  page.items().forEach(this::add);
                }
                return List.copyOf(new TreeMap<>(byType).values());
              });
    }

    private CompletableFuture<Page<PersonItem>> search(Hidden hiddenType) {
      TimelineQuery query =
          new TimelineQuery(
              tenant.getId(),
              hiddenType.member().alias(),
              tenant.getTimelineShards(),
              hiddenType.type(),
              PageRequest.first(1).within(left()));
      return page(tenant, List.of(hiddenType.member()), query, tiers.timeline(tenant, query));
    }

    private static Problem tooLate() {
      return Problem.unavailable("the last events were not found in time");
    }

    /** What is left of the budget, at least a little: the search is one page per type. */
    private Duration left() {
      Duration left = budget.minusNanos(System.nanoTime() - begun);
      return left.compareTo(SHORTEST_BUDGET) < 0 ? SHORTEST_BUDGET : left;
    }
  }

  /**
   * The visible events. After a user's erasure, an event's row does not contain whether its message
   * was created before: the message's row does, and a message without a row is erased (or not
   * stored yet).
   */
  private CompletableFuture<List<PersonItem>> visible(Tenant tenant, List<PersonItem> items) {
    List<PersonItem> candidates = new ArrayList<>(items.size());
    Map<String, Long> erasedAt = new HashMap<>();
    for (PersonItem item : items) {
      TimelineItem row = item.event();
      Long at = guard.userErasedAt(tenant.getId(), item.userId(), row.alias(), row.eventTime());
      erasureFilter
          .of(tenant.getId(), at, row)
          .ifPresent(left -> candidates.add(new PersonItem(item.userId(), left)));
      if (at != null && row.messageId() != null) {
        erasedAt.merge(row.messageId(), at, Math::max);
      }
    }
    List<String> lookUps =
        candidates.stream()
            .map(item -> item.event().messageId())
            .filter(Objects::nonNull)
            .filter(erasedAt::containsKey)
            .distinct()
            .toList();
    Set<String> erased = new HashSet<>();
    return BatchedReads.of(lookUps, CONCURRENT_LOOKUPS, message -> tiers.message(tenant, message))
        .thenApply(
            found -> {
              for (int i = 0; i < lookUps.size(); i++) {
                String message = lookUps.get(i);
                if (!createdAfter(found.get(i), Objects.requireNonNull(erasedAt.get(message)))) {
                  erased.add(message);
                }
              }
              return candidates.stream()
                  .filter(item -> !erased.contains(item.event().messageId()))
                  .toList();
            });
  }

  private static boolean createdAfter(
      List<TierOutcome<Optional<MessageRevision>>> outcomes, long time) {
    boolean after =
        MergedReads.found(outcomes).stream().anyMatch(revision -> revision.getCreatedAt() > time);
    if (!after) {
      outcomes.forEach(TierOutcome::require);
    }
    return after;
  }
}
