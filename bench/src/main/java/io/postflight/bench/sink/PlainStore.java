package io.postflight.bench.sink;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import io.postflight.bench.process.RoundMeter;
import io.postflight.bench.workload.BenchTenants;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.settings.DeploymentSettings;
import io.postflight.store.Row;
import io.postflight.store.Rows;
import io.postflight.store.Tier;
import io.postflight.store.cql.ClusterSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * The tier's tables without the store's code: records are decoded to the rows that the store
 * defines, and these are bound and sent with nothing between them and the driver. Thread-safe.
 */
final class PlainStore implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Tier tier;
  private final String topic;
  private final CqlSession session;
  private final PlainRows binder;
  private final ThreadLocal<Deserializer<TierRecord>> values;
  private final RoundMeter meter;
  private final LongAdder statements = new LongAdder();
  private final LongAdder rows = new LongAdder();

  private PlainStore(
      Tier tier, String topic, CqlSession session, AvroSerdes serdes, RoundMeter meter) {
    this.tier = tier;
    this.topic = topic;
    this.session = session;
    this.binder = PlainRows.prepare(session);
    this.values = ThreadLocal.withInitial(() -> serdes.value(TierRecord.class).deserializer());
    this.meter = meter;
  }

  static PlainStore open(DeploymentSettings settings, RoundMeter meter) {
    var storage = settings.tier(BenchTenants.TIER).orElseThrow();
    return new PlainStore(
        storage.tier(),
        topic(settings),
        session(storage.cluster()),
        AvroSerdes.of(settings.registry().serdeProperties()),
        meter);
  }

  static String topic(DeploymentSettings settings) {
    return settings.kafka().topics().store(BenchTenants.TIER);
  }

  private static CqlSession session(ClusterSettings cluster) {
    String point = cluster.contactPoints().get(0);
    int colon = point.lastIndexOf(':');
    return CqlSession.builder()
        .addContactPoint(
            new InetSocketAddress(
                point.substring(0, colon), Integer.parseInt(point.substring(colon + 1))))
        .withLocalDatacenter(cluster.datacenter())
        .withKeyspace(cluster.keyspace())
        .withConfigLoader(
            DriverConfigLoader.programmaticBuilder()
                .withString(DefaultDriverOption.PROTOCOL_VERSION, "V4")
                .withString(DefaultDriverOption.REQUEST_CONSISTENCY, cluster.writeConsistency())
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, TIMEOUT)
                .withBoolean(DefaultDriverOption.REQUEST_DEFAULT_IDEMPOTENCE, true)
                .withBoolean(DefaultDriverOption.METADATA_SCHEMA_ENABLED, false)
                .withInt(DefaultDriverOption.CONNECTION_MAX_REQUESTS, 4_096)
                .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0)
                .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0)
                .build())
        .build();
  }

  /** The rows of a record's value. */
  List<Row> rows(byte[] value) {
    return Rows.of(values.get().deserialize(topic, value), tier);
  }

  /** The statement that writes a row. */
  BoundStatement bind(Row row) {
    rows.increment();
    return binder.bind(
        row, row.remainingTtl(tier.retention(), System.currentTimeMillis()).seconds());
  }

  /** Sends a statement; the first one begins the round. */
  CompletionStage<AsyncResultSet> send(Statement<?> statement) {
    meter.begin();
    statements.increment();
    return session.executeAsync(statement);
  }

  /** Sends a statement and waits for its acknowledgement. */
  void execute(Statement<?> statement) {
    meter.begin();
    statements.increment();
    session.execute(statement);
  }

  /** Ends the round. */
  SinkResult end() {
    return new SinkResult(meter.end(), rows.sum(), statements.sum());
  }

  @Override
  public void close() {
    session.close();
  }
}
