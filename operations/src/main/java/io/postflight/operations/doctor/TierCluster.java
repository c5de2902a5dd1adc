package io.postflight.operations.doctor;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.metadata.Node;
import io.postflight.operations.StorageTier;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session to a tier's cluster.
 *
 * @param tier as it is configured
 * @param session to its cluster, closed by the caller
 */
record TierCluster(StorageTier tier, CqlSession session) {

  String name() {
    return tier.name();
  }

  String keyspace() {
    return tier.cluster().keyspace();
  }

  /** Rows of a system table about this keyspace. */
  List<Row> ofKeyspace(String select) {
    return session.execute(select + " WHERE keyspace_name = ?", keyspace()).all();
  }

  /** The keyspace's row; null if there is no keyspace. */
  @Nullable Row keyspaceRow() {
    List<Row> rows = ofKeyspace("SELECT replication, durable_writes FROM system_schema.keyspaces");
    return rows.isEmpty() ? null : rows.get(0);
  }

  /** Replicas per datacenter; empty if the keyspace uses another strategy. */
  Map<String, Integer> replication() {
    Row row = keyspaceRow();
    Map<String, String> raw =
        row == null ? null : row.getMap("replication", String.class, String.class);
    Map<String, Integer> factors = new HashMap<>();
    if (raw != null && raw.getOrDefault("class", "").endsWith("NetworkTopologyStrategy")) {
      raw.forEach(
          (datacenter, copies) -> {
            if (!datacenter.equals("class") && copies.matches("\\d{1,4}")) {
              factors.put(datacenter, Integer.valueOf(copies));
            }
          });
    }
    return factors;
  }

  /** The nodes of a datacenter, up or down. */
  List<Node> nodes(String datacenter) {
    Collection<Node> all = session.getMetadata().getNodes().values();
    return all.stream().filter(node -> datacenter.equals(node.getDatacenter())).toList();
  }
}
