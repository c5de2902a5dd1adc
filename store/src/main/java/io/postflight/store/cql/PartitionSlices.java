package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.postflight.store.PartitionKey;
import io.postflight.store.RowKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Reads slices of partitions in pages. The size of the rows is known from the first page; the next
 * ones are as large as the limit allows, so that neither the server nor this process holds much
 * more.
 */
abstract class PartitionSlices<T> implements MergedPageReader.Slices<T> {
  private final Statements statements;
  private final SelectSlice slice;
  private final SelectTies ties;
  private final Deadline deadline;

  PartitionSlices(Statements statements, SelectSlice slice, SelectTies ties, Deadline deadline) {
    this.statements = statements;
    this.slice = slice;
    this.ties = ties;
    this.deadline = deadline;
  }

  abstract PartitionKey partition(long bucket, int shard);

  abstract T row(long time, String id, Map<String, Object> cells);

  /**
   * The maximum number of rows of the first page.
   *
   * @param bytes that the slice may have
   */
  abstract int firstRows(long bytes);

  @Override
  public final CompletionStage<MergedPageReader.Slice<T>> range(
      long bucket, int shard, long from, long to, MergedPageReader.SliceLimit limit) {
    return read(slice.bind(partition(bucket, shard), from, to, limit.rows()), limit);
  }

  @Override
  public final CompletionStage<MergedPageReader.Slice<T>> ties(
      long bucket, int shard, long time, String id, MergedPageReader.SliceLimit limit) {
    return read(ties.bind(new RowKey(partition(bucket, shard), time, id), limit.rows()), limit);
  }

  private CompletionStage<MergedPageReader.Slice<T>> read(
      BoundStatement select, MergedPageReader.SliceLimit limit) {
    BoundStatement first =
        select
            .setExecutionProfileName(SessionConfig.READ)
            .setTimeout(deadline.requestTimeout())
            .setPageSize(Math.min(limit.rows(), firstRows(limit.bytes())));
    return nextPage(first, limit, new ArrayList<>(), 0);
  }

  private CompletionStage<MergedPageReader.Slice<T>> nextPage(
      BoundStatement select, MergedPageReader.SliceLimit limit, List<T> rows, long bytesBefore) {
    return statements
        .send(select)
        .thenCompose(
            result -> {
              long bytes = bytesBefore;
              for (Row row : result.currentPage()) {
                rows.add(read(row));
                bytes += size(row);
              }
              if (!result.hasMorePages()) {
                return CompletableFuture.completedFuture(
                    new MergedPageReader.Slice<>(rows, rows.size() >= limit.rows()));
              }
              if (rows.size() >= limit.rows() || bytes >= limit.bytes()) {
                return CompletableFuture.completedFuture(new MergedPageReader.Slice<>(rows, true));
              }
              long rowBytes = Math.max(1, bytes / Math.max(1, rows.size()));
              long fitting = (limit.bytes() - bytes) / rowBytes + 1;
              BoundStatement next =
                  select
                      .setPagingState(result.getExecutionInfo().getPagingState())
                      .setPageSize((int) Math.min(limit.rows() - rows.size(), fitting));
              return nextPage(next, limit, rows, bytes);
            });
  }

  private T read(Row row) {
    return row(
        Objects.requireNonNull(row.getInstant(0)).toEpochMilli(),
        Objects.requireNonNull(row.getString(1)),
        slice.columns().read(row, 2));
  }

  static long size(Row row) {
    long bytes = 0;
    for (int i = 0; i < row.size(); i++) {
      ByteBuffer cell = row.getBytesUnsafe(i);
      bytes += cell == null ? 0 : cell.remaining();
    }
    return bytes;
  }
}
