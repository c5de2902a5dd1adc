package io.postflight.bench.workload;

import io.postflight.operations.KafkaSettings;
import io.postflight.operations.OperationException;
import io.postflight.operations.StorageTier;
import io.postflight.schema.settings.RecordCopy;
import io.postflight.settings.DeploymentSettings;
import io.postflight.settings.SettingsLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The deployment that roles are measured in, in a form that goes to another process.
 *
 * @param file the user's settings, or null
 * @param assignments the user's, {@code key=value}
 * @param kafka address of Kafka
 * @param registry address of the schema registry
 * @param cql address of the CQL server, {@code host:port}
 * @param directory where roles keep their state
 * @param tenants whose webhooks are processed
 */
public record Deployment(
    @Nullable String file,
    List<String> assignments,
    String kafka,
    String registry,
    String cql,
    String directory,
    BenchTenants tenants) {
  /**
   * All processes share a machine, and may leave one of them without time for longer than usual.
   */
  private static final Map<String, String> CLIENTS = Map.of("default.api.timeout.ms", "60000");

  /** Copies the list. */
  public Deployment {
    assignments = List.copyOf(assignments);
  }

  /** The settings of a role; of tiers only those of the tenants. */
  public DeploymentSettings settings() {
    DeploymentSettings all =
        new SettingsLoader(System.getenv())
            .loadForDevelopment(file == null ? null : Path.of(file), assignments)
            .on(kafka, registry, cql, "datacenter1")
            .keepingStateIn(Path.of(directory));
    KafkaSettings patient = RecordCopy.with(all.kafka(), "client", CLIENTS);
    StorageTier measured = all.tier(BenchTenants.TIER).orElseThrow(Deployment::withoutTier);
    return RecordCopy.with(
        all,
        Map.of(
            "kafka",
            patient,
            "tiers",
            tenants.tiers().stream().map(name -> tier(measured, name)).toList()));
  }

  /** Another tier that differs from the one that is measured in its name and keyspace alone. */
  private static StorageTier tier(StorageTier measured, String name) {
    return name.equals(measured.name())
        ? measured
        : new StorageTier(
            RecordCopy.with(measured.tier(), "name", name),
            measured.inKeyspaceWith('_' + name).cluster());
  }

  private static OperationException withoutTier() {
    return OperationException.usage(
        "the settings have no tier " + BenchTenants.TIER + ", which bench writes to");
  }

  /** The same deployment with another value of a setting. */
  public Deployment with(String key, String value) {
    List<String> all = new ArrayList<>(assignments);
    all.add(key + '=' + value);
    return RecordCopy.with(this, "assignments", all);
  }

  /** The same deployment with other tenants. */
  public Deployment withTenants(BenchTenants others) {
    return RecordCopy.with(this, "tenants", others);
  }

  /** The same deployment with topics and consumer groups of its own. */
  public Deployment withTopics(String prefix) {
    return with("kafka.topicPrefix", prefix);
  }

  /** The same deployment with tables of its own. */
  public Deployment withKeyspace(String keyspace) {
    return with("tiers." + BenchTenants.TIER + ".keyspace", keyspace);
  }

  /** The same deployment with another directory. */
  public Deployment in(String name) {
    return RecordCopy.with(this, "directory", Path.of(directory, name).toString());
  }
}
