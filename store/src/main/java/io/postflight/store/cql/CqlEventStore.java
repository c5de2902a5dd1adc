package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.metadata.Node;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.identity.AliasLink;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.store.EventStore;
import io.postflight.store.LatestEvents;
import io.postflight.store.LatestQuery;
import io.postflight.store.ListingItem;
import io.postflight.store.ListingQuery;
import io.postflight.store.MessageRow;
import io.postflight.store.Page;
import io.postflight.store.PartitionKey;
import io.postflight.store.Replicas;
import io.postflight.store.Row;
import io.postflight.store.RowKey;
import io.postflight.store.RowReader;
import io.postflight.store.RowRemover;
import io.postflight.store.RowScanner;
import io.postflight.store.StoreException;
import io.postflight.store.StoredCells;
import io.postflight.store.Table;
import io.postflight.store.Tier;
import io.postflight.store.TimelineItem;
import io.postflight.store.TimelineQuery;
import io.postflight.store.TimelineShards;
import io.postflight.store.WriteResult;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A tier's store on ScyllaDB or Cassandra.
 *
 * <p>Opening does not block: if the cluster is unavailable, the store connects in the background
 * and logs warnings; until then every request fails as TRANSIENT (as FATAL if the cluster rejects
 * the connection: unknown user, missing table). Rejections by single nodes are TRANSIENT, see
 * {@link NodeRejections}. After a later outage the driver reconnects.
 */
public final class CqlEventStore implements EventStore, RowReader, RowRemover, RowScanner {
  /** Not a valid tenant name; see the pattern in the schema of tenants. */
  private static final String CANARY = "~canary";

  private static final int CANARY_SECONDS = 60;

  private final Tier tier;
  private final InstantSource clock;
  private final CqlConnection connection;
  private final CqlWriter writer;
  private final CqlReader reader;
  private final CqlRows rows;
  private final Ring ring;
  private final CqlEraser eraser;

  private CqlEventStore(
      Tier tier, ClusterSettings settings, TimelineShards shards, InstantSource clock) {
    this.tier = tier;
    this.clock = clock;
    this.connection = new CqlConnection("tier-" + tier.name(), settings);
    this.writer = new CqlWriter(connection, tier, settings.writes(), clock);
    this.reader =
        new CqlReader(connection, tier, clock, System::nanoTime, settings.requestTimeout());
    this.ring = new Ring(connection, settings.keyspace());
    this.rows = new CqlRows(connection, settings.keyspace());
    this.eraser = new CqlEraser(connection, tier, shards, clock);
  }

  /**
   * Opens a tier's store and returns immediately; {@link #ready()} completes when requests can be
   * sent. The tables have to exist by then, see {@link CqlSchema}.
   */
  public static CqlEventStore open(Tier tier, ClusterSettings settings, InstantSource clock) {
    return open(tier, settings, tenant -> TimelineShards.unknown(), clock);
  }

  /**
   * Opens a tier's store for erasures: with the tenants' timeline shard counts, an erasure reads
   * only shards that can have rows, instead of the maximum number.
   */
  public static CqlEventStore open(
      Tier tier, ClusterSettings settings, TimelineShards shards, InstantSource clock) {
    CqlEventStore store = new CqlEventStore(tier, settings, shards, clock);
    store.connection.start();
    return store;
  }

  /**
   * Completes once the store is connected; fails with {@link StoreException} if it is closed
   * before.
   */
  public CompletionStage<Void> ready() {
    return connection.ready();
  }

  /**
   * Waits until the store is connected.
   *
   * @return whether it is connected; otherwise {@link #probe()} fails with the reason
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public boolean awaitReady(Duration max) throws InterruptedException {
    try {
      connection.ready().toCompletableFuture().get(max.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException | ExecutionException failure) {
      return false;
    }
  }

  @Override
  public Tier tier() {
    return tier;
  }

  @Override
  public CompletionStage<WriteResult> write(List<Row> samePartition) {
    return writer.write(samePartition, null);
  }

  @Override
  public CompletionStage<WriteResult> write(List<Row> samePartition, Object coordinator) {
    return writer.write(samePartition, coordinator instanceof Node node ? node : null);
  }

  @Override
  public Replicas replicas(PartitionKey partition) {
    return ring.of(partition);
  }

  @Override
  public CompletionStage<Void> probe() {
    return connection.run(
        () -> "probing tier " + tier.name(),
        () -> {
          Statements statements = connection.statements();
          MessageRow canary =
              new MessageRow(
                  PartitionKey.of(Table.MESSAGE, CANARY, CANARY),
                  new MessageRevision(
                      CANARY, CANARY, tier.name(), clock.millis(), null, 1, 1, Facts.NONE));
          return statements
              .send(statements.updateMessage().bind(canary, CANARY_SECONDS))
              .thenCompose(written -> reader.message(CANARY, CANARY))
              .thenAccept(CqlEventStore::requireFound);
        });
  }

  @Override
  public CompletionStage<Optional<MessageRevision>> message(String tenant, String messageId) {
    return reader.message(tenant, messageId);
  }

  @Override
  public CompletionStage<Page<TimelineItem>> timeline(TimelineQuery query) {
    return reader.timeline(query);
  }

  @Override
  public CompletionStage<LatestEvents> latest(LatestQuery query) {
    return reader.latest(query);
  }

  @Override
  public CompletionStage<Page<ListingItem>> listing(ListingQuery query) {
    return reader.listing(query);
  }

  @Override
  public CompletionStage<List<AliasLink>> identity(String tenant, String alias) {
    return reader.identity(tenant, alias);
  }

  @Override
  public CompletionStage<Optional<StoredCells>> read(RowKey key) {
    return rows.read(key);
  }

  @Override
  public CompletionStage<Void> remove(RowKey key, long timestampMicros) {
    return eraser.remove(key, timestampMicros);
  }

  @Override
  public CompletionStage<Void> remove(PartitionKey partition, long timestampMicros) {
    return eraser.remove(partition, timestampMicros);
  }

  @Override
  public CompletionStage<Void> repairPointers(PartitionKey partition) {
    return eraser.repairPointers(partition);
  }

  @Override
  public CompletionStage<ScanPage> scan(
      Table table, int slice, int slices, @Nullable ByteBuffer after, int limit) {
    return rows.scan(table, slice, slices, after, limit);
  }

  @Override
  public CompletionStage<Long> erase(Erasure command, long timestampMicros) {
    return eraser.erase(command, timestampMicros);
  }

  @Override
  public void close() {
    connection.close();
  }

  private static void requireFound(Optional<MessageRevision> canary) {
    if (canary.isEmpty()) {
      throw new StoreException(
          StoreException.Kind.TRANSIENT, "a row that was written was not found");
    }
  }
}
