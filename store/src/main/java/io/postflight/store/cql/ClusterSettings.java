package io.postflight.store.cql;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Connection settings of a tier's cluster.
 *
 * @param contactPoints {@code host:port} of initial contact nodes; at least one
 * @param datacenter the datacenter to which requests are sent
 * @param keyspace the tier's keyspace
 * @param username user name; null for no authentication
 * @param password password; null for no authentication
 * @param writeConsistency consistency of writes, such as {@code LOCAL_QUORUM}
 * @param readConsistency consistency of reads
 * @param replication replication factor per datacenter, for creating the keyspace
 * @param gcGrace how long tombstones are kept, for creating tables: longer than the interval
 *     between repairs
 * @param requestTimeout timeout of one request
 * @param writes limits of single requests
 */
public record ClusterSettings(
    List<String> contactPoints,
    String datacenter,
    String keyspace,
    @Nullable String username,
    @Nullable String password,
    String writeConsistency,
    String readConsistency,
    Map<String, Integer> replication,
    Duration gcGrace,
    Duration requestTimeout,
    BatchLimits writes) {
  private static final Pattern KEYSPACE = Pattern.compile("[a-z][a-z0-9_]{0,47}");
  private static final Pattern DATACENTER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final Pattern CONTACT_POINT = Pattern.compile(".+:[0-9]{1,5}");
  private static final Set<String> CONSISTENCIES =
      Set.of("ONE", "TWO", "THREE", "QUORUM", "ALL", "LOCAL_ONE", "LOCAL_QUORUM", "EACH_QUORUM");

  public ClusterSettings {
    contactPoints = List.copyOf(contactPoints);
    replication = Map.copyOf(replication);
    if (contactPoints.isEmpty()) {
      throw new IllegalArgumentException(
          "contactPoints is empty; at least one host:port is needed");
    }
    contactPoints.forEach(point -> require("contact point", point, CONTACT_POINT));
    require("datacenter", datacenter, DATACENTER);
    require("keyspace", keyspace, KEYSPACE);
    requireConsistency("writeConsistency", writeConsistency);
    requireConsistency("readConsistency", readConsistency);
    if (readConsistency.equals("EACH_QUORUM")) {
      throw new IllegalArgumentException(
          "readConsistency is EACH_QUORUM, which is for writes only");
    }
    if (replication.isEmpty()) {
      throw new IllegalArgumentException("replication is empty; at least one datacenter is needed");
    }
    replication.forEach(
        (name, factor) -> {
          require("datacenter in replication", name, DATACENTER);
          if (factor < 1 || factor > 100) {
            throw new IllegalArgumentException(
                "replication of " + name + " is " + factor + "; allowed is 1 to 100");
          }
        });
    if (gcGrace.isNegative() || gcGrace.toSeconds() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("gcGrace is " + gcGrace + "; allowed is 0 s or more");
    }
    if (requestTimeout.compareTo(Duration.ofMillis(10)) < 0) {
      throw new IllegalArgumentException(
          "requestTimeout is " + requestTimeout + "; allowed is 10 ms or more");
    }
    if ((username == null) != (password == null)) {
      throw new IllegalArgumentException("username and password go together; one is missing");
    }
  }

  /**
   * A cluster of one node without authentication, with the default consistency (LOCAL_QUORUM),
   * timeout (5 s), gc grace (ten days) and limits.
   */
  public static ClusterSettings singleNode(
      String host, int port, String datacenter, String keyspace) {
    return new ClusterSettings(
        List.of(host + ":" + port),
        datacenter,
        keyspace,
        null,
        null,
        "LOCAL_QUORUM",
        "LOCAL_QUORUM",
        Map.of(datacenter, 1),
        Duration.ofDays(10),
        Duration.ofSeconds(5),
        BatchLimits.DEFAULT);
  }

  /** These settings with another request timeout. */
  public ClusterSettings withRequestTimeout(Duration timeout) {
    return new ClusterSettings(
        contactPoints,
        datacenter,
        keyspace,
        username,
        password,
        writeConsistency,
        readConsistency,
        replication,
        gcGrace,
        timeout,
        writes);
  }

  /** These settings with credentials. */
  public ClusterSettings withCredentials(String name, String secret) {
    return new ClusterSettings(
        contactPoints,
        datacenter,
        keyspace,
        name,
        secret,
        writeConsistency,
        readConsistency,
        replication,
        gcGrace,
        requestTimeout,
        writes);
  }

  /** These settings with another gc grace. */
  public ClusterSettings withGcGrace(Duration grace) {
    return new ClusterSettings(
        contactPoints,
        datacenter,
        keyspace,
        username,
        password,
        writeConsistency,
        readConsistency,
        replication,
        grace,
        requestTimeout,
        writes);
  }

  /** These settings with other limits of single requests. */
  public ClusterSettings withWrites(BatchLimits limits) {
    return new ClusterSettings(
        contactPoints,
        datacenter,
        keyspace,
        username,
        password,
        writeConsistency,
        readConsistency,
        replication,
        gcGrace,
        requestTimeout,
        limits);
  }

  /** Everything but the password. */
  @Override
  public String toString() {
    return "ClusterSettings[contactPoints=%s, datacenter=%s, keyspace=%s, username=%s]"
        .formatted(contactPoints, datacenter, keyspace, username);
  }

  private static void require(String field, String value, Pattern allowed) {
    if (!allowed.matcher(value).matches()) {
      throw new IllegalArgumentException(field + " is '" + value + "'; allowed is " + allowed);
    }
  }

  private static void requireConsistency(String field, String value) {
    if (!CONSISTENCIES.contains(value)) {
      throw new IllegalArgumentException(
          field + " is '" + value + "'; allowed are " + CONSISTENCIES.stream().sorted().toList());
    }
  }
}
