package io.postflight.operations.admin;

import io.postflight.operations.admin.TopicDifference.Kind;
import io.postflight.operations.admin.TopicDifference.Remedy;
import io.postflight.schema.topic.TopicCatalogue;
import io.postflight.schema.topic.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.TopicConfig;

/** Compares topics as they are with how they should be; a pure function. */
public final class TopicComparison {
  private final Topics names;

  /** For the topics of a deployment. */
  public TopicComparison(Topics names) {
    this.names = names;
  }

  /** All differences, topic by topic in the order of what is wanted; empty: all is as wanted. */
  public List<TopicDifference> differences(
      Collection<TopicCatalogue.Spec> wanted, Map<String, TopicState> actual) {
    List<TopicDifference> differences = new ArrayList<>();
    for (TopicCatalogue.Spec spec : wanted) {
      TopicState state = actual.get(spec.name());
      if (state == null) {
        differences.add(
            new TopicDifference(
                spec.name(),
                Kind.MISSING,
                "",
                "",
                "%d partitions, %d copies".formatted(spec.partitions(), spec.replicationFactor()),
                Remedy.CREATE,
                ""));
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
    boolean more = spec.partitions() > state.partitions();
    Remedy remedy = more && mayGrow(spec.name()) ? Remedy.ADD_PARTITIONS : Remedy.BY_HAND;
    String note = "";
    if (remedy == Remedy.BY_HAND) {
      note =
          mayGrow(spec.name())
              ? "Kafka cannot remove partitions: configure " + state.partitions()
              : "this count is fixed once created, since state is partitioned by key: configure "
                  + state.partitions();
    }
    differences.add(
        new TopicDifference(
            spec.name(),
            Kind.PARTITIONS,
            "",
            Integer.toString(state.partitions()),
            Integer.toString(spec.partitions()),
            remedy,
            note));
  }

  /**
   * What has no state kept by partition may get more of them: raw webhooks have no key, rows of a
   * tier do not depend on order. Lives of messages, and whatever else goes by the key of {@code
   * events}, stay where they are.
   */
  private boolean mayGrow(String topic) {
    return topic.equals(names.rawWebhooks())
        || topic.equals(names.deadLetters())
        || topic.startsWith(names.store(""));
  }

  private static void replication(
      TopicCatalogue.Spec spec, TopicState state, List<TopicDifference> differences) {
    if (state.replicas() != spec.replicationFactor()) {
      differences.add(
          new TopicDifference(
              spec.name(),
              Kind.REPLICATION,
              "",
              Integer.toString(state.replicas()),
              Integer.toString(spec.replicationFactor()),
              Remedy.BY_HAND,
              "replicas must be moved with kafka-reassign-partitions"));
    }
  }

  private static void config(
      TopicCatalogue.Spec spec, TopicState state, List<TopicDifference> differences) {
    new TreeMap<>(spec.config())
        .forEach(
            (key, wanted) -> {
              String actual = state.config(key);
              if (!actual.equals(wanted)) {
                boolean shorter = shortens(key, actual, wanted);
                differences.add(
                    new TopicDifference(
                        spec.name(),
                        Kind.CONFIG,
                        key,
                        actual,
                        wanted,
                        shorter ? Remedy.SHORTEN : Remedy.SET_CONFIG,
                        shorter
                            ? "older records would be deleted: pass --shorten to allow it"
                            : ""));
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
