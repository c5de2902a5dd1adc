package io.postflight.cli.config;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A tier: a named cluster with a retention.
 *
 * @param name such as {@code 30d}
 * @param retention how long rows live; empty: for ever
 * @param bucketWidths slices of time that partitions are cut into, by the moment from which they
 *     hold
 * @param cluster where it is stored
 */
public record StorageTier(
    String name, Optional<Duration> retention, List<Width> bucketWidths, Cluster cluster) {

  /** Validates the name and the order of widths. */
  public StorageTier {
    bucketWidths = List.copyOf(bucketWidths);
    if (!name.matches("[a-z0-9][a-z0-9-]{0,39}")) {
      throw new ConfigurationException(
          "tiers." + name + ": a tier's name has lower-case letters, digits and '-', at most 40");
    }
    for (int i = 1; i < bucketWidths.size(); i++) {
      if (!bucketWidths.get(i - 1).from().isBefore(bucketWidths.get(i).from())) {
        throw new ConfigurationException(
            "tiers." + name + ".bucketWidth: each width must hold from a later time than the last");
      }
    }
  }

  /** The same tier on another server, without credentials. */
  StorageTier at(String contactPoint, String datacenter) {
    return new StorageTier(name, retention, bucketWidths, cluster.at(contactPoint, datacenter));
  }

  /**
   * Width of buckets from a moment on.
   *
   * @param from first moment; the epoch for the first width
   * @param width length of a bucket
   */
  public record Width(Instant from, Duration width) {
    static Width parse(String text) {
      int equals = text.indexOf('=');
      Instant from = equals < 0 ? Instant.EPOCH : Instant.parse(text.substring(0, equals));
      Duration width =
          Kind.duration("1m", "3650d").parser().apply(text.substring(equals + 1).trim());
      return new Width(from, width);
    }
  }

  /**
   * Where a tier is stored and how it is talked to.
   *
   * @param contactPoints {@code host:port}, at least one
   * @param datacenter name of the local datacenter
   * @param keyspace the tier's keyspace
   * @param replication copies of each row in the datacenter
   * @param consistency consistency level of reads and writes
   * @param compactionWindow width of a window of time-window compaction
   * @param username empty: no authentication
   * @param password of the user
   * @param requestTimeout after which a request counts as failed
   */
  public record Cluster(
      List<String> contactPoints,
      String datacenter,
      String keyspace,
      int replication,
      String consistency,
      Duration compactionWindow,
      Optional<String> username,
      Optional<String> password,
      Duration requestTimeout) {
    /** Copies the list. */
    public Cluster {
      contactPoints = List.copyOf(contactPoints);
    }

    @Override
    public String toString() {
      return "Cluster[" + contactPoints + ", " + datacenter + ", " + keyspace + "]";
    }

    Cluster at(String contactPoint, String localDatacenter) {
      return new Cluster(
          List.of(contactPoint),
          localDatacenter,
          keyspace,
          1,
          "LOCAL_ONE",
          compactionWindow,
          Optional.empty(),
          Optional.empty(),
          requestTimeout);
    }
  }
}
