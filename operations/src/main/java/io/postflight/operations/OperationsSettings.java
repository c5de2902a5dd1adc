package io.postflight.operations;

import io.postflight.sink.write.SinkLimits;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The settings of a deployment's operations.
 *
 * @param kafka the Kafka cluster and our topics in it
 * @param registry the schema registry
 * @param tiers the clusters that events are stored in, by name
 * @param roles names and limits of its roles
 */
public record OperationsSettings(
    KafkaSettings kafka, RegistrySettings registry, List<StorageTier> tiers, Roles roles) {

  /**
   * Names and limits of the roles of a deployment.
   *
   * @param normalizerId application.id of the topology's normalizer
   * @param lifecycleId application.id of its lifecycle
   * @param sinkId prefix of each sink's application.id
   * @param limits of a sink, which also apply to restores and drills
   */
  public record Roles(String normalizerId, String lifecycleId, String sinkId, SinkLimits limits) {}

  /** Copies the list. */
  public OperationsSettings {
    tiers = List.copyOf(tiers);
  }

  /** The tier of a name. */
  public Optional<StorageTier> tier(String name) {
    return tiers.stream().filter(tier -> tier.name().equals(name)).findFirst();
  }

  /**
   * The tier of a given name.
   *
   * @throws OperationException if there is none
   */
  public StorageTier requireTier(String name) {
    return tier(name)
        .orElseThrow(
            () ->
                OperationException.parameter(
                    "tier",
                    name + " is not configured; allowed: " + String.join(", ", tierNames())));
  }

  /** Names of all tiers, sorted. */
  public Set<String> tierNames() {
    Set<String> names = new TreeSet<>();
    tiers.forEach(tier -> names.add(tier.name()));
    return names;
  }
}
