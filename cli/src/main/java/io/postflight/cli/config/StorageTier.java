package io.postflight.cli.config;

import io.postflight.store.Tier;
import io.postflight.store.cql.ClusterSettings;
import java.util.List;
import java.util.Map;

/**
 * A tier and the cluster that it is stored in.
 *
 * @param tier name, retention and bucket widths
 * @param cluster where it is stored and how it is talked to
 */
public record StorageTier(Tier tier, ClusterSettings cluster) {

  /** The tier's name. */
  public String name() {
    return tier.name();
  }

  /** The same tier on a server of one node, without credentials. */
  StorageTier at(String contactPoint, String datacenter) {
    return new StorageTier(
        tier,
        new ClusterSettings(
            List.of(contactPoint),
            datacenter,
            cluster.keyspace(),
            null,
            null,
            cluster.writeConsistency(),
            cluster.readConsistency(),
            Map.of(datacenter, 1),
            cluster.gcGrace(),
            cluster.requestTimeout(),
            cluster.writes()));
  }
}
