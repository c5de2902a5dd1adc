package io.postflight.topology;

import io.postflight.schema.settings.RecordCopy;
import io.postflight.schema.settings.SettingsBinder;
import io.postflight.schema.topic.Topics;
import io.postflight.topology.lifecycle.LifecycleRules;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the topology in a deployment.
 *
 * @param role settings of the role
 * @param topics names of the topics
 * @param tiers all configured tiers
 * @param lifecycle completion timeouts and state retention
 * @param ledgerRetention how long the ledger keeps a privacy command, and so how long the lifecycle
 *     retains it; null: indefinitely
 * @param kafka connection to Kafka: {@code bootstrap.servers} and security
 */
public record TopologySettings(
    TopologyRoleSettings role,
    Topics topics,
    Set<String> tiers,
    LifecycleRules lifecycle,
    @Nullable Duration ledgerRetention,
    Map<String, String> kafka) {

  /** Time for the processing of a transaction: the default timeout of Kafka Streams. */
  private static final Duration PROCESSING = Duration.ofSeconds(10);

  /** Validates. */
  public TopologySettings {
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
    if (ledgerRetention != null && ledgerRetention.toMillis() < 1) {
      throw new IllegalArgumentException(
          "ledgerRetention is " + ledgerRetention + "; allowed: 1 ms or more, or none");
    }
    kafka = Map.copyOf(kafka);
    if (!kafka.containsKey("bootstrap.servers")) {
      throw new IllegalArgumentException("kafka lacks 'bootstrap.servers'");
    }
  }

  /** Default settings; commands are retained indefinitely. */
  public static TopologySettings of(
      Topics topics, Set<String> tiers, TopologyRoleSettings role, Map<String, String> kafka) {
    return new TopologySettings(role, topics, tiers, LifecycleRules.DEFAULT, null, kafka);
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
   * The id of the Streams application, and so the name of its consumer group, the prefix of its
   * changelogs and its state directory. Another id starts with empty state.
   */
  public String applicationId() {
    return topics.prefix() + role.applicationId();
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
    return RecordCopy.with(this, "lifecycle", rules);
  }

  /**
   * A copy with another retention of privacy commands.
   *
   * @param duration null: indefinitely
   */
  public TopologySettings withLedgerRetention(@Nullable Duration duration) {
    return RecordCopy.with(this, Collections.singletonMap("ledgerRetention", duration));
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
    return ledgerRetention == null ? null : ledgerRetention.plus(lifecycle.retain());
  }

  /**
   * The transaction timeout: longer than all waits within a transaction. Not longer than necessary,
   * since records behind the open transaction of a crashed instance cannot be read until it
   * expires.
   *
   * @param registryWait maximum wait for the schema registry
   * @throws TopologyStartException if the settings of Kafka's clients specify less
   */
  Duration transactionTimeout(Duration registryWait) {
    Duration needed = tenantTimeout().plus(registryWait).plus(PROCESSING);
    for (String key : List.of("producer.transaction.timeout.ms", "transaction.timeout.ms")) {
      String configured = kafka.get(key);
      if (configured != null) {
        if (!configured.matches("[0-9]{1,10}") || Long.parseLong(configured) < needed.toMillis()) {
          throw new TopologyStartException(
              "kafka.client."
                  + key
                  + " is "
                  + configured
                  + "; it must be at least "
                  + needed.toMillis()
                  + " ms, the sum of the waits within a transaction and "
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
    needed.add(topics.rawWebhooks());
    needed.add(topics.events());
    needed.add(topics.postflight());
    needed.add(topics.deadLetters());
    needed.add(topics.erasures());
    needed.add(topics.lifecycleCommands());
    tiers.forEach(tier -> needed.add(topics.store(tier)));
    return needed;
  }
}
