package io.postflight.operations.replay;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.postflight.operations.CqlSessions;
import io.postflight.operations.OperationException;
import io.postflight.operations.StorageTier;
import io.postflight.replay.Drill;
import io.postflight.replay.ReplayStore;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.store.cql.CqlEventStore;
import io.postflight.store.cql.CqlSchema;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A scratch keyspace in a tier's cluster, with the tier's schema and replication, for one drill.
 */
public final class DrillKeyspace implements Drill.Keyspace {
  private static final Duration CONNECT = Duration.ofSeconds(30);
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final StorageTier scratch;
  private final CqlSession session;
  private @Nullable CqlEventStore store;

  private DrillKeyspace(StorageTier scratch, CqlSession session) {
    this.scratch = scratch;
    this.session = session;
  }

  /**
   * Connects to the cluster of a tier.
   *
   * @param suffix suffix of the keyspace's name, after that of the tier's own
   */
  public static DrillKeyspace of(StorageTier tier, String suffix) {
    StorageTier scratch = tier.inKeyspaceWith(suffix);
    return new DrillKeyspace(scratch, CqlSessions.open(scratch.cluster()));
  }

  @Override
  public ReplayStore create() {
    new CqlSchema(scratch.tier(), scratch.cluster()).apply(session);
    CqlEventStore opened =
        CqlEventStore.open(
            scratch.tier(),
            scratch.cluster(),
            tenant -> List.of(new ShardVersion(1, 0L)),
            InstantSource.system());
    store = opened;
    try {
      if (!opened.awaitReady(CONNECT)) {
        throw OperationException.unreachable(
            "the cluster of tier " + scratch.name() + " cannot be reached");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw OperationException.interrupted();
    }
    return ReplayStore.of(opened);
  }

  @Override
  public void drop() {
    if (store != null) {
      store.close();
      store = null;
    }
    session.execute(
        SimpleStatement.newInstance("DROP KEYSPACE IF EXISTS " + scratch.cluster().keyspace())
            .setTimeout(TIMEOUT));
  }

  @Override
  public long rows() {
    return new StoredRows(session)
        .count(List.of(scratch)).byTier().getOrDefault(scratch.name(), Map.of()).values().stream()
            .mapToLong(Long::longValue)
            .sum();
  }

  @Override
  public void close() {
    try {
      drop();
    } finally {
      session.close();
    }
  }
}
