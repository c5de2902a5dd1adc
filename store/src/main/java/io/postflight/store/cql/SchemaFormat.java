package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.metadata.Metadata;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import io.postflight.store.StoreException;
import io.postflight.store.Table;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The version of the format of a keyspace's tables, recorded in the comment of each. It changes
 * with every change that statements of this version cannot read or that cannot be added to existing
 * tables; before the first release no other version is read.
 */
final class SchemaFormat {
  /** This version. */
  static final int VERSION = 1;

  private static final CqlIdentifier COMMENT = CqlIdentifier.fromInternal("comment");
  private static final Pattern RECORDED = Pattern.compile("Postflight, format (\\d+)");

  private SchemaFormat() {}

  /** The comment of a table of this version. */
  static String comment() {
    return "Postflight, format " + VERSION;
  }

  /**
   * Requires that the existing tables have this version.
   *
   * @param comments of the keyspace's tables, by name; those of other tables are ignored
   * @throws StoreException FATAL if one has another, or none is recorded
   */
  static void require(String keyspace, Map<String, String> comments) {
    for (Table table : Table.values()) {
      String comment = comments.get(table.cqlName());
      if (comment != null) {
        require(keyspace, table.cqlName(), RECORDED.matcher(comment));
      }
    }
  }

  private static void require(String keyspace, String table, Matcher recorded) {
    if (!recorded.find()) {
      throw new StoreException(
          StoreException.Kind.FATAL,
          "table %s.%s has no recorded format, and this version requires format %d: if this version created it, execute ALTER TABLE %s.%s WITH comment = '%s'; else configure another keyspace"
              .formatted(keyspace, table, VERSION, keyspace, table, comment()));
    }
    if (!recorded.group(1).equals(Integer.toString(VERSION))) {
      throw new StoreException(
          StoreException.Kind.FATAL,
          "keyspace %s has tables of format %s; this version requires format %d: drop the keyspace, or configure another"
              .formatted(keyspace, recorded.group(1), VERSION));
    }
  }

  /** The same for the tables in the driver's metadata. */
  static void require(String keyspace, Metadata metadata) {
    Collection<TableMetadata> tables =
        metadata
            .getKeyspace(CqlIdentifier.fromInternal(keyspace))
            .map(present -> present.getTables().values())
            .orElse(List.of());
    require(
        keyspace,
        tables.stream()
            .collect(
                Collectors.toMap(
                    table -> table.getName().asInternal(),
                    table -> String.valueOf(table.getOptions().get(COMMENT)))));
  }
}
