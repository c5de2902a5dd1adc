package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.driver.api.core.metadata.Node;
import io.postflight.schema.concurrent.FutureFailures;
import io.postflight.store.KeyLimits;
import io.postflight.store.RemainingTtl;
import io.postflight.store.Row;
import io.postflight.store.RowKey;
import io.postflight.store.StoreException;
import io.postflight.store.Table;
import io.postflight.store.Tier;
import io.postflight.store.WriteResult;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows of one partition: one row as a single statement, more as unlogged batches within
 * limits. A batch of one partition is one mutation on each replica, and so three times as fast; a
 * logged batch would only add a round trip, since the writes are idempotent.
 */
final class CqlWriter {
  /** Bytes of a statement in a batch besides its row: id, counts, timestamp, TTL. */
  private static final int STATEMENT_OVERHEAD = 60;

  private final CqlConnection connection;
  private final Tier tier;
  private final BatchLimits limits;
  private final InstantSource clock;

  CqlWriter(CqlConnection connection, Tier tier, BatchLimits limits, InstantSource clock) {
    this.connection = connection;
    this.tier = tier;
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * Writes rows of one partition.
   *
   * @param coordinator the preferred coordinator; null if the driver selects one
   */
  CompletionStage<WriteResult> write(List<Row> rows, @Nullable Node coordinator) {
    if (rows.isEmpty()) {
      return CompletableFuture.completedFuture(new WriteResult(0, 0));
    }
    return connection.run(() -> "writing " + kind(rows.get(0)), () -> send(rows, coordinator));
  }

  private CompletionStage<WriteResult> send(List<Row> rows, @Nullable Node coordinator) {
    requireOnePartition(rows);
    rows.forEach(CqlWriter::requireKeyFits);
    Statements statements = connection.statements();
    long now = clock.millis();
    List<BoundStatement> batch = new ArrayList<>();
    List<List<BoundStatement>> batches = new ArrayList<>();
    int bytes = 0;
    List<Row> live = new ArrayList<>(rows.size());
    for (Row row : rows) {
      if (!ttl(row, now).expired()) {
        live.add(row);
      }
    }
    for (Row row : uncovered(live)) {
      int size = row.sizeBytes();
      if (size > limits.rowBytes()) {
        throw new StoreException(
            StoreException.Kind.INVALID,
            "%s has about %d bytes; at most %d are allowed"
                .formatted(kind(row), size, limits.rowBytes()));
      }
      size += STATEMENT_OVERHEAD;
      if (!batch.isEmpty()
          && (batch.size() == limits.batchRows() || bytes + size > limits.batchBytes())) {
        batches.add(batch);
        batch = new ArrayList<>();
        bytes = 0;
      }
      batch.add(statements.write(row, ttl(row, now).seconds()));
      bytes += size;
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    WriteResult result = new WriteResult(live.size(), rows.size() - live.size());
    CompletionStage<?> sent = CompletableFuture.completedFuture(null);
    for (List<BoundStatement> each : batches) {
      CompletionStage<?> next = execute(statements, request(each), coordinator);
      sent = batches.size() == 1 ? next : sent.thenCombine(next, (first, second) -> second);
    }
    return sent.thenApply(done -> result);
  }

  private RemainingTtl ttl(Row row, long now) {
    return row.remainingTtl(tier.retention(), now);
  }

  /**
   * The rows without those that a later one in the same request covers, such as earlier revisions
   * of a message. Both would be one mutation, in which the earlier has no effect.
   */
  private static List<Row> uncovered(List<Row> rows) {
    if (rows.size() < 2 || rows.get(0).table() == Table.TIMELINE) {
      return rows; // an event is written once
    }
    List<Row> kept = new ArrayList<>(rows.size());
    Map<RowKey, Integer> last = new HashMap<>();
    for (Row row : rows) {
      Integer at = last.get(row.key());
      if (at != null && row.covers(kept.get(at))) {
        kept.set(at, row);
      } else if (at == null || !kept.get(at).covers(row)) {
        last.put(row.key(), kept.size());
        kept.add(row);
      }
    }
    return kept;
  }

  /**
   * The driver sends a statement with a node to no other node. So if that node is unreachable, or
   * fails in a way for which the driver would try another one, the statement is sent again without
   * a node.
   */
  private static CompletionStage<AsyncResultSet> execute(
      Statements statements, Statement<?> request, @Nullable Node coordinator) {
    if (coordinator == null) {
      return statements.send(request);
    }
    return statements
        .send(request.setNode(coordinator))
        .exceptionallyCompose(
            fault ->
                FutureFailures.unwrap(fault) instanceof AllNodesFailedException
                    ? statements.send(request)
                    : CompletableFuture.failedFuture(fault));
  }

  private static Statement<?> request(List<BoundStatement> rows) {
    if (rows.size() == 1) {
      return rows.get(0);
    }
    return BatchStatement.builder(BatchType.UNLOGGED)
        .addStatements(List.copyOf(rows))
        .setIdempotence(true)
        .build();
  }

  private static void requireKeyFits(Row row) {
    String excess = KeyLimits.excess(row);
    if (excess != null) {
      throw new StoreException(StoreException.Kind.INVALID, excess);
    }
  }

  private static void requireOnePartition(List<Row> rows) {
    for (Row row : rows) {
      if (!row.partition().equals(rows.get(0).partition())) {
        throw new StoreException(
            StoreException.Kind.INVALID, "rows of several partitions in one write");
      }
    }
  }

  /** Without the ids of messages and users, since it is logged. */
  private static String kind(Row row) {
    return "a row of " + row.table() + " of tenant " + row.partition().tenant();
  }
}
