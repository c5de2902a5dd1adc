package io.postflight.operations.doctor;

import io.postflight.store.StoreException;
import io.postflight.store.cql.CqlSchema;
import java.util.List;

/** Is the CQL schema of a tier's keyspace complete? */
final class SchemaCheck {
  private static final String CHECK = "schema";

  List<Finding> findings(TierCluster cluster) {
    List<String> pending;
    try {
      pending =
          new CqlSchema(cluster.tier().tier(), cluster.tier().cluster()).pending(cluster.session());
    } catch (StoreException otherFormat) {
      return List.of(
          Finding.fail(
              CHECK,
              cluster.name(),
              String.valueOf(otherFormat.getMessage()),
              "data of another version cannot be used"));
    }
    List<String> missing =
        pending.stream()
            .filter(
                statement ->
                    !statement.contains(" WITH default_time_to_live") || isCreate(statement))
            .map(statement -> statement.lines().findFirst().orElse("").replace(" (", ""))
            .toList();
    return List.of(
        missing.isEmpty()
            ? Finding.ok(CHECK, cluster.name(), "keyspace " + cluster.keyspace() + " is complete")
            : Finding.fail(
                CHECK,
                cluster.name(),
                "missing: " + String.join("; ", missing),
                "postflight schema apply --tier " + cluster.name()));
  }

  /** Options that differ are reported by {@link TablesCheck}. */
  private static boolean isCreate(String statement) {
    return statement.startsWith("CREATE");
  }
}
