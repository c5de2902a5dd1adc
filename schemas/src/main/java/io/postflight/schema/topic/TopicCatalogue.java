package io.postflight.schema.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/** The topics of one deployment: partitions and configuration of each. */
public final class TopicCatalogue {
  /** Maximum record size of {@code raw.webhooks} and {@code dead.letters}: 4 MiB, and headers. */
  public static final int LARGE_RECORD_BYTES = 5 * 1024 * 1024;

  /** Maximum record size of topics with messages: all facts and entries of one message. */
  public static final int MESSAGE_RECORD_BYTES = 4 * 1024 * 1024;

  /**
   * How much longer than its retention a record may be kept, because newer ones share its segment.
   * The record that a dead letter was redriven must be kept longer than the dead letter.
   */
  private static final Duration SEGMENT_SPAN = Duration.ofDays(30);

  private TopicCatalogue() {}

  /**
   * One topic.
   *
   * @param name with its prefix
   * @param config only what differs from the broker's defaults for good reason
   */
  public record Spec(
      String name, int partitions, int replicationFactor, Map<String, String> config) {
    public Spec {
      config = Map.copyOf(config);
    }

    /** The topic for Kafka's Admin client. */
    public NewTopic newTopic() {
      return new NewTopic(name, partitions, (short) replicationFactor).configs(config);
    }
  }

  /**
   * The minimum number of in-sync replicas: all but one, so that a record survives the loss of a
   * broker, and the topic remains available while one is down.
   */
  public static int minInSyncReplicas(int replicationFactor) {
    return Math.max(1, replicationFactor - 1);
  }

  /** All topics, in a fixed order. */
  public static List<Spec> of(Topics topics, Collection<String> tiers, TopicSizes sizes) {
    int replicas = sizes.replication();
    List<Spec> specs = new ArrayList<>();
    specs.add(
        new Spec(
            topics.rawWebhooks(),
            sizes.partitions().raw(),
            replicas,
            config(sizes.retention().raw(), LARGE_RECORD_BYTES)));
    specs.add(
        new Spec(
            topics.events(),
            sizes.partitions().events(),
            replicas,
            anyTime(config(sizes.retention().events(), MESSAGE_RECORD_BYTES))));
    specs.add(
        new Spec(
            topics.postflight(),
            sizes.partitions().events(),
            replicas,
            anyTime(config(sizes.retention().postflight(), MESSAGE_RECORD_BYTES))));
    for (String tier : new TreeSet<>(tiers)) {
      specs.add(
          new Spec(
              topics.store(tier),
              sizes.partitions().store(),
              replicas,
              appendTime(config(sizes.retention().store(), MESSAGE_RECORD_BYTES))));
    }
    specs.add(
        new Spec(
            topics.deadLetters(),
            sizes.partitions().raw(),
            replicas,
            appendTime(config(sizes.retention().deadLetters(), LARGE_RECORD_BYTES))));
    specs.add(
        new Spec(
            topics.redrivenDeadLetters(),
            1,
            replicas,
            appendTime(
                config(sizes.retention().deadLetters().plus(SEGMENT_SPAN), MESSAGE_RECORD_BYTES))));
    specs.add(
        new Spec(
            topics.tenants(),
            1,
            replicas,
            Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT)));
    specs.add(new Spec(topics.erasures(), 1, replicas, ledger(sizes.erasuresRetention())));
    specs.add(
        new Spec(
            topics.recoveries(),
            1,
            replicas,
            Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_COMPACT,
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                "LogAppendTime")));
    specs.add(
        new Spec(
            topics.lifecycleCommands(),
            sizes.partitions().events(),
            replicas,
            anyTime(config(sizes.retention().events(), MESSAGE_RECORD_BYTES))));
    specs.add(
        new Spec(
            topics.identity(),
            sizes.partitions().events(),
            replicas,
            Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_COMPACT,
                TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
                Long.toString(Long.MAX_VALUE))));
    specs.add(
        new Spec(
            topics.identityLinks(),
            sizes.partitions().events(),
            replicas,
            anyTime(config(sizes.retention().events(), MESSAGE_RECORD_BYTES))));
    specs.add(
        new Spec(
            topics.identityErasures(),
            1,
            replicas,
            anyTime(config(sizes.retention().events(), MESSAGE_RECORD_BYTES))));
    return specs.stream().map(TopicCatalogue::durable).toList();
  }

  private static Spec durable(Spec spec) {
    Map<String, String> config = new TreeMap<>(spec.config());
    config.put(
        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
        Integer.toString(minInSyncReplicas(spec.replicationFactor())));
    return new Spec(spec.name(), spec.partitions(), spec.replicationFactor(), config);
  }

  /** Never compacted: a command and its completion notice have the same key. */
  private static Map<String, String> ledger(@Nullable Duration retention) {
    return Map.of(
        TopicConfig.CLEANUP_POLICY_CONFIG,
        TopicConfig.CLEANUP_POLICY_DELETE,
        TopicConfig.RETENTION_MS_CONFIG,
        retention == null ? "-1" : Long.toString(retention.toMillis()));
  }

  private static Map<String, String> config(Duration retention, int maxRecordBytes) {
    Map<String, String> config = new TreeMap<>();
    config.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
    config.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxRecordBytes));
    return config;
  }

  /** LogAppendTime, which a restore seeks by. */
  private static Map<String, String> appendTime(Map<String, String> config) {
    config.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
    return config;
  }

  /**
   * Accepts timestamps ahead of the broker's clock; otherwise such records would block a partition.
   */
  private static Map<String, String> anyTime(Map<String, String> config) {
    config.put(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, Long.toString(Long.MAX_VALUE));
    return config;
  }
}
