package io.postflight.operations;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.postflight.store.Tier;
import io.postflight.store.cql.BatchLimits;
import io.postflight.store.cql.ClusterSettings;

/**
 * A tier and the cluster that it is stored in.
 *
 * @param tier name, retention and bucket widths
 * @param cluster where it is stored, and how to connect to it
 */
public record StorageTier(@JsonUnwrapped Tier tier, @JsonUnwrapped ClusterSettings cluster) {
  private static final int LONGEST_KEYSPACE = 48;

  /** The tier's name. */
  public String name() {
    return tier.name();
  }

  /** The same tier on a server of one node, without credentials. */
  public StorageTier at(String contactPoint, String datacenter) {
    return new StorageTier(tier, cluster.at(contactPoint, datacenter));
  }

  /**
   * The same tier in another keyspace of its cluster.
   *
   * @param suffix suffix of the name of the tier's own keyspace, which is truncated if necessary
   */
  public StorageTier inKeyspaceWith(String suffix) {
    String own = cluster.keyspace();
    String kept = own.substring(0, Math.min(own.length(), LONGEST_KEYSPACE - suffix.length()));
    return new StorageTier(tier, cluster.withKeyspace(kept + suffix));
  }

  /** The same tier with other limits of single write requests. */
  public StorageTier withWrites(BatchLimits limits) {
    return new StorageTier(tier, cluster.withWrites(limits));
  }
}
