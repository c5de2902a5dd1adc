package io.postflight.operations.doctor;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.servererrors.QueryValidationException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Does a node sync a row to disk before it acknowledges it? Cassandra reports it in {@code
 * system_views.settings}, ScyllaDB in {@code system.config}.
 */
final class CommitLogCheck {
  private static final String CHECK = "commit-log";
  private static final int SAFE = 3;

  List<Finding> findings(TierCluster cluster) {
    Row keyspace = cluster.keyspaceRow();
    if (keyspace == null) {
      return List.of();
    }
    if (!keyspace.getBoolean("durable_writes")) {
      return List.of(
          Finding.fail(
              CHECK,
              cluster.name(),
              "durable_writes is off in keyspace "
                  + cluster.keyspace()
                  + ": acknowledged rows are lost in a crash",
              "ALTER KEYSPACE " + cluster.keyspace() + " WITH durable_writes = true"));
    }
    int copies = cluster.replication().getOrDefault(cluster.tier().cluster().datacenter(), 0);
    return List.of(finding(cluster.name(), settings(cluster.session()), copies));
  }

  /** The finding for the settings of a server. */
  static Finding finding(String tier, Map<String, String> settings, int copies) {
    String mode = settings.getOrDefault("commitlog_sync", "").toLowerCase(Locale.ROOT);
    return switch (mode) {
      case "batch", "group" -> Finding.ok(CHECK, tier, "commitlog_sync is " + mode);
      case "periodic" -> periodic(tier, period(settings), copies);
      default ->
          Finding.warn(
              CHECK,
              tier,
              "the server does not expose its commitlog_sync",
              "check it in the server's configuration");
    };
  }

  private static Finding periodic(String tier, String period, int copies) {
    String says = "commitlog_sync is periodic" + period;
    return copies >= SAFE
        ? Finding.ok(CHECK, tier, says + ", with " + copies + " replicas")
        : Finding.warn(
            CHECK,
            tier,
            says
                + ", with "
                + copies
                + " replicas: a crash loses writes acknowledged since the"
                + " last sync",
            "commitlog_sync: batch, or three replicas");
  }

  private static String period(Map<String, String> settings) {
    String period =
        settings.getOrDefault(
            "commitlog_sync_period", settings.getOrDefault("commitlog_sync_period_in_ms", ""));
    return period.isEmpty() ? "" : " (" + period + (period.matches("\\d+") ? "ms" : "") + ")";
  }

  private static Map<String, String> settings(CqlSession session) {
    for (String table : List.of("system_views.settings", "system.config")) {
      try {
        Map<String, String> found = new HashMap<>();
        for (Row row : session.execute("SELECT name, value FROM " + table)) {
          String name = String.valueOf(row.getString("name"));
          String value = row.getString("value");
          if (name.startsWith("commitlog_sync") && value != null) {
            found.put(name, value.replace("\"", ""));
          }
        }
        if (!found.isEmpty()) {
          return found;
        }
      } catch (QueryValidationException notThere) {
        // The other server's table, or one without permission.
      }
    }
    return Map.of();
  }
}
