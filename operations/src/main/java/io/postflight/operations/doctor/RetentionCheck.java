package io.postflight.operations.doctor;

import io.postflight.operations.OperationsSettings;
import io.postflight.operations.admin.TopicState;
import io.postflight.schema.settings.Durations;
import io.postflight.schema.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * Does Kafka keep records for as long as a restore, a redrive or an erasure may need them? Checks
 * the effective configuration in Kafka.
 */
final class RetentionCheck {
  private static final String CHECK = "retention";

  private final OperationsSettings settings;

  RetentionCheck(OperationsSettings settings) {
    this.settings = settings;
  }

  List<Finding> findings(Map<String, TopicState> topics) {
    List<Finding> findings = new ArrayList<>();
    Topics names = settings.kafka().topics();
    for (String tier : settings.tierNames()) {
      TopicState topic = topics.get(names.store(tier));
      if (topic != null) {
        findings.add(horizon(topic));
      }
    }
    TopicState erasures = topics.get(names.erasures());
    if (erasures != null) {
      findings.add(ledger(erasures));
    }
    TopicState raw = topics.get(names.rawWebhooks());
    TopicState events = topics.get(names.events());
    if (raw != null && events != null) {
      findings.add(redrive(raw, events));
    }
    return findings;
  }

  private Finding horizon(TopicState topic) {
    long kept = millis(topic, TopicConfig.RETENTION_MS_CONFIG);
    long distance = settings.kafka().sizes().retention().backupInterval().toMillis();
    String says =
        "records are retained for %s, the backup interval is %s"
            .formatted(Durations.formatMillis(kept), Durations.formatMillis(distance));
    String advice =
        "raise kafka.retention.store to at least twice the interval (then 'postflight topics"
            + " apply'), or take backups more often (kafka.retention.backupInterval)";
    if (kept >= 0 && kept < distance) {
      return Finding.fail(
          CHECK, topic.name(), says + ": data between is lost with the cluster", advice);
    }
    if (millis(topic, TopicConfig.RETENTION_BYTES_CONFIG) >= 0) {
      return Finding.warn(
          CHECK,
          topic.name(),
          "retention.bytes is "
              + topic.config(TopicConfig.RETENTION_BYTES_CONFIG)
              + ": under load records are deleted early",
          "remove retention.bytes from this topic");
    }
    if (kept >= 0 && kept < 2 * distance) {
      return Finding.warn(CHECK, topic.name(), says + ": one failed backup loses data", advice);
    }
    return Finding.ok(CHECK, topic.name(), says);
  }

  private Finding ledger(TopicState topic) {
    @Nullable Duration needed = settings.kafka().sizes().erasuresRetention();
    long wanted = needed == null ? -1 : needed.toMillis();
    long kept = millis(topic, TopicConfig.RETENTION_MS_CONFIG);
    boolean compacted = topic.config(TopicConfig.CLEANUP_POLICY_CONFIG).contains("compact");
    if (compacted) {
      return Finding.fail(
          CHECK,
          topic.name(),
          "the erasure ledger is compacted, which loses commands or completion notices",
          "postflight topics apply");
    }
    boolean tooShort = kept >= 0 && (wanted < 0 || kept < wanted);
    boolean bySize = millis(topic, TopicConfig.RETENTION_BYTES_CONFIG) >= 0;
    String says =
        "erasures are retained for %s; affected rows and backups for %s"
            .formatted(Durations.formatMillis(kept), Durations.formatMillis(wanted));
    return tooShort || bySize
        ? Finding.fail(
            CHECK,
            topic.name(),
            says
                + (bySize ? ", and retention.bytes is set" : "")
                + ": a restore could bring back erased data",
            "postflight topics apply" + (bySize ? ", and remove retention.bytes" : ""))
        : Finding.ok(CHECK, topic.name(), says);
  }

  private static Finding redrive(TopicState raw, TopicState events) {
    long rawKept = millis(raw, TopicConfig.RETENTION_MS_CONFIG);
    long eventsKept = millis(events, TopicConfig.RETENTION_MS_CONFIG);
    String says =
        "webhooks are retained for %s, events for %s after arrival"
            .formatted(Durations.formatMillis(rawKept), Durations.formatMillis(eventsKept));
    boolean tooShort = eventsKept >= 0 && (rawKept < 0 || eventsKept < rawKept);
    return tooShort
        ? Finding.fail(
            CHECK,
            events.name(),
            says + ": an old webhook that is read again is deleted before it is processed",
            "raise kafka.retention.events above kafka.retention.raw")
        : Finding.ok(CHECK, events.name(), says);
  }

  /** A number of a topic's configuration; -1 if there is none, which is no limit. */
  private static long millis(TopicState topic, String key) {
    String text = topic.config(key);
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
  }
}
