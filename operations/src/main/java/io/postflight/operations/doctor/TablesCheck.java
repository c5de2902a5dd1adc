package io.postflight.operations.doctor;

import com.datastax.oss.driver.api.core.cql.Row;
import io.postflight.schema.settings.Durations;
import io.postflight.store.Table;
import io.postflight.store.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Do a tier's tables have the right TTL, not too many compaction windows, and sufficient gc_grace?
 */
final class TablesCheck {
  /** More windows than this make reads and compaction slow; ScyllaDB refuses them by default. */
  static final int MOST_WINDOWS = 50;

  private static final String CHECK = "tables";
  private static final Duration LEAST_GC_GRACE = Duration.ofHours(3);

  List<Finding> findings(TierCluster cluster) {
    List<Finding> findings = new ArrayList<>();
    int seen = 0;
    for (Row table :
        cluster.ofKeyspace(
            "SELECT table_name, default_time_to_live, gc_grace_seconds, compaction FROM"
                + " system_schema.tables")) {
      String name = String.valueOf(table.getString("table_name"));
      for (Table ours : Table.values()) {
        if (ours.cqlName().equals(name)) {
          seen++;
          table(cluster, ours, table, findings);
        }
      }
    }
    if (findings.isEmpty() && seen > 0) {
      findings.add(
          Finding.ok(
              CHECK,
              cluster.name(),
              "%d tables: TTL %s, windows of %s, gc_grace %s"
                  .formatted(
                      seen,
                      retention(cluster.tier().tier().retention()),
                      Durations.format(cluster.tier().tier().compactionWindow()),
                      Durations.format(cluster.tier().cluster().gcGrace()))));
    }
    return findings;
  }

  private static void table(TierCluster cluster, Table table, Row row, List<Finding> findings) {
    Tier tier = cluster.tier().tier();
    String subject = cluster.name() + "." + table.cqlName();
    String apply = "postflight schema apply --tier " + cluster.name();
    @Nullable Duration retention = table.expires() ? tier.retention() : null;
    int ttl = row.getInt("default_time_to_live");
    if (ttl != (retention == null ? 0 : retention.toSeconds())) {
      findings.add(
          Finding.fail(
              CHECK,
              subject,
              "default TTL is %s; %s is %s"
                  .formatted(
                      ttl == 0 ? "unlimited" : Durations.format(Duration.ofSeconds(ttl)),
                      table.expires() ? "the tier's retention" : "required",
                      retention(retention)),
              apply));
    }
    gcGrace(cluster, subject, Duration.ofSeconds(row.getInt("gc_grace_seconds")), findings);
    Map<String, String> compaction =
        Objects.requireNonNullElse(row.getMap("compaction", String.class, String.class), Map.of());
    if (table.expires()) {
      compaction(subject, compaction, retention, apply, findings);
    }
  }

  private static void gcGrace(
      TierCluster cluster, String subject, Duration actual, List<Finding> findings) {
    Duration wanted = cluster.tier().cluster().gcGrace();
    if (!actual.equals(wanted)) {
      findings.add(
          Finding.fail(
              CHECK,
              subject,
              "gc_grace is %s; configured: %s"
                  .formatted(Durations.format(actual), Durations.format(wanted)),
              "postflight schema apply --tier " + cluster.name()));
    } else if (actual.compareTo(LEAST_GC_GRACE) < 0) {
      findings.add(
          Finding.warn(
              CHECK,
              subject,
              "gc_grace is "
                  + Durations.format(actual)
                  + ": a node that was down for longer restores deleted rows",
              "set tiers." + cluster.name() + ".gcGrace to more than the repair interval"));
    }
  }

  private static void compaction(
      String subject,
      Map<String, String> compaction,
      @Nullable Duration retention,
      String apply,
      List<Finding> findings) {
    String strategy = compaction.getOrDefault("class", "");
    if (strategy.endsWith("IncrementalCompactionStrategy")) {
      return;
    }
    if (!strategy.endsWith("TimeWindowCompactionStrategy")) {
      findings.add(
          Finding.fail(
              CHECK,
              subject,
              "compaction is " + strategy + ", which never drops expired SSTables as a whole",
              apply));
      return;
    }
    Duration window = window(compaction);
    if (retention != null && !window.isZero()) {
      long windows = (retention.toSeconds() + window.toSeconds() - 1) / window.toSeconds();
      if (windows > MOST_WINDOWS) {
        findings.add(
            Finding.fail(
                CHECK,
                subject,
                "%d compaction windows of %s in %s; allowed: %d"
                    .formatted(
                        windows,
                        Durations.format(window),
                        Durations.format(retention),
                        MOST_WINDOWS),
                apply));
      }
    }
  }

  private static Duration window(Map<String, String> compaction) {
    String size = compaction.getOrDefault("compaction_window_size", "1");
    long count = size.matches("\\d{1,9}") ? Long.parseLong(size) : 1;
    return switch (compaction.getOrDefault("compaction_window_unit", "DAYS")) {
      case "MINUTES" -> Duration.ofMinutes(count);
      case "HOURS" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  private static String retention(@Nullable Duration retention) {
    return retention == null ? "unlimited" : Durations.format(retention);
  }
}
