package io.postflight.bench.sink;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.postflight.store.Table;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a table has.
 *
 * @param rows their number
 * @param digest sum of the hashes of all rows: equal for equal rows in any order
 */
record TableContents(long rows, long digest) {
  private static final int PAGE = 2_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String POINTERS = "last";
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  /** The row that probes of the database write; no tenant has this name. */
  private static final String CANARY = "\"~canary\"";

  /** Of all tables of a keyspace. */
  static Map<String, TableContents> of(CqlSession session, String keyspace) {
    Map<String, TableContents> contents = new TreeMap<>();
    for (Table table : Table.values()) {
      contents.put(table.cqlName(), of(session, keyspace, table));
    }
    return contents;
  }

  /**
   * The compared columns: all but the pointers to the last event of each type. Two events of a type
   * can share a write timestamp; of such cells the server keeps the one that expires later by its
   * own clock, which depends on when each was written.
   */
  private static String columns(CqlSession session, String keyspace, Table table) {
    SimpleStatement names =
        SimpleStatement.newInstance(
            "SELECT column_name FROM system_schema.columns"
                + " WHERE keyspace_name = ? AND table_name = ?",
            keyspace,
            table.cqlName());
    return session.execute(names).all().stream()
        .map(row -> String.valueOf(row.getString(0)))
        .filter(name -> !name.equals(POINTERS))
        .collect(Collectors.joining(", "));
  }

  private static TableContents of(CqlSession session, String keyspace, Table table) {
    SimpleStatement all =
        SimpleStatement.builder(
                "SELECT JSON %s FROM %s.%s"
                    .formatted(columns(session, keyspace, table), keyspace, table.cqlName()))
            .setPageSize(PAGE)
            .setTimeout(TIMEOUT)
            .build();
    long rows = 0;
    long digest = 0;
    for (Row row : session.execute(all)) {
      String text = String.valueOf(row.getString(0));
      if (!text.contains(CANARY)) {
        rows++;
        digest += text.hashCode() * SPREAD;
      }
    }
    return new TableContents(rows, digest);
  }
}
