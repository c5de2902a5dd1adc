package io.postflight.api.query;

import com.linecorp.armeria.common.HttpStatus;
import io.postflight.api.erasure.ErasureGuard;
import io.postflight.api.erasure.PersonLookup;
import io.postflight.api.http.Problem;
import io.postflight.schema.concurrent.FutureFailures;
import io.postflight.schema.event.Status;
import io.postflight.schema.identity.AliasGroup;
import io.postflight.schema.identity.AliasKind;
import io.postflight.schema.identity.AliasLink;
import io.postflight.schema.identity.GroupSearch;
import io.postflight.schema.identity.LinkUpdates;
import io.postflight.schema.tenant.Tenant;
import io.postflight.store.LatestQuery;
import io.postflight.store.TimelineItem;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Finds the ids of a person in the tables: level by level from the id that was asked for. An id
 * without links costs one read of one row.
 */
final class PersonReads implements PersonLookup {
  /** Statuses that show that somebody uses the id; a message to it may also fail. */
  private static final Set<Status> USE =
      Set.of(Status.RECEIVED, Status.DELIVERED, Status.READ, Status.PLAYED, Status.ACTION);

  private final TierReads tiers;
  private final ErasureGuard guard;
  private final Duration budget;

  /**
   * @param budget time budget of the read of an id's last events
   */
  PersonReads(TierReads tiers, ErasureGuard guard, Duration budget) {
    this.tiers = tiers;
    this.guard = guard;
    this.budget = budget;
  }

  /** The ids of the person who has an id at a time, epoch milliseconds. */
  CompletableFuture<AliasGroup> group(Tenant tenant, String user, long at) {
    return group(tenant, user, at, alias -> tiers.identity(tenant, alias));
  }

  /** The same, without what an erasure hides whose record is still to be stored. */
  CompletableFuture<AliasGroup> visibleGroup(Tenant tenant, String user, long at) {
    return group(
        tenant,
        user,
        at,
        alias ->
            tiers
                .identity(tenant, alias)
                .thenApply(
                    links ->
                        LinkUpdates.shown(
                            alias,
                            links.stream()
                                .map(link -> erased(tenant.getId(), alias, link))
                                .toList())));
  }

  /** With the time of an erasure that covers it, if there is one. */
  private AliasLink erased(String tenant, String alias, AliasLink link) {
    Long erasedAt = guard.userErasedAt(tenant, alias, link.getAlias(), link.getAt());
    return erasedAt == null
        ? link
        : new AliasLink(
            link.getAlias(), link.getRelation(), link.getAt(), link.getLastAt(), erasedAt);
  }

  private CompletableFuture<AliasGroup> group(
      Tenant tenant, String user, long at, LinkReads reads) {
    return reads
        .of(user)
        .thenCompose(
            links -> {
              Long left = GroupSearch.leftAt(user, at, links);
              return (left == null
                      ? CompletableFuture.completedFuture(Optional.<Long>empty())
                      : usedAt(tenant, user))
                  .thenCompose(used -> group(user, at, links, used.orElse(null), reads));
            });
  }

  /** Reads the links of an id. */
  @FunctionalInterface
  private interface LinkReads {
    CompletableFuture<List<AliasLink>> of(String alias);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Without its links, an id that cannot pass to another person is found alone: its erasure is
   * extended once they are known.
   */
  @Override
  public CompletableFuture<Person> find(Tenant tenant, String user, long at) {
    if (!AliasKind.of(user).isLease()) {
      return group(tenant, user, at)
          .exceptionally(failure -> alone(user, failure))
          .thenApply(group -> new Person(group, null));
    }
    LinkReads reads = alias -> tiers.identity(tenant, alias);
    CompletableFuture<Optional<Long>> used = usedAt(tenant, user);
    return reads
        .of(user)
        .thenCompose(
            links -> {
              boolean needed = GroupSearch.leftAt(user, at, links) != null;
              return (needed ? used : used.exceptionally(failure -> Optional.empty()))
                  .thenCompose(
                      known ->
                          group(user, at, links, known.orElse(null), reads)
                              .thenApply(group -> new Person(group, known.orElse(null))));
            });
  }

  private static AliasGroup alone(String user, Throwable failure) {
    Throwable cause = FutureFailures.unwrap(failure);
    if (cause instanceof Problem problem
        && problem.status().equals(HttpStatus.SERVICE_UNAVAILABLE)) {
      return AliasGroup.of(user);
    }
    throw cause instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(cause);
  }

  private static CompletableFuture<AliasGroup> group(
      String user, long at, List<AliasLink> links, @Nullable Long usedAt, LinkReads reads) {
    if (links.isEmpty()) {
      return CompletableFuture.completedFuture(AliasGroup.of(user));
    }
    GroupSearch search = new GroupSearch(user, at, usedAt);
    search.add(user, links);
    return next(search, reads);
  }

  private static CompletableFuture<AliasGroup> next(GroupSearch search, LinkReads reads) {
    search.search();
    List<String> missing = List.copyOf(search.missing());
    if (missing.isEmpty()) {
      return CompletableFuture.completedFuture(search.group());
    }
    return BatchedReads.of(missing, AliasGroup.MAX_MEMBERS, reads::of)
        .thenCompose(
            found -> {
              for (int i = 0; i < found.size(); i++) {
                search.add(missing.get(i), found.get(i));
              }
              return next(search, reads);
            });
  }

  /** When somebody was last seen using an id, by its last event of each type. */
  private CompletableFuture<Optional<Long>> usedAt(Tenant tenant, String user) {
    return tiers
        .latest(
            tenant, new LatestQuery(tenant.getId(), user, tenant.getTimelineShards(), null, budget))
        .thenApply(
            outcomes ->
                outcomes.stream()
                    .flatMap(outcome -> outcome.require().events().stream())
                    .filter(item -> USE.contains(item.status()))
                    .map(TimelineItem::eventTime)
                    .max(Comparator.naturalOrder()));
  }
}
