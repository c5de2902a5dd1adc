package io.postflight.runtime;

import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.operations.admin.Provisioning;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.settings.DeploymentSettings;
import io.postflight.settings.SettingsLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A separate deployment on the shared servers: topics with a prefix, separate keyspaces, one tier
 * {@code 30d}, two partitions per topic.
 *
 * @param file its settings
 */
public record TestDeployment(Path file) {

  /** A deployment with this name; nothing is created yet. */
  public static TestDeployment of(String name, String... moreSettings) {
    String unique = SharedServers.uniqueName(name);
    EmbeddedCassandra cassandra = SharedServers.cassandra();
    Path directory = SharedServers.newDirectory(name);
    String text =
        """
        kafka { bootstrap = ["%s"], topicPrefix = "%s.", replication = 1,
          partitions { raw = 2, events = 2, store = 2 } }
        registry.url = "%s"
        http { host = "127.0.0.1", port = 0 }
        topology { stateDir = "%s/topology", sessionTimeout = 6s, caughtUpInterval = 500ms, threads = 1 }
        sink { stateDir = "%s/sink", sessionTimeout = 6s, commitInterval = 200ms }
        tierDefaults { contactPoints = ["%s:%d"], datacenter = "%s", replication = ["1"] }
        tiers { 15d = null, 60d = null, 90d = null, 30d.keyspace = "%s" }
        """
            .formatted(
                SharedServers.kafka().bootstrapServers(),
                unique,
                SharedServers.registry().url(),
                directory,
                directory,
                cassandra.host(),
                cassandra.port(),
                cassandra.datacenter(),
                unique);
    try {
      Path file = directory.resolve("postflight.conf");
      Files.writeString(file, text + String.join("\n", moreSettings) + "\n");
      return new TestDeployment(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its settings. */
  public DeploymentSettings settings(String... assignments) {
    return new SettingsLoader(Map.of()).load(file, List.of(assignments));
  }

  /** Its serdes. */
  public AvroSerdes serdes() {
    return AvroSerdes.of(settings().registry().serdeProperties());
  }

  /** A directory of its own. */
  public Path directory() {
    return Objects.requireNonNull(file.toAbsolutePath().getParent());
  }

  /** Creates its topics and tables. */
  public TestDeployment created() {
    DeploymentSettings settings = settings();
    Provisioning.createTopics(settings.operations());
    Provisioning.createSchemas(settings.tiers());
    return this;
  }
}
