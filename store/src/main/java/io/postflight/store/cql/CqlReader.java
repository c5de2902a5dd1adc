package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.postflight.schema.message.MessageRevision;
import io.postflight.store.Buckets;
import io.postflight.store.EventReader;
import io.postflight.store.ListingFilter;
import io.postflight.store.ListingItem;
import io.postflight.store.ListingQuery;
import io.postflight.store.Order;
import io.postflight.store.Page;
import io.postflight.store.StoreException;
import io.postflight.store.Tier;
import io.postflight.store.TimelineItem;
import io.postflight.store.TimelineQuery;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
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

  /** Rows of a page of latest events: each may have 64 KiB of attributes. */
  private static final int LATEST_ROWS = 64;

  private final CqlConnection connection;
  private final Tier tier;
  private final Buckets buckets;
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
    this.buckets = tier.buckets();
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.requestTimeout = requestTimeout;
  }

  CompletionStage<Optional<MessageRevision>> message(String tenant, String messageId) {
    return connection.run(
        "reading a message of tenant " + tenant,
        () -> {
          SelectMessage select = connection.statements().selectMessage();
          return all(
                  select.bind(tenant, messageId),
                  row -> select.read(row, tenant, messageId, tier.name()))
              .thenApply(rows -> rows.stream().flatMap(Optional::stream).findFirst());
        });
  }

  CompletionStage<List<TimelineItem>> latest(String tenant, String userId, @Nullable String type) {
    return connection.run(
        "reading latest events of tenant " + tenant,
        () -> {
          Statements statements = connection.statements();
          BoundStatement select =
              type == null
                  ? statements.selectLatest().bind(tenant, userId)
                  : statements.selectLatestOfType().bind(tenant, userId, type);
          return all(select, SelectLatest::read)
              .thenApply(
                  items ->
                      items.stream().sorted(Comparator.comparing(TimelineItem::type)).toList());
        });
  }

  CompletionStage<Page<TimelineItem>> timeline(TimelineQuery query) {
    return connection.run(
        "reading a timeline of tenant " + query.tenant(),
        () -> {
          Deadline deadline = new Deadline(query.page().budget(), nanoTime, requestTimeout);
          MergedPageReader.Range range =
              new MergedPageReader.Range(
                  from(query.page().since(), Duration.ZERO),
                  to(query.page().until()),
                  Order.NEWEST_FIRST,
                  query.page().after(),
                  query.page().limit());
          return new MergedPageReader<>(
                  new TimelineSlices(connection.statements(), query, deadline),
                  buckets,
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
        "reading a listing of tenant " + query.tenant(),
        () -> {
          Deadline deadline = new Deadline(query.page().budget(), nanoTime, requestTimeout);
          MergedPageReader.Range range =
              new MergedPageReader.Range(
                  from(query.page().since(), LISTED_BEFORE_CREATED),
                  to(query.page().until()),
                  query.order(),
                  query.page().after(),
                  query.page().limit());
          return new MergedPageReader<>(
                  new ListingSlices(connection.statements(), query, deadline),
                  buckets,
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

  private <T> CompletionStage<List<T>> all(BoundStatement select, Function<Row, T> read) {
    BoundStatement paged =
        select.setExecutionProfileName(SessionConfig.READ).setPageSize(LATEST_ROWS);
    return connection
        .statements()
        .send(paged)
        .thenCompose(result -> collect(result, read, new ArrayList<>(), 0));
  }

  /** A server may limit a page by bytes, so that one limit may take several pages. */
  private static <T> CompletionStage<List<T>> collect(
      AsyncResultSet result, Function<Row, T> read, List<T> items, long bytesBefore) {
    long bytes = bytesBefore;
    for (Row row : result.currentPage()) {
      items.add(read.apply(row));
      bytes += PartitionSlices.size(row);
    }
    if (items.size() > 1 && bytes > EventReader.MAX_BYTES) {
      return CompletableFuture.failedFuture(
          StoreException.tooLarge("the rows have more than " + EventReader.MAX_BYTES + " bytes"));
    }
    long soFar = bytes;
    return result.hasMorePages()
        ? result.fetchNextPage().thenCompose(next -> collect(next, read, items, soFar))
        : CompletableFuture.completedFuture(items);
  }
}
