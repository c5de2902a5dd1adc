package io.postflight.store.cql;

import io.postflight.schema.identity.AliasLink;
import io.postflight.schema.message.MessageRevision;
import io.postflight.store.Bucket;
import io.postflight.store.KeyLimits;
import io.postflight.store.LatestEvents;
import io.postflight.store.LatestQuery;
import io.postflight.store.ListingFilter;
import io.postflight.store.ListingItem;
import io.postflight.store.ListingQuery;
import io.postflight.store.Order;
import io.postflight.store.Page;
import io.postflight.store.PartitionKey;
import io.postflight.store.RowKey;
import io.postflight.store.Table;
import io.postflight.store.Tier;
import io.postflight.store.TimelineItem;
import io.postflight.store.TimelineQuery;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Reads rows of one tier. */
final class CqlReader {
  /** Event times are clamped to 5 minutes after arrival; clocks may differ by as much. */
  private static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(10);

  /**
   * A message may be listed shortly before its creation, if its completing event has an earlier
   * time but was processed later.
   */
  private static final Duration LISTED_BEFORE_CREATED = Duration.ofDays(1);

  /** No event is older: earlier times are clamped to arrival. */
  static final long OLDEST = 1_230_768_000_000L;

  private final CqlConnection connection;
  private final Tier tier;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Duration requestTimeout;

  CqlReader(
      CqlConnection connection,
      Tier tier,
      InstantSource clock,
      LongSupplier nanoTime,
      Duration requestTimeout) {
    this.connection = connection;
    this.tier = tier;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.requestTimeout = requestTimeout;
  }

  CompletionStage<Optional<MessageRevision>> message(String tenant, String messageId) {
    return connection.run(
        () -> "reading a message of tenant " + tenant,
        () -> {
          SelectMessage select = connection.statements().selectMessage();
          return connection
              .statements()
              .send(select.bind(tenant, messageId).setExecutionProfileName(SessionConfig.READ))
              .thenApply(
                  found ->
                      Optional.ofNullable(found.one())
                          .flatMap(row -> select.read(row, tenant, messageId, tier.name())));
        });
  }

  CompletionStage<List<AliasLink>> identity(String tenant, String alias) {
    RowKey key = new RowKey(PartitionKey.of(Table.IDENTITY, tenant, alias), 0, "");
    if (KeyLimits.excess(key) != null) {
      return CompletableFuture.completedFuture(List.of());
    }
    return connection.run(
        () -> "reading identity of tenant " + tenant,
        () -> {
          Statements statements = connection.statements();
          return statements
              .send(
                  statements.selectIdentity().bind(key).setExecutionProfileName(SessionConfig.READ))
              .thenApply(found -> SelectIdentity.read(found.one()));
        });
  }

  CompletionStage<LatestEvents> latest(LatestQuery query) {
    return connection.run(
        () -> "reading latest events of tenant " + query.tenant(),
        () -> {
          List<Bucket> all = tier.buckets().newestFirst(from(null, Duration.ZERO), to(null));
          Deadline deadline = new Deadline(query.budget(), nanoTime, requestTimeout);
          return new LatestReader(connection.statements(), query.type(), deadline)
              .read(Partitions.timeline(query.tenant(), query.userId(), all, query.shards()));
        });
  }

  CompletionStage<Page<TimelineItem>> timeline(TimelineQuery query) {
    return connection.run(
        () -> "reading a timeline of tenant " + query.tenant(),
        () -> {
          Deadline deadline = new Deadline(query.page().budget(), nanoTime, requestTimeout);
          MergedPageReader.Range range =
              new MergedPageReader.Range(
                  from(query.page().since(), Duration.ZERO),
                  to(query.page().until()),
                  Order.NEWEST_FIRST,
                  query.page().after(),
                  query.page().limit(),
                  query.page().bytes());
          return new MergedPageReader<>(
                  new TimelineSlices(connection.statements(), query, deadline),
                  tier.buckets(),
                  query.shards(),
                  range,
                  TimelineItem::position,
                  query.type() == null ? null : query::matches,
                  deadline::isOver)
              .page();
        });
  }

  CompletionStage<Page<ListingItem>> listing(ListingQuery query) {
    return connection.run(
        () -> "reading a listing of tenant " + query.tenant(),
        () -> {
          Deadline deadline = new Deadline(query.page().budget(), nanoTime, requestTimeout);
          MergedPageReader.Range range =
              new MergedPageReader.Range(
                  from(query.page().since(), LISTED_BEFORE_CREATED),
                  to(query.page().until()),
                  query.order(),
                  query.page().after(),
                  query.page().limit(),
                  query.page().bytes());
          return new MergedPageReader<>(
                  new ListingSlices(connection.statements(), query, deadline),
                  tier.listingBuckets(),
                  query.shards(),
                  range,
                  ListingItem::position,
                  query.filter().equals(ListingFilter.ALL) ? null : query.filter()::matches,
                  deadline::isOver)
              .page();
        });
  }

  /** The start of the range: earlier rows are expired or not requested. */
  private long from(@Nullable Long since, Duration slack) {
    Duration retention = tier.retention();
    long oldest =
        retention == null
            ? OLDEST
            : Math.max(OLDEST, clock.millis() - retention.plus(slack).toMillis());
    return since == null ? oldest : Math.max(since, oldest);
  }

  private long to(@Nullable Long until) {
    long newest = clock.millis() + MAX_CLOCK_SKEW.toMillis();
    return until == null ? newest : Math.min(until, newest);
  }
}
