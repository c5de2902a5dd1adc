package io.postflight.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.ColumnDefinition;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.data.UdtValue;
import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureIds;
import io.postflight.schema.identity.AliasLinks;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.schema.topic.DeadLetterHeaders;
import io.postflight.schema.topic.RecordKeys;
import io.postflight.schema.topic.Topics;
import io.postflight.store.MessageColumns;
import io.postflight.store.Rows;
import io.postflight.store.Table;
import io.postflight.store.Tier;
import io.postflight.store.cql.ClusterSettings;
import io.postflight.store.cql.CqlEventStore;
import io.postflight.store.cql.CqlSchema;
import io.postflight.topology.lifecycle.LifecycleErasures;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** A separate tier on the shared servers: topics, ledger, keyspace. */
final class TierFixture implements AutoCloseable {
  private static final String POINTERS = "last";

  /** Columns written by element, each with its own write timestamp. */
  private static final Set<String> BY_ELEMENT = Set.of(MessageColumns.LISTINGS, POINTERS);

  /** Begin of the names of tenants that are in other tiers. */
  static final String ELSEWHERE = "elsewhere";

  private static final int PARTITIONS = 2;
  private static final int AT_ONCE = 50;

  final Tier tier;
  final String name = SharedServers.uniqueName("replay");
  final String topic = name + ".store";
  final String overflow = topic + ".overflow";
  final String ledger = name + ".erasures";
  final String deadLetters = name + ".dead";
  final String identity = name + ".identity";
  final AvroSerdes serdes = AvroSerdes.mock(name);
  final CqlEventStore store;
  final CqlSession session;

  private final ClusterSettings cluster;
  private final KafkaProducer<String, byte[]> producer;
  private final Serde<TierRecord> records = serdes.value(TierRecord.class);
  private final Serde<AliasLinks> links = serdes.value(AliasLinks.class);
  private final Serde<Erasure> commands = serdes.value(Erasure.class);
  private final Random random = new Random(7);

  TierFixture(Tier tier, Duration gcGrace) {
    this.tier = tier;
    Map<String, String> appendTime = Map.of("message.timestamp.type", "LogAppendTime");
    SharedServers.kafka()
        .createTopics(
            new NewTopic(topic, PARTITIONS, (short) 1).configs(appendTime),
            new NewTopic(overflow, PARTITIONS, (short) 1).configs(appendTime),
            new NewTopic(identity, PARTITIONS, (short) 1)
                .configs(Map.of("cleanup.policy", "compact")),
            new NewTopic(ledger, 1, (short) 1));
    Properties config = new Properties();
    config.put("bootstrap.servers", SharedServers.kafka().bootstrapServers());
    config.put("transactional.id", name);
    // One request in flight: on a new partition a first batch may fail while later ones succeed,
    // which aborts a transaction.
    config.put("max.in.flight.requests.per.connection", 1);
    producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
    producer.initTransactions();
    EmbeddedCassandra server = SharedServers.cassandra();
    cluster =
        ClusterSettings.singleNode(server.host(), server.port(), server.datacenter(), name)
            .withRequestTimeout(Duration.ofSeconds(20))
            .withGcGrace(gcGrace);
    session =
        CqlSession.builder()
            .addContactPoint(new InetSocketAddress(server.host(), server.port()))
            .withLocalDatacenter(server.datacenter())
            .withConfigLoader(
                DriverConfigLoader.programmaticBuilder()
                    .withString(DefaultDriverOption.PROTOCOL_VERSION, "V4")
                    .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(60))
                    .withDuration(
                        DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, Duration.ofSeconds(30))
                    .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0)
                    .build())
            .build();
    new CqlSchema(tier, cluster).apply(session);
    store = open();
  }

  private CqlEventStore open() {
    CqlEventStore opened =
        CqlEventStore.open(
            tier, cluster, tenant -> List.of(new ShardVersion(1, 0L)), InstantSource.system());
    opened.ready().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    return opened;
  }

  TierReplay replay() {
    return TierReplay.builder(
            tier,
            new Topics(name + "."),
            Map.of("bootstrap.servers", SharedServers.kafka().bootstrapServers()),
            serdes)
        .topics(List.of(topic, overflow))
        .ledger(ledger)
        .deadLetters(deadLetters)
        .identity(new TierReplay.IdentitySource(identity, id -> !id.startsWith(ELSEWHERE)))
        .timeout(Duration.ofSeconds(30))
        .build();
  }

  /** Sends records as the topology does, in transactions, some of which are aborted. */
  void produce(List<TierRecord> all) {
    for (int begin = 0; begin < all.size(); begin += 50) {
      List<TierRecord> some = all.subList(begin, Math.min(all.size(), begin + 50));
      if (begin % 150 == 0) {
        producer.beginTransaction();
        some.forEach(record -> send(topic, record));
        // Otherwise unsent records never reach the log.
        producer.flush();
        producer.abortTransaction();
      }
      producer.beginTransaction();
      some.forEach(record -> send(random.nextInt(4) == 0 ? overflow : topic, record));
      producer.commitTransaction();
    }
  }

  private void send(String lane, TierRecord record) {
    List<TimelineEntry> entries = record.getTimeline();
    String user = entries.isEmpty() ? null : entries.get(0).getEvent().getUserId();
    String key = RecordKeys.ofTimeline(record.getTenant(), user, "unknown");
    var unused =
        producer.send(
            new ProducerRecord<>(lane, key, records.serializer().serialize(lane, record)));
  }

  /**
   * Sends records to one partition, in this order.
   *
   * @return offset of the last
   */
  long produceInOrder(List<TierRecord> all) {
    producer.beginTransaction();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (TierRecord record : all) {
      byte[] value = records.serializer().serialize(topic, record);
      sent.add(producer.send(new ProducerRecord<>(topic, 0, "k", value)));
    }
    producer.commitTransaction();
    try {
      return sent.get(sent.size() - 1).get().offset();
    } catch (InterruptedException | ExecutionException failed) {
      throw new AssertionError(failed);
    }
  }

  /** Sends the copies of a command that the lifecycle derives from the erasure of a user. */
  void produceCopies(Erasure derived, String erasedUser) {
    produceInOrder(
        LifecycleErasures.copies(derived, Map.of(erasedUser, derived.getAt())).values().stream()
            .map(
                copy ->
                    new TierRecord(
                        copy.getTenant(), List.of(), null, copy.getAt(), copy, null, null))
            .toList());
  }

  /** Dead-letters a record of partition 0, as the sink does. */
  void deadLetter(long offset) {
    SharedServers.kafka().createTopics(new NewTopic(deadLetters, 1, (short) 1));
    ProducerRecord<String, byte[]> deadLetter =
        new ProducerRecord<>(deadLetters, "k", new byte[] {1});
    Map.of(
            DeadLetterHeaders.REASON, "INTERNAL",
            DeadLetterHeaders.STAGE, "sink",
            DeadLetterHeaders.SOURCE_TOPIC, topic,
            DeadLetterHeaders.SOURCE_PARTITION, "0",
            DeadLetterHeaders.SOURCE_OFFSET, Long.toString(offset))
        .forEach((name, text) -> deadLetter.headers().add(name, text.getBytes(UTF_8)));
    producer.beginTransaction();
    var unused = producer.send(deadLetter);
    producer.commitTransaction();
  }

  /** Writes the links of an id to the topic of all links. */
  void produceLinks(AliasLinks all) {
    producer.beginTransaction();
    var unused =
        producer.send(
            new ProducerRecord<>(
                identity,
                RecordKeys.ofUser(all.getTenant(), all.getAlias()),
                links.serializer().serialize(identity, all)));
    producer.commitTransaction();
  }

  /** Bytes that are not a record. */
  void produceGarbage() {
    producer.beginTransaction();
    var unused = producer.send(new ProducerRecord<>(topic, "k", new byte[] {1, 2, 3}));
    producer.commitTransaction();
  }

  /** Appends a command to the ledger. */
  Erasure order(
      String tenant,
      @Nullable String message,
      @Nullable String user,
      List<String> fields,
      long at) {
    Erasure command =
        Erasure.newBuilder()
            .setId(ErasureIds.next(at, new Random(at + fields.size())))
            .setTenant(tenant)
            .setMessageId(message)
            .setUserId(user)
            .setFields(fields)
            .setAt(at)
            .build();
    order(command);
    return command;
  }

  /** Appends a command to the ledger. */
  void order(Erasure command) {
    producer.beginTransaction();
    var unused =
        producer.send(
            new ProducerRecord<>(
                ledger, command.getId(), commands.serializer().serialize(ledger, command)));
    producer.commitTransaction();
  }

  /** Writes records to the tables, as a sink does. */
  void write(List<TierRecord> all) {
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      CompletableFuture<?>[] writes =
          all.subList(from, Math.min(all.size(), from + AT_ONCE)).stream()
              .flatMap(record -> partitions(record).stream())
              .map(rows -> store.write(rows).toCompletableFuture())
              .toArray(CompletableFuture[]::new);
      CompletableFuture.allOf(writes).orTimeout(60, TimeUnit.SECONDS).join();
    }
  }

  private Collection<List<io.postflight.store.Row>> partitions(TierRecord record) {
    return Rows.of(record, tier).stream()
        .collect(Collectors.groupingBy(io.postflight.store.Row::partition))
        .values();
  }

  /** Truncates every table. */
  void truncate() {
    for (Table table : Table.values()) {
      session.execute("TRUNCATE " + name + '.' + table.cqlName());
    }
  }

  /**
   * All rows of all tables: keys, cells and write timestamps as text, with the first and last
   * second in which each cell may expire, since a query takes time.
   */
  Map<String, List<Long>> dump() {
    Map<String, List<Long>> rows = new TreeMap<>();
    for (Table table : Table.values()) {
      dump(table, rows);
    }
    return rows;
  }

  private void dump(Table table, Map<String, List<Long>> rows) {
    List<String> all = columns(table);
    List<String> keys = keys(table);
    String selected =
        all.stream()
            .map(
                column ->
                    keys.contains(column) || BY_ELEMENT.contains(column)
                        ? column
                        : "%s, WRITETIME(%s) AS w_%s, TTL(%s) AS t_%s"
                            .formatted(column, column, column, column, column))
            .collect(Collectors.joining(", "));
    long before = System.currentTimeMillis() / 1000;
    List<Row> found =
        session.execute("SELECT %s FROM %s.%s".formatted(selected, name, table.cqlName())).all();
    long after = System.currentTimeMillis() / 1000;
    for (Row row : found) {
      StringBuilder text = new StringBuilder(table.cqlName());
      List<Long> ends = new ArrayList<>();
      for (ColumnDefinition column : row.getColumnDefinitions()) {
        String label = column.getName().asInternal();
        if (label.equals(POINTERS)) {
          text.append(' ').append(pointers(row));
        } else if (!label.startsWith("t_")) {
          text.append(' ').append(label).append('=').append(row.getObject(label));
        } else if (!row.isNull(label)) {
          ends.add(before + row.getInt(label));
          ends.add(after + row.getInt(label));
        }
      }
      if (!"~canary".equals(row.getString("tenant"))) {
        rows.put(text.toString(), ends);
      }
    }
  }

  /** The last event of each type, which a moved pointer has too. */
  private static Map<String, String> pointers(Row row) {
    Map<String, String> events = new TreeMap<>();
    Map<String, UdtValue> last = row.getMap(POINTERS, String.class, UdtValue.class);
    if (last != null) {
      last.forEach(
          (type, pointer) -> events.put(type, String.valueOf(pointer.getString("event_id"))));
    }
    return events;
  }

  private List<String> columns(Table table) {
    return session
        .execute(
            "SELECT column_name FROM system_schema.columns WHERE keyspace_name = ? AND table_name ="
                + " ?",
            name,
            table.cqlName())
        .all()
        .stream()
        .map(row -> String.valueOf(row.getString(0)))
        .sorted()
        .toList();
  }

  private List<String> keys(Table table) {
    return session
        .execute(
            "SELECT column_name, kind FROM system_schema.columns WHERE keyspace_name = ? AND"
                + " table_name = ?",
            name,
            table.cqlName())
        .all()
        .stream()
        .filter(row -> !"regular".equals(row.getString(1)))
        .map(row -> String.valueOf(row.getString(0)))
        .toList();
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
    store.close();
    var unused = session.forceCloseAsync();
  }
}
