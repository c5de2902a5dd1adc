package io.postflight.store.cql;

import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.store.StoreContract;
import io.postflight.store.StoreEnvironment;
import io.postflight.store.Table;
import io.postflight.store.Tier;
import io.postflight.store.TimelineShards;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A separate keyspace on the shared server, and stores on it; closed after a test class. */
final class CqlTables implements StoreEnvironment, AfterAllCallback {
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

  /** In a keyspace with a unique name. */
  static CqlTables of(String name, TimelineShards shards) {
    return new CqlTables(settings(SharedServers.uniqueName(name)), shards);
  }

  static ClusterSettings settings(String keyspace) {
    EmbeddedCassandra server = SharedServers.cassandra();
    return ClusterSettings.singleNode(server.host(), server.port(), server.datacenter(), keyspace)
        .withRequestTimeout(Duration.ofSeconds(20));
  }

  @Override
  public CqlEventStore store(Tier tier) {
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

  @Override
  public long now() {
    return System.currentTimeMillis();
  }

  @Override
  public List<String> dump(Table table, String tenant) {
    return session
        .execute(
            "SELECT * FROM %s.%s WHERE tenant = '%s' ALLOW FILTERING"
                .formatted(settings.keyspace(), table.cqlName(), tenant))
        .all()
        .stream()
        .map(Row::getFormattedContents)
        .sorted()
        .toList();
  }

  @Override
  public String withoutPointers(String row) {
    return row.replaceAll("last:\\{.*?\\}\\}", "");
  }

  @Override
  public void advance(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    await().atMost(Duration.ofMinutes(1)).until(() -> System.nanoTime() - end >= 0);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    stores.values().forEach(CqlEventStore::close);
    session.close();
  }
}
