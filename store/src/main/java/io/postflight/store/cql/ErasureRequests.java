package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.DefaultBatchType;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.Statement;
import io.postflight.store.EventPointer;
import io.postflight.store.PartitionKey;
import io.postflight.store.RowKey;
import io.postflight.store.Tier;
import io.postflight.store.TimelineShards;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The requests of an erasure, and the partitions that can have rows of a user. Reads use
 * LOCAL_QUORUM, whatever the consistency of queries, since a missed row would not be erased.
 */
final class ErasureRequests {
  /** Partitions read or deleted concurrently. */
  static final int PARTITIONS = 8;

  /** Rows or messages of one page processed concurrently. */
  static final int ROWS = 8;

  private static final ConsistencyLevel CONSISTENCY = DefaultConsistencyLevel.LOCAL_QUORUM;
  private static final int PAGE_ROWS = 500;

  /** Event times are clamped to 5 minutes after arrival, and clocks differ. */
  private static final Duration MAX_CLOCK_SKEW = Duration.ofDays(1);

  private final Statements statements;
  private final Tier tier;
  private final TimelineShards shards;
  private final InstantSource clock;

  ErasureRequests(Statements statements, Tier tier, TimelineShards shards, InstantSource clock) {
    this.statements = statements;
    this.tier = tier;
    this.shards = shards;
    this.clock = clock;
  }

  ErasureStatements prepared() {
    return statements.erasure();
  }

  Tier tier() {
    return tier;
  }

  CompletionStage<Optional<WrittenMessage>> message(String tenant, String messageId) {
    return execute(prepared().selectMessage().bind(tenant, messageId))
        .thenApply(
            result ->
                Optional.ofNullable(result.one())
                    .flatMap(
                        row -> SelectWrittenMessage.read(row, tenant, messageId, tier.name())));
  }

  /** Timestamp of the last redaction of a message that does not exist; 0 if none. */
  CompletionStage<Long> redactedAt(String tenant, String messageId) {
    return execute(prepared().selectMessage().bind(tenant, messageId))
        .thenApply(
            result ->
                Optional.ofNullable(result.one()).map(SelectWrittenMessage::redactedAt).orElse(0L));
  }

  /** The pointers of a timeline partition. */
  CompletionStage<List<EventPointer>> pointers(PartitionKey partition) {
    return execute(statements.selectPointers().bind(partition))
        .thenApply(result -> SelectPointers.read(result.one()));
  }

  /** Whether an event is there. */
  CompletionStage<Boolean> exists(RowKey event) {
    return execute(statements.selectEvent().bind(event)).thenApply(result -> result.one() != null);
  }

  /**
   * The event of a type with the latest anchor in a timeline partition. Anchor and time differ by
   * minutes at most, so it is among the newest.
   */
  CompletionStage<Optional<WrittenEvent>> last(PartitionKey partition, String type) {
    return execute(prepared().selectEventsOfType().bind(partition, type))
        .thenCompose(result -> last(result, partition));
  }

  private static CompletionStage<Optional<WrittenEvent>> last(
      AsyncResultSet result, PartitionKey partition) {
    WrittenEvent last = null;
    for (Row row : result.currentPage()) {
      WrittenEvent event = SelectWrittenEvents.read(row, partition);
      if (last == null || event.writtenAt() > last.writtenAt()) {
        last = event;
      }
    }
    return last == null && result.hasMorePages()
        ? result.fetchNextPage().thenCompose(next -> last(next, partition))
        : CompletableFuture.completedFuture(Optional.ofNullable(last));
  }

  /** Processes the events of a partition page by page; returns the sum of the results. */
  CompletionStage<Long> events(
      PartitionKey partition,
      BoundStatement select,
      Function<List<WrittenEvent>, CompletionStage<Long>> page) {
    return pages(select, row -> SelectWrittenEvents.read(row, partition), page);
  }

  /** Deletes the cells of a row that were written up to a timestamp. */
  CompletionStage<Void> delete(RowKey key, long micros) {
    return send(prepared().deleteRow(key.table()).bind(key, micros));
  }

  /** Deletes the cells of a message's listing rows that were written up to a timestamp. */
  CompletionStage<Long> deleteListed(WrittenMessage message, long micros) {
    return BoundedConcurrency.over(
        message.listings(tier.listingBuckets()),
        ROWS,
        listed -> delete(listed, micros).thenApply(done -> 1L));
  }

  /** Deletes the rows of a partition that were written up to a timestamp. */
  CompletionStage<Void> delete(PartitionKey partition, long micros) {
    return send(prepared().deletePartition().bind(partition, micros));
  }

  /** Deletes the error code of a row if it was written up to a timestamp. */
  CompletionStage<Void> deleteErrorCode(RowKey key, long micros) {
    return send(prepared().deleteErrorCode(key.table()).bind(key, micros));
  }

  /** Deletes two rows of different partitions atomically, by a logged batch. */
  CompletionStage<Void> deleteTogether(RowKey one, long micros, RowKey other, long otherMicros) {
    return send(
        BatchStatement.newInstance(DefaultBatchType.LOGGED)
            .add(prepared().deleteRow(one.table()).bind(one, micros))
            .add(prepared().deleteRow(other.table()).bind(other, otherMicros))
            .setIdempotent(true));
  }

  /** Sends a change. */
  CompletionStage<Void> send(Statement<?> change) {
    return statements.send(change).thenAccept(acknowledged -> {});
  }

  /**
   * The remaining TTL of a row, to bind again: never 0, which means no expiry, unless the tier's
   * retention is unlimited.
   */
  int remainingTtl(int ttlSeconds) {
    return tier.retention() == null ? ttlSeconds : Math.max(1, ttlSeconds);
  }

  /** The timeline partitions that can have events of a user in the whole retention. */
  List<PartitionKey> partitions(String tenant, String userId, long at) {
    return partitions(tenant, userId, null, at);
  }

  /**
   * The timeline partitions that can have events of a user, newest first.
   *
   * @param from first event_time, epoch milliseconds; null for the whole retention
   * @param at the command's time, which may be ahead of the local clock
   */
  List<PartitionKey> partitions(String tenant, String userId, @Nullable Long from, long at) {
    Duration retention = tier.retention();
    long oldest =
        retention == null
            ? CqlReader.OLDEST
            : Math.max(CqlReader.OLDEST, clock.millis() - retention.toMillis());
    long first = from == null ? oldest : Math.max(oldest, from);
    long end = Math.max(clock.millis(), at) + MAX_CLOCK_SKEW.toMillis();
    return Partitions.timeline(
        tenant, userId, tier.buckets().newestFirst(first, end), shards.of(tenant));
  }

  static CompletionStage<Long> count(long rows) {
    return CompletableFuture.completedFuture(rows);
  }

  private CompletionStage<AsyncResultSet> execute(BoundStatement select) {
    return statements.send(
        select.setConsistencyLevel(CONSISTENCY).setPageSize(PAGE_ROWS).setIdempotent(true));
  }

  private <T> CompletionStage<Long> pages(
      BoundStatement select, Function<Row, T> read, Function<List<T>, CompletionStage<Long>> page) {
    return execute(select).thenCompose(result -> pages(result, read, page, 0));
  }

  private static <T> CompletionStage<Long> pages(
      AsyncResultSet result,
      Function<Row, T> read,
      Function<List<T>, CompletionStage<Long>> page,
      long before) {
    List<T> items = new ArrayList<>();
    result.currentPage().forEach(row -> items.add(read.apply(row)));
    return page.apply(items)
        .thenCompose(
            rows ->
                result.hasMorePages()
                    ? result
                        .fetchNextPage()
                        .thenCompose(next -> pages(next, read, page, before + rows))
                    : count(before + rows));
  }
}
