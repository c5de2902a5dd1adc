package io.postflight.operations.admin;

import io.postflight.operations.admin.TopicDifference.Aspect;
import io.postflight.operations.admin.TopicDifference.Remedy;
import io.postflight.schema.topic.TopicCatalogue;
import io.postflight.schema.topic.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.config.TopicConfig;

/** Compares the state of topics with their configuration; a pure function. */
public final class TopicComparison {
  private final Topics names;

  /** For the topics of a deployment. */
  public TopicComparison(Topics names) {
    this.names = names;
  }

  /** All differences, in the order of the configured topics. */
  public List<TopicDifference> differences(
      Collection<TopicCatalogue.Spec> wanted, Map<String, TopicState> actual) {
    List<TopicDifference> differences = new ArrayList<>();
    for (TopicCatalogue.Spec spec : wanted) {
      TopicState state = actual.get(spec.name());
      if (state == null) {
        differences.add(
            TopicDifference.missing(
                spec.name(),
                "%d partitions, %d replicas"
                    .formatted(spec.partitions(), spec.replicationFactor())));
      } else {
        partitions(spec, state, differences);
        replication(spec, state, differences);
        config(spec, state, differences);
      }
    }
    return differences;
  }

  private void partitions(
      TopicCatalogue.Spec spec, TopicState state, List<TopicDifference> differences) {
    if (state.partitions() == spec.partitions()) {
      return;
    }
    if (isSingle(spec.name())) {
      differences.add(
          TopicDifference.of(Aspect.PARTITIONS, spec.name(), state.partitions(), 1)
              .with(
                  Remedy.MANUAL,
                  "exactly one partition is allowed: delete the topic, create it with 'postflight"
                      + " topics apply', and copy its records"));
      return;
    }
    boolean mayGrow = mayGrow(spec.name());
    boolean grows = mayGrow && spec.partitions() > state.partitions();
    String reason =
        mayGrow
            ? "Kafka cannot remove partitions"
            : "this count is fixed once created, since state is partitioned by key";
    differences.add(
        TopicDifference.of(Aspect.PARTITIONS, spec.name(), state.partitions(), spec.partitions())
            .with(
                grows ? Remedy.ADD_PARTITIONS : Remedy.MANUAL,
                grows ? "" : reason + ": configure " + state.partitions()));
  }

  /**
   * Topics without state by partition may get more partitions: raw webhooks have no key, and rows
   * of a tier do not depend on order. Topics partitioned by the key of {@code events} may not.
   */
  private boolean mayGrow(String topic) {
    return topic.equals(names.rawWebhooks())
        || topic.equals(names.deadLetters())
        || topic.startsWith(names.store(""));
  }

  /** Topics that must have one partition, whatever the configuration is. */
  private boolean isSingle(String topic) {
    return Set.of(
            names.tenants(),
            names.erasures(),
            names.recoveries(),
            names.redrivenDeadLetters(),
            names.identityErasures())
        .contains(topic);
  }

  private static void replication(
      TopicCatalogue.Spec spec, TopicState state, List<TopicDifference> differences) {
    if (state.replicas() != spec.replicationFactor()) {
      differences.add(
          TopicDifference.of(
                  Aspect.REPLICATION, spec.name(), state.replicas(), spec.replicationFactor())
              .with(Remedy.MANUAL, "replicas must be moved with kafka-reassign-partitions"));
    }
  }

  private static void config(
      TopicCatalogue.Spec spec, TopicState state, List<TopicDifference> differences) {
    new TreeMap<>(spec.config())
        .forEach(
            (key, wanted) -> {
              String actual = state.config(key);
              if (!actual.equals(wanted)) {
                TopicDifference difference =
                    TopicDifference.config(spec.name(), key, actual, wanted);
                differences.add(
                    shortens(key, actual, wanted)
                        ? difference.with(
                            Remedy.SHORTEN,
                            "older records would be deleted: pass --shorten to allow it")
                        : difference);
              }
            });
  }

  private static boolean shortens(String key, String actual, String wanted) {
    if (!key.equals(TopicConfig.RETENTION_MS_CONFIG) || wanted.equals("-1")) {
      return false;
    }
    return actual.equals("-1") || millis(wanted) < millis(actual);
  }

  private static long millis(String number) {
    return number.matches("\\d{1,18}") ? Long.parseLong(number) : 0;
  }
}
