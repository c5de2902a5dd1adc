package io.postflight.operations;

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
  private static final int LONGEST_KEYSPACE = 48;

  /** The tier's name. */
  public String name() {
    return tier.name();
  }

  /** The same tier on a server of one node, without credentials. */
  public StorageTier at(String contactPoint, String datacenter) {
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

  /**
   * The same tier in another keyspace of its cluster.
   *
   * @param suffix what the name has behind that of the tier's own, which is cut if need be
   */
  public StorageTier inKeyspaceWith(String suffix) {
    String own = cluster.keyspace();
    String kept = own.substring(0, Math.min(own.length(), LONGEST_KEYSPACE - suffix.length()));
    return new StorageTier(
        tier,
        new ClusterSettings(
            cluster.contactPoints(),
            cluster.datacenter(),
            kept + suffix,
            cluster.username(),
            cluster.password(),
            cluster.writeConsistency(),
            cluster.readConsistency(),
            cluster.replication(),
            cluster.gcGrace(),
            cluster.requestTimeout(),
            cluster.writes()));
  }
}
