package io.postflight.store.cql;

import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.store.EventStore;
import io.postflight.store.StoreContract;
import io.postflight.store.Table;
import io.postflight.store.Tier;
import io.postflight.store.TimelineShards;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A separate keyspace on the shared server, and stores on it. */
final class CqlTables implements AutoCloseable {
  final ClusterSettings settings;
  final CqlSession session;
  private final TimelineShards shards;
  private final Map<Tier, CqlEventStore> stores = new HashMap<>();

  CqlTables(ClusterSettings settings, TimelineShards shards) {
    this.settings = settings;
    this.shards = shards;
    this.session = SessionConfig.builder("test", settings).build();
    new CqlSchema(StoreContract.TIER, settings).apply(session);
  }

  static ClusterSettings settings(String keyspace) {
    EmbeddedCassandra server = SharedServers.cassandra();
    return ClusterSettings.singleNode(server.host(), server.port(), server.datacenter(), keyspace)
        .withRequestTimeout(Duration.ofSeconds(20));
  }

  EventStore store(Tier tier) {
    return stores.computeIfAbsent(tier, this::open);
  }

  private CqlEventStore open(Tier tier) {
    CqlEventStore store = CqlEventStore.open(tier, settings, shards, InstantSource.system());
    try {
      store.ready().toCompletableFuture().get(60, TimeUnit.SECONDS);
      return store;
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** The rows of a tenant in a table, with every column. */
  List<String> dump(Table table, String tenant) {
    return session
        .execute("SELECT * FROM %s.%s".formatted(settings.keyspace(), table.cqlName()))
        .all()
        .stream()
        .filter(row -> tenant.equals(row.getString("tenant")))
        .map(Row::getFormattedContents)
        .sorted()
        .toList();
  }

  static void advance(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    await().atMost(Duration.ofMinutes(1)).until(() -> System.nanoTime() - end >= 0);
  }

  @Override
  public void close() {
    stores.values().forEach(CqlEventStore::close);
    session.close();
  }
}
