package io.postflight.topology;

import io.postflight.schema.settings.RecordCopy;
import io.postflight.schema.settings.SettingsBinder;
import io.postflight.schema.topic.Topics;
import io.postflight.topology.lifecycle.LifecycleRules;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the topology.
 *
 * @param role settings of the role
 * @param lifecycle completion timeouts and state retention
 * @param deployment the deployment that it runs in
 */
public record TopologySettings(
    TopologyRoleSettings role, LifecycleRules lifecycle, Deployment deployment) {

  /** Time for the processing of a transaction: the default timeout of Kafka Streams. */
  private static final Duration PROCESSING = Duration.ofSeconds(10);

  /**
   * The deployment that a topology runs in.
   *
   * @param topics names of the topics
   * @param tiers all configured tiers
   * @param ledgerRetention how long the ledger keeps a privacy command, and so how long the
   *     lifecycle retains it; empty: indefinitely
   * @param kafka connection to Kafka: {@code bootstrap.servers} and security
   */
  public record Deployment(
      Topics topics,
      Set<String> tiers,
      Optional<Duration> ledgerRetention,
      Map<String, String> kafka) {

    /** Validates. */
    public Deployment {
      tiers = Set.copyOf(tiers);
      if (tiers.isEmpty()) {
        throw new IllegalArgumentException("tiers is empty; at least one tier is needed");
      }
      for (String tier : tiers) {
        if (!tier.matches("[a-z0-9][a-z0-9-]{0,47}")) {
          throw new IllegalArgumentException(
              "tiers has '" + tier + "'; allowed: lower-case letters, digits and '-'");
        }
      }
      if (ledgerRetention.isPresent() && ledgerRetention.get().toMillis() < 1) {
        throw new IllegalArgumentException(
            "ledgerRetention is " + ledgerRetention.get() + "; allowed: 1 ms or more, or none");
      }
      kafka = Map.copyOf(kafka);
      if (!kafka.containsKey("bootstrap.servers")) {
        throw new IllegalArgumentException("kafka lacks 'bootstrap.servers'");
      }
    }
  }

  /** Default settings; commands are retained indefinitely. */
  public static TopologySettings of(
      Topics topics, Set<String> tiers, TopologyRoleSettings role, Map<String, String> kafka) {
    return new TopologySettings(
        role, LifecycleRules.DEFAULT, new Deployment(topics, tiers, Optional.empty(), kafka));
  }

  /** Default settings, except for those of Kafka Streams. */
  public static TopologySettings of(
      Topics topics,
      Set<String> tiers,
      TopologyStreamsSettings streams,
      Map<String, String> kafka) {
    return of(
        topics,
        tiers,
        SettingsBinder.defaults(TopologyRoleSettings.class).withStreams(streams),
        kafka);
  }

  /**
   * The id of the lifecycle's Streams application, and so the name of its consumer group, the
   * prefix of its changelogs and its state directory. Another id starts with empty state.
   */
  public String lifecycleId() {
    return topics().prefix() + role.applicationId();
  }

  /** The id of the normalizer's Streams application, and so the name of its consumer group. */
  public String normalizerId() {
    return topics().prefix() + role.normalizerId();
  }

  /** Names of the topics. */
  public Topics topics() {
    return deployment.topics();
  }

  /** All configured tiers. */
  public Set<String> tiers() {
    return deployment.tiers();
  }

  /** How long privacy commands are retained; null: indefinitely. */
  public @Nullable Duration ledgerRetention() {
    return deployment.ledgerRetention().orElse(null);
  }

  /** Connection to Kafka. */
  public Map<String, String> kafka() {
    return deployment.kafka();
  }

  /** Settings of Kafka Streams. */
  public TopologyStreamsSettings streams() {
    return role.streams();
  }

  /** How long a record of an unknown tenant waits within its transaction. */
  public Duration tenantTimeout() {
    return role.tenantTimeout();
  }

  /** How often the progress of the topology is read from Kafka. */
  public Duration caughtUpInterval() {
    return role.caughtUpInterval();
  }

  /** A copy with other lifecycle rules. */
  public TopologySettings withLifecycle(LifecycleRules rules) {
    return new TopologySettings(role, rules, deployment);
  }

  /**
   * A copy with another retention of privacy commands.
   *
   * @param duration null: indefinitely
   */
  public TopologySettings withLedgerRetention(@Nullable Duration duration) {
    return RecordCopy.with(
        this,
        "deployment",
        RecordCopy.with(deployment, "ledgerRetention", Optional.ofNullable(duration)));
  }

  /** A copy with another timeout for tenants. */
  TopologySettings withTenantTimeout(Duration timeout) {
    return RecordCopy.with(this, "role", RecordCopy.with(role, "tenantTimeout", timeout));
  }

  /** A copy with another interval of reading the progress. */
  public TopologySettings withCaughtUpInterval(Duration interval) {
    return RecordCopy.with(this, "role", RecordCopy.with(role, "caughtUpInterval", interval));
  }

  /**
   * How long a tier may hold rows of a tenant after the tenant left it: the ledger is kept longer
   * than any row, and a message's later events go to the tier of its first; null: indefinitely.
   */
  @Nullable Duration tierMemory() {
    return deployment.ledgerRetention().map(each -> each.plus(lifecycle.retain())).orElse(null);
  }

  /**
   * The transaction timeout: longer than all waits within a transaction, which may begin at the end
   * of its commit interval. Not longer than necessary, since records behind the open transaction of
   * a crashed instance cannot be read until it expires.
   *
   * @param registryWait maximum wait for the schema registry
   * @throws TopologyStartException if the settings of Kafka's clients specify less
   */
  Duration transactionTimeout(Duration registryWait) {
    Duration needed =
        tenantTimeout().plus(registryWait).plus(streams().commitInterval()).plus(PROCESSING);
    for (String key : List.of("producer.transaction.timeout.ms", "transaction.timeout.ms")) {
      String configured = kafka().get(key);
      if (configured != null) {
        if (!configured.matches("[0-9]{1,10}") || Long.parseLong(configured) < needed.toMillis()) {
          throw new TopologyStartException(
              "kafka.client."
                  + key
                  + " is "
                  + configured
                  + "; it must be at least "
                  + needed.toMillis()
                  + " ms, the sum of the waits within a transaction, its commit interval and "
                  + PROCESSING.toMillis()
                  + " ms, which is the default");
        }
        return Duration.ofMillis(Long.parseLong(configured));
      }
    }
    return needed;
  }

  /** The topics that must exist, in alphabetical order. */
  Set<String> neededTopics() {
    Set<String> needed = new TreeSet<>();
    needed.add(topics().rawWebhooks());
    needed.add(topics().events());
    needed.add(topics().postflight());
    needed.add(topics().deadLetters());
    needed.add(topics().erasures());
    needed.add(topics().lifecycleCommands());
    needed.add(topics().identity());
    needed.add(topics().identityLinks());
    needed.add(topics().identityErasures());
    tiers().forEach(tier -> needed.add(topics().store(tier)));
    return needed;
  }
}
