package io.postflight.operations.replay;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.postflight.operations.StorageTier;
import io.postflight.store.Table;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Counts the rows in the database by scanning its tables. */
public final class StoredRows {
  private static final int PAGE = 5_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** The row that probes of the database write; no tenant has this name. */
  private static final String CANARY = "~canary";

  private final CqlSession session;

  /** Counts through a session. */
  public StoredRows(CqlSession session) {
    this.session = session;
  }

  /**
   * Rows of tenants.
   *
   * @param byTier per tier and table
   * @param timelineByTenant rows of timelines per tenant
   */
  public record Counts(Map<String, Map<String, Long>> byTier, Map<String, Long> timelineByTenant) {}

  /** Counts the rows of tiers. */
  public Counts count(Collection<StorageTier> tiers) {
    Map<String, Map<String, Long>> byTier = new TreeMap<>();
    Map<String, Long> timelines = new TreeMap<>();
    for (StorageTier tier : tiers) {
      Map<String, Long> byTable = new LinkedHashMap<>();
      for (Table table : Table.values()) {
        Map<String, Long> byTenant = byTenant(tier.cluster().keyspace(), table.cqlName());
        byTable.put(table.cqlName(), byTenant.values().stream().mapToLong(Long::longValue).sum());
        if (table == Table.TIMELINE) {
          byTenant.forEach((tenant, rows) -> timelines.merge(tenant, rows, Long::sum));
        }
      }
      byTier.put(tier.name(), byTable);
    }
    return new Counts(byTier, timelines);
  }

  private Map<String, Long> byTenant(String keyspace, String table) {
    Map<String, Long> counts = new TreeMap<>();
    SimpleStatement all =
        SimpleStatement.builder("SELECT tenant FROM " + keyspace + '.' + table)
            .setPageSize(PAGE)
            .setTimeout(TIMEOUT)
            .build();
    CompletableFuture<AsyncResultSet> next = session.executeAsync(all).toCompletableFuture();
    while (true) {
      AsyncResultSet page = next.join();
      boolean more = page.hasMorePages();
      if (more) {
        next = page.fetchNextPage().toCompletableFuture();
      }
      for (Row row : page.currentPage()) {
        String tenant = String.valueOf(row.getString(0));
        if (!tenant.equals(CANARY)) {
          counts.merge(tenant, 1L, Long::sum);
        }
      }
      if (!more) {
        return counts;
      }
    }
  }
}
