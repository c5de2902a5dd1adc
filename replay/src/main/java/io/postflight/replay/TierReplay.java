package io.postflight.replay;

import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.topic.Topics;
import io.postflight.sink.write.SinkLimits;
import io.postflight.store.Tier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The tier, topics and clients of a replay.
 *
 * @param tier the tier
 * @param topics its lanes: the first must exist, the others may
 * @param ledger topic of erasures
 * @param deadLetters topic of dead letters; may be missing
 * @param identity where the links of ids are restored from; null: they are not restored
 * @param groupPrefix prefix of the consumer groups with the progress of restores
 * @param kafka settings for every client, {@code bootstrap.servers} at least
 * @param serdes for Avro records
 * @param limits of the tier's sink: what a restore has in flight, and the largest row
 * @param timeout maximum time without a response from Kafka, the registry or the database
 */
public record TierReplay(
    Tier tier,
    List<String> topics,
    String ledger,
    String deadLetters,
    @Nullable IdentitySource identity,
    String groupPrefix,
    Map<String, String> kafka,
    AvroSerdes serdes,
    SinkLimits limits,
    Duration timeout) {
  private static final String BOOTSTRAP = "bootstrap.servers";
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

  /**
   * The links of the ids of all persons.
   *
   * @param topic the compacted topic; may be missing
   * @param tenants whether the tier is in a tenant's history
   */
  public record IdentitySource(String topic, Predicate<String> tenants) {}

  /** Validates. */
  public TierReplay {
    topics = List.copyOf(topics);
    kafka = Map.copyOf(kafka);
    if (topics.isEmpty()) {
      throw new IllegalArgumentException("topics is empty; at least the tier's topic is required");
    }
    if (kafka.getOrDefault(BOOTSTRAP, "").isBlank()) {
      throw new IllegalArgumentException(
          "kafka." + BOOTSTRAP + " is missing; allowed: host:port, several separated by commas");
    }
    if (timeout.toMillis() < 1) {
      throw new IllegalArgumentException("timeout is " + timeout + "; allowed: 1 ms or more");
    }
  }

  /**
   * Begins a replay of both lanes of a tier.
   *
   * @param names names of the deployment's topics
   */
  public static Builder builder(
      Tier tier, Topics names, Map<String, String> kafka, AvroSerdes serdes) {
    String topic = names.store(tier.name());
    return new Builder(tier, kafka, serdes)
        .topics(List.of(topic, topic + ".overflow"))
        .ledger(names.erasures())
        .deadLetters(names.deadLetters())
        .groupPrefix(names.prefix());
  }

  /** Begins with the values of this one. */
  public Builder toBuilder() {
    return new Builder(tier, kafka, serdes)
        .topics(topics)
        .ledger(ledger)
        .deadLetters(deadLetters)
        .identity(identity)
        .groupPrefix(groupPrefix)
        .limits(limits)
        .timeout(timeout);
  }

  /** Collects the parts of a replay. */
  public static final class Builder {
    private final Tier tier;
    private final Map<String, String> kafka;
    private final AvroSerdes serdes;
    private List<String> topics = List.of();
    private String ledger = "";
    private String deadLetters = "";
    private @Nullable IdentitySource identity;
    private String groupPrefix = "";
    private SinkLimits limits = SinkLimits.DEFAULT;
    private Duration timeout = DEFAULT_TIMEOUT;

    private Builder(Tier tier, Map<String, String> kafka, AvroSerdes serdes) {
      this.tier = tier;
      this.kafka = kafka;
      this.serdes = serdes;
    }

    /** Its lanes: the first must exist, the others may. */
    public Builder topics(List<String> names) {
      topics = names;
      return this;
    }

    /** Topic of erasures. */
    public Builder ledger(String name) {
      ledger = name;
      return this;
    }

    /** Topic of dead letters; may be missing. */
    public Builder deadLetters(String name) {
      deadLetters = name;
      return this;
    }

    /** Where the links of ids are restored from; null: they are not restored. */
    public Builder identity(@Nullable IdentitySource source) {
      identity = source;
      return this;
    }

    /** Prefix of the consumer groups with the progress of restores. */
    public Builder groupPrefix(String prefix) {
      groupPrefix = prefix;
      return this;
    }

    /** Limits of the tier's sink: what a restore has in flight, and the largest row. */
    public Builder limits(SinkLimits ofSink) {
      limits = ofSink;
      return this;
    }

    /** Maximum time without a response from Kafka, the registry or the database. */
    public Builder timeout(Duration longest) {
      timeout = longest;
      return this;
    }

    /** The replay. */
    public TierReplay build() {
      return new TierReplay(
          tier, topics, ledger, deadLetters, identity, groupPrefix, kafka, serdes, limits, timeout);
    }
  }
}
