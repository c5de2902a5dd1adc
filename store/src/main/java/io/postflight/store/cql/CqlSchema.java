package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.postflight.store.Tier;
import io.postflight.store.WriteException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keyspace, types and tables of a tier, from the {@code .cql} resources beside this class. Applying
 * is idempotent: what is there stays as it is. Nothing is ever dropped.
 */
public final class CqlSchema {
  private static final List<String> RESOURCES =
      List.of(
          "keyspace.cql",
          "types.cql",
          "timeline.cql",
          "latest.cql",
          "message.cql",
          "message_by_time.cql");

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
   * @throws WriteException TRANSIENT when the cluster is away, FATAL when it refuses
   */
  public static void create(Tier tier, ClusterSettings settings) {
    try (CqlSession session = SessionConfig.builder("schema-" + tier.name(), settings).build()) {
      new CqlSchema(tier, settings).apply(session);
    } catch (RuntimeException fault) {
      throw Faults.write("schema of tier " + tier.name() + " was not applied", fault);
    }
  }

  /**
   * Applies the schema through a session, and returns once all nodes agree on it.
   *
   * @throws WriteException TRANSIENT when the cluster is away or its nodes do not agree in time,
   *     FATAL when it refuses
   */
  public void apply(CqlSession session) {
    for (String statement : statements()) {
      try {
        SimpleStatement ddl =
            SimpleStatement.newInstance(statement).setTimeout(Duration.ofSeconds(30));
        if (!session.execute(ddl).getExecutionInfo().isSchemaInAgreement()
            && !session.checkSchemaAgreement()) {
          throw new WriteException(
              WriteException.Kind.TRANSIENT,
              "the nodes of keyspace " + settings.keyspace() + " do not agree on its schema",
              null);
        }
      } catch (RuntimeException fault) {
        throw Faults.write(
            "schema of tier %s, keyspace %s: '%s'"
                .formatted(
                    tier.name(), settings.keyspace(), statement.lines().findFirst().orElse("")),
            fault);
      }
    }
  }

  /** The statements, in order, without comments. */
  public List<String> statements() {
    Map<String, String> values = values();
    return RESOURCES.stream()
        .map(CqlSchema::resource)
        .map(text -> withoutComments(text))
        .map(text -> filled(text, values))
        .flatMap(text -> Arrays.stream(text.split(";")))
        .map(String::strip)
        .filter(statement -> !statement.isEmpty())
        .toList();
  }

  private Map<String, String> values() {
    Duration retention = tier.retention();
    return Map.of(
        "keyspace",
        settings.keyspace(),
        "replication",
        replication(),
        "default_ttl",
        Long.toString(retention == null ? 0 : retention.toSeconds()),
        "gc_grace",
        Long.toString(settings.gcGrace().toSeconds()),
        "compaction",
        compaction());
  }

  private String replication() {
    String factors =
        new TreeMap<>(settings.replication())
            .entrySet().stream()
                .map(entry -> ", '%s': %d".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining());
    return "{'class': 'NetworkTopologyStrategy'" + factors + "}";
  }

  /** Time windows: a window goes as a whole once its newest row has expired. */
  private String compaction() {
    return "{'class': 'TimeWindowCompactionStrategy', 'compaction_window_unit': 'HOURS',"
        + " 'compaction_window_size': %d}".formatted(Tier.usualWidth(tier.retention()).toHours());
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
