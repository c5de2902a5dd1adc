package io.postflight.store.cql;

import io.postflight.schema.settings.RecordCopy;
import io.postflight.schema.settings.Setting;
import io.postflight.schema.settings.SettingDefinition;
import io.postflight.schema.settings.SettingsBinder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Connection settings of a tier's cluster; part of sections {@code tiers.<tier>} and {@code
 * tierDefaults}.
 *
 * @param writes limits of single requests
 */
public record ClusterSettings(
    @Setting(
            value = "host:port each, at least one.",
            defaultValue = "localhost:9042",
            pattern = "(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):\\d{1,5}",
            allowed = "host:port",
            server = true)
        List<String> contactPoints,
    @Setting(
            value = "Name of the local datacenter, to which requests are sent.",
            defaultValue = "datacenter1",
            pattern = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}",
            allowed = "a name of letters, digits, '.', '_' and '-'",
            server = true)
        String datacenter,
    @Setting(
            value = "The keyspace.",
            pattern = "[a-z][a-z0-9_]{0,47}",
            allowed = "a lower-case letter, then up to 47 lower-case letters, digits or '_'")
        String keyspace,
    @Setting(
            value =
                "Replication factor of keyspaces that are created: of the local datacenter, or per"
                    + " datacenter [\"dc1=3\", \"dc2=3\"].",
            defaultValue = "3",
            pattern = "(?:[A-Za-z0-9][A-Za-z0-9._-]{0,99}=)?[1-9]\\d?",
            allowed = "a number of replicas in the local datacenter, or <datacenter>=<number>")
        List<String> replication,
    @Setting(
            value = "Consistency level of writes.",
            defaultValue = "LOCAL_QUORUM",
            oneOf = {"LOCAL_ONE", "LOCAL_QUORUM", "QUORUM", "EACH_QUORUM", "ALL"})
        String writeConsistency,
    @Setting(
            value = "Consistency level of reads.",
            defaultValue = "LOCAL_QUORUM",
            oneOf = {"LOCAL_ONE", "LOCAL_QUORUM", "QUORUM", "ALL"})
        String readConsistency,
    @Setting(
            value =
                "How long tombstones are kept in tables that are created: longer than the interval"
                    + " between repairs.",
            defaultValue = "10d",
            min = "0s",
            max = "365d")
        Duration gcGrace,
    @Setting(
            value = "User name; empty for no authentication.",
            defaultValue = "",
            none = "",
            allowed = "a user name",
            server = true)
        @Nullable String username,
    @Setting(
            value =
                "The password; preferably set by the environment: POSTFLIGHT_TIERS_30D_PASSWORD.",
            defaultValue = "",
            none = "",
            allowed = "the user's password",
            secret = true,
            server = true)
        @Nullable String password,
    @Setting(
            value = "Timeout of a request, which is then retried.",
            defaultValue = "5s",
            min = "50ms",
            max = "2m")
        Duration requestTimeout,
    BatchLimits writes) {

  /** Validates; limits that are not given are the default. */
  public ClusterSettings {
    SettingDefinition.require(
        ClusterSettings.class,
        contactPoints,
        datacenter,
        keyspace,
        replication,
        writeConsistency,
        readConsistency,
        gcGrace,
        username,
        password,
        requestTimeout,
        writes);
    if ((username == null) != (password == null)) {
      throw new IllegalArgumentException("username and password go together; one is missing");
    }
    contactPoints = List.copyOf(contactPoints);
    replication = List.copyOf(replication);
    writes = Objects.requireNonNullElse(writes, BatchLimits.DEFAULT);
  }

  /** A cluster of one node without authentication, with defaults for the rest. */
  public static ClusterSettings singleNode(
      String host, int port, String datacenter, String keyspace) {
    return SettingsBinder.with(
        ClusterSettings.class,
        Map.of(
            "contactPoints",
            host + ':' + port,
            "datacenter",
            datacenter,
            "keyspace",
            keyspace,
            "replication",
            "1"));
  }

  /** Replication factor per datacenter. */
  public Map<String, Integer> replicationFactors() {
    Map<String, Integer> factors = new HashMap<>();
    for (String text : replication) {
      int equals = text.indexOf('=');
      factors.put(
          equals < 0 ? datacenter : text.substring(0, equals),
          Integer.valueOf(text.substring(equals + 1)));
    }
    return factors;
  }

  /** These settings for a cluster of one node without authentication. */
  public ClusterSettings at(String contactPoint, String localDatacenter) {
    Map<String, @Nullable Object> changes = new HashMap<>();
    changes.put("contactPoints", List.of(contactPoint));
    changes.put("datacenter", localDatacenter);
    changes.put("replication", List.of("1"));
    changes.put("username", null);
    changes.put("password", null);
    return RecordCopy.with(this, changes);
  }

  /** These settings with other nodes to contact, {@code host:port} each. */
  public ClusterSettings withContactPoints(List<String> points) {
    return RecordCopy.with(this, "contactPoints", points);
  }

  /** These settings with another keyspace. */
  public ClusterSettings withKeyspace(String name) {
    return RecordCopy.with(this, "keyspace", name);
  }

  /** These settings with another replication. */
  public ClusterSettings withReplication(String... factors) {
    return RecordCopy.with(this, "replication", List.of(factors));
  }

  /** These settings with other consistency levels. */
  public ClusterSettings withConsistency(String write, String read) {
    return RecordCopy.with(this, Map.of("writeConsistency", write, "readConsistency", read));
  }

  /** These settings with another request timeout. */
  public ClusterSettings withRequestTimeout(Duration timeout) {
    return RecordCopy.with(this, "requestTimeout", timeout);
  }

  /** These settings with credentials. */
  public ClusterSettings withCredentials(String name, String secret) {
    return RecordCopy.with(this, Map.of("username", name, "password", secret));
  }

  /** These settings with another gc grace. */
  public ClusterSettings withGcGrace(Duration grace) {
    return RecordCopy.with(this, "gcGrace", grace);
  }

  /** These settings with other limits of single requests. */
  public ClusterSettings withWrites(BatchLimits limits) {
    return RecordCopy.with(this, "writes", limits);
  }

  /** Everything but the password. */
  @Override
  public String toString() {
    return "ClusterSettings[contactPoints=%s, datacenter=%s, keyspace=%s, username=%s]"
        .formatted(contactPoints, datacenter, keyspace, username);
  }
}
