package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.Metadata;
import com.datastax.oss.driver.api.core.metadata.Node;
import io.postflight.store.StoreException;
import io.postflight.store.Table;
import io.postflight.store.Tier;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keyspace, types and tables of a tier, from the {@code .cql} resources beside this class. Applying
 * it creates what is missing, including columns and fields, and sets the table options of the tier.
 * It is idempotent. Nothing is ever dropped, and the replication of an existing keyspace is not
 * changed, since that requires a repair by the operator.
 */
public final class CqlSchema {
  private static final List<String> RESOURCES =
      List.of(
          "keyspace.cql",
          "types.cql",
          "timeline.cql",
          "message.cql",
          "message_by_time.cql",
          "identity.cql");

  /** Of a table whose rows are overwritten and do not expire. */
  private static final String MERGING = "SizeTieredCompactionStrategy";

  private static final Pattern CREATED =
      Pattern.compile("CREATE (KEYSPACE|TYPE|TABLE) IF NOT EXISTS ([a-z0-9_.]+)");

  private static final Duration AGREEMENT_TIME = Duration.ofSeconds(30);

  private final Tier tier;
  private final ClusterSettings settings;

  /** The schema of a tier in the keyspace that the settings name. */
  public CqlSchema(Tier tier, ClusterSettings settings) {
    this.tier = tier;
    this.settings = settings;
  }

  /**
   * Connects and applies the schema.
   *
   * @throws StoreException TRANSIENT if the cluster is unavailable, FATAL if it rejects the schema
   */
  public static void create(Tier tier, ClusterSettings settings) {
    try (CqlSession session = SessionConfig.builder("schema-" + tier.name(), settings).build()) {
      new CqlSchema(tier, settings).apply(session);
    } catch (RuntimeException fault) {
      throw DriverFailures.of("schema of tier " + tier.name() + " was not applied", fault);
    }
  }

  /**
   * Connects and returns the statements that {@link #create} would execute.
   *
   * @throws StoreException TRANSIENT if the cluster is unavailable, FATAL if it rejects the request
   */
  public static List<String> pending(Tier tier, ClusterSettings settings) {
    try (CqlSession session = SessionConfig.builder("schema-" + tier.name(), settings).build()) {
      return new CqlSchema(tier, settings).pending(session);
    } catch (RuntimeException fault) {
      throw DriverFailures.of("schema of tier " + tier.name() + " was not read", fault);
    }
  }

  /**
   * Applies the schema through a session, and returns once all reachable nodes agree on it, asking
   * each node itself.
   *
   * @throws StoreException TRANSIENT if the cluster is unavailable or its nodes do not agree in
   *     time, FATAL if it rejects the schema
   */
  public void apply(CqlSession session) {
    List<String> statements = pending(session);
    // The driver refreshes its schema metadata after each change, debounced by a second: once is
    // enough.
    session.setSchemaMetadataEnabled(false);
    SchemaAgreement agreement = new SchemaAgreement(session, describe());
    try {
      agreement.await(AGREEMENT_TIME);
      for (String statement : statements) {
        execute(session, statement);
        agreement.await(AGREEMENT_TIME);
      }
    } finally {
      session.setSchemaMetadataEnabled(null);
    }
  }

  private void execute(CqlSession session, String statement) {
    try {
      session.execute(
          through(session, SimpleStatement.newInstance(statement))
              .setTimeout(Duration.ofSeconds(30)));
    } catch (RuntimeException fault) {
      String begin = statement.lines().findFirst().orElse("");
      throw DriverFailures.of("%s: '%s'".formatted(describe(), begin), fault);
    }
  }

  /**
   * Always uses the same node, which has applied its own change when the next one depends on it.
   */
  private static SimpleStatement through(CqlSession session, SimpleStatement statement) {
    List<Node> nodes = SchemaAgreement.nodes(session);
    return nodes.isEmpty() ? statement : statement.setNode(nodes.get(0));
  }

  private String describe() {
    return "schema of tier %s, keyspace %s".formatted(tier.name(), settings.keyspace());
  }

  /**
   * The statements that {@link #apply} would execute; empty if the schema is up to date.
   *
   * @throws StoreException FATAL if the keyspace has tables of another format, or types with fields
   *     in another order
   */
  public List<String> pending(CqlSession session) {
    Set<String> present = new HashSet<>();
    List<String> changes = new ArrayList<>();
    select(session, "SELECT keyspace_name FROM system_schema.keyspaces")
        .forEach(row -> present.add("KEYSPACE " + row.getString(0)));
    Map<String, List<String>> members = new HashMap<>();
    for (Row type : select(session, "SELECT type_name, field_names FROM system_schema.types")) {
      String name = "TYPE " + settings.keyspace() + "." + type.getString("type_name");
      present.add(name);
      members.put(name, List.copyOf(type.getList("field_names", String.class)));
    }
    for (Row column :
        select(session, "SELECT table_name, column_name FROM system_schema.columns")) {
      members
          .computeIfAbsent(
              "TABLE " + settings.keyspace() + "." + column.getString("table_name"),
              table -> new ArrayList<>())
          .add(column.getString("column_name"));
    }
    for (Row table :
        select(
            session,
            "SELECT table_name, default_time_to_live, gc_grace_seconds, compaction, comment FROM"
                + " system_schema.tables")) {
      SchemaFormat.require(
          settings.keyspace(),
          Map.of(
              String.valueOf(table.getString("table_name")),
              String.valueOf(table.getString("comment"))));
      String name = settings.keyspace() + "." + table.getString("table_name");
      present.add("TABLE " + name);
      ours(table)
          .filter(ours -> !hasOptions(table, ours.expires()))
          .map(ours -> setOptions(name, ours.expires()))
          .ifPresent(changes::add);
    }
    List<String> pending = new ArrayList<>();
    for (String create : statements()) {
      Matcher object = CREATED.matcher(create);
      if (!object.find() || !present.contains(object.group(1) + " " + object.group(2))) {
        pending.add(create);
      } else {
        pending.addAll(SchemaMembers.additions(create, members));
      }
    }
    pending.addAll(changes);
    return pending;
  }

  private List<Row> select(CqlSession session, String select) {
    SimpleStatement ofKeyspace =
        SimpleStatement.newInstance(select + " WHERE keyspace_name = ?", settings.keyspace());
    return session.execute(through(session, ofKeyspace)).all();
  }

  private static Optional<Table> ours(Row table) {
    return Arrays.stream(Table.values())
        .filter(ours -> ours.cqlName().equals(table.getString("table_name")))
        .findFirst();
  }

  private boolean hasOptions(Row table, boolean expires) {
    return table.getInt("default_time_to_live") == (expires ? defaultTtl() : 0)
        && table.getInt("gc_grace_seconds") == settings.gcGrace().toSeconds()
        && hasCompaction(table.getMap("compaction", String.class, String.class), expires);
  }

  private boolean hasCompaction(@Nullable Map<String, String> compaction, boolean expires) {
    if (compaction == null) {
      return false;
    }
    String strategy = compaction.getOrDefault("class", "");
    return expires
        ? strategy.endsWith("TimeWindowCompactionStrategy")
            && "HOURS".equals(compaction.get("compaction_window_unit"))
            && Long.toString(windowHours()).equals(compaction.get("compaction_window_size"))
        : strategy.endsWith(MERGING);
  }

  private String setOptions(String table, boolean expires) {
    return "ALTER TABLE %s WITH default_time_to_live = %d AND gc_grace_seconds = %d AND compaction = %s"
        .formatted(
            table,
            expires ? defaultTtl() : 0,
            settings.gcGrace().toSeconds(),
            expires ? compaction() : merging());
  }

  /** The statements, in order, without comments. */
  public List<String> statements() {
    Map<String, String> values = values();
    return RESOURCES.stream().flatMap(name -> statements(name, values)).toList();
  }

  /**
   * Requires that the tables and types of a keyspace, as far as they exist, are those of this
   * version.
   *
   * @throws StoreException FATAL if the format of a table or the fields of a type are others
   */
  static void requireCurrent(String keyspace, Metadata metadata) {
    SchemaFormat.require(keyspace, metadata);
    SchemaMembers.requireFields(
        statements("types.cql", Map.of("keyspace", keyspace)).toList(), metadata);
  }

  private static Stream<String> statements(String resource, Map<String, String> values) {
    return Arrays.stream(filled(withoutComments(resource(resource)), values).split(";"))
        .map(String::strip)
        .filter(statement -> !statement.isEmpty());
  }

  private Map<String, String> values() {
    return Map.of(
        "keyspace",
        settings.keyspace(),
        "replication",
        replication(),
        "default_ttl",
        Long.toString(defaultTtl()),
        "gc_grace",
        Long.toString(settings.gcGrace().toSeconds()),
        "compaction",
        compaction(),
        "merging",
        merging(),
        "comment",
        SchemaFormat.comment());
  }

  private String replication() {
    String factors =
        new TreeMap<>(settings.replicationFactors())
            .entrySet().stream()
                .map(entry -> ", '%s': %d".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining());
    return "{'class': 'NetworkTopologyStrategy'" + factors + "}";
  }

  /** Time windows: a window is dropped as a whole once its newest row has expired. */
  private String compaction() {
    return "{'class': 'TimeWindowCompactionStrategy', 'compaction_window_unit': 'HOURS',"
        + " 'compaction_window_size': %d}".formatted(windowHours());
  }

  private static String merging() {
    return "{'class': '" + MERGING + "'}";
  }

  private long defaultTtl() {
    Duration retention = tier.retention();
    return retention == null ? 0 : retention.toSeconds();
  }

  private long windowHours() {
    return tier.compactionWindow().toHours();
  }

  private static String filled(String text, Map<String, String> values) {
    String filled = text;
    for (Map.Entry<String, String> value : values.entrySet()) {
      filled = filled.replace("${" + value.getKey() + "}", value.getValue());
    }
    return filled;
  }

  private static String withoutComments(String text) {
    Stream<String> lines = text.lines().filter(line -> !line.stripLeading().startsWith("--"));
    return lines.collect(Collectors.joining("\n"));
  }

  private static String resource(String name) {
    try (InputStream in = Objects.requireNonNull(CqlSchema.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
