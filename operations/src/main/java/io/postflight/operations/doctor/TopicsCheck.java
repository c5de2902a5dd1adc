package io.postflight.operations.doctor;

import io.postflight.operations.admin.TopicComparison;
import io.postflight.operations.admin.TopicDifference;
import io.postflight.operations.admin.TopicState;
import io.postflight.schema.topic.TopicCatalogue;
import io.postflight.schema.topic.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/** Do the topics exist, with partitions, replicas and configurations as configured? */
final class TopicsCheck {
  private static final String CHECK = "topics";
  private static final String APPLY = "postflight topics apply";

  private final TopicComparison comparison;

  TopicsCheck(Topics names) {
    this.comparison = new TopicComparison(names);
  }

  List<Finding> findings(Collection<TopicCatalogue.Spec> wanted, Map<String, TopicState> actual) {
    List<Finding> findings = new ArrayList<>();
    for (TopicDifference difference : comparison.differences(wanted, actual)) {
      findings.add(finding(difference));
    }
    actual.values().forEach(state -> health(state, findings));
    if (findings.isEmpty()) {
      findings.add(Finding.ok(CHECK, "kafka", actual.size() + " topics are as configured"));
    }
    return findings;
  }

  private static Finding finding(TopicDifference difference) {
    return switch (difference.kind()) {
      case MISSING -> Finding.fail(CHECK, difference.topic(), difference.line(), APPLY);
      case PARTITIONS ->
          difference.remedy() == TopicDifference.Remedy.ADD_PARTITIONS
              ? Finding.warn(CHECK, difference.topic(), difference.line(), APPLY)
              : Finding.fail(CHECK, difference.topic(), difference.line(), difference.note());
      case REPLICATION ->
          Integer.parseInt(difference.actual()) < Integer.parseInt(difference.wanted())
              ? Finding.fail(CHECK, difference.topic(), difference.line(), difference.note())
              : Finding.warn(CHECK, difference.topic(), difference.line(), difference.note());
      case CONFIG ->
          difference.remedy() == TopicDifference.Remedy.SHORTEN
              ? Finding.warn(CHECK, difference.topic(), difference.line(), APPLY + " --shorten")
              : Finding.fail(CHECK, difference.topic(), difference.line(), APPLY);
    };
  }

  private static void health(TopicState state, List<Finding> findings) {
    if (state.leaderless() > 0) {
      findings.add(
          Finding.fail(
              CHECK,
              state.name(),
              state.leaderless() + " partitions have no leader, so writes fail",
              "restart their brokers"));
    } else if (state.underReplicated() > 0) {
      findings.add(
          Finding.warn(
              CHECK,
              state.name(),
              state.underReplicated() + " partitions are under-replicated",
              "check Kafka's brokers"));
    }
    if (state.config(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG).equals("true")) {
      findings.add(
          Finding.fail(
              CHECK,
              state.name(),
              "unclean.leader.election.enable is true: an out-of-sync replica may become leader,"
                  + " and acknowledged records are lost",
              "set it to false"));
    }
  }
}
