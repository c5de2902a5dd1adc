package io.postflight.topology;

import io.postflight.schema.topic.Topics;
import io.postflight.topology.lifecycle.LifecycleRules;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the topology.
 *
 * @param applicationId name of the Streams application: of its consumer group, of its changelogs
 *     and of its state directory. Another id begins with empty state
 * @param topics names of the topics
 * @param tiers all tiers that have a topic
 * @param life waits and memory of lives
 * @param ledgerRetention how long the ledger keeps a privacy command, and so how long it holds
 *     here; null: for ever
 * @param tenantTimeout how long a record of an unknown tenant waits for the version of the tenants
 *     that the gateway knew, within its transaction; after that the instance is paused until it has
 *     that version; at most 2 minutes
 * @param caughtUpInterval how often Kafka is asked how far the topology has come
 * @param streams how Kafka Streams runs
 * @param kafka how Kafka is reached: {@code bootstrap.servers} and security
 */
public record TopologySettings(
    String applicationId,
    Topics topics,
    Set<String> tiers,
    LifecycleRules life,
    @Nullable Duration ledgerRetention,
    Duration tenantTimeout,
    Duration caughtUpInterval,
    TopologyStreamsSettings streams,
    Map<String, String> kafka) {
  private static final Duration MAX_PATIENCE = Duration.ofMinutes(2);

  /** Time for the work of a transaction itself: Kafka Streams' own default of its timeout. */
  private static final Duration WORK = Duration.ofSeconds(10);

  public TopologySettings {
    if (!applicationId.matches("[A-Za-z0-9._-]{1,100}")) {
      throw new IllegalArgumentException(
          "applicationId is '"
              + applicationId
              + "'; allowed: 1 to 100 letters, digits, '.', '_' and '-'");
    }
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
    if (tenantTimeout.isNegative() || tenantTimeout.compareTo(MAX_PATIENCE) > 0) {
      throw new IllegalArgumentException(
          "tenantTimeout is " + tenantTimeout + "; allowed: 0 to " + MAX_PATIENCE);
    }
    if (caughtUpInterval.toMillis() < 1) {
      throw new IllegalArgumentException(
          "caughtUpInterval is " + caughtUpInterval + "; allowed: 1 ms or more");
    }
    kafka = Map.copyOf(kafka);
    if (!kafka.containsKey("bootstrap.servers")) {
      throw new IllegalArgumentException("kafka lacks 'bootstrap.servers'");
    }
  }

  /** Everything by default but what has none; commands hold for ever. */
  public static TopologySettings of(
      Topics topics,
      Set<String> tiers,
      TopologyStreamsSettings streams,
      Map<String, String> kafka) {
    return new TopologySettings(
        topics.prefix() + "postflight-topology",
        topics,
        tiers,
        LifecycleRules.DEFAULT,
        null,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        streams,
        kafka);
  }

  /** The same with other rules of life. */
  public TopologySettings withLifecycle(LifecycleRules rules) {
    return new TopologySettings(
        applicationId,
        topics,
        tiers,
        rules,
        ledgerRetention,
        tenantTimeout,
        caughtUpInterval,
        streams,
        kafka);
  }

  /** The same with another wait for tenants within a transaction. */
  TopologySettings withTenantTimeout(Duration patience) {
    return new TopologySettings(
        applicationId,
        topics,
        tiers,
        life,
        ledgerRetention,
        patience,
        caughtUpInterval,
        streams,
        kafka);
  }

  /** The same, asking Kafka this often how far the topology has come. */
  public TopologySettings withCaughtUpInterval(Duration interval) {
    return new TopologySettings(
        applicationId,
        topics,
        tiers,
        life,
        ledgerRetention,
        tenantTimeout,
        interval,
        streams,
        kafka);
  }

  /**
   * How long after a tenant left a tier rows of its may stand there: the ledger is kept longer than
   * any row, and a message's later events go to the tier of its first; null: for ever.
   */
  @Nullable Duration tierMemory() {
    return ledgerRetention == null ? null : ledgerRetention.plus(life.retain());
  }

  /**
   * How long a transaction may stay open: longer than everything that may be waited for within one.
   * No longer than that, since records behind the open transaction of an instance that was lost are
   * not read before it is over.
   *
   * @param registryWait longest wait for the schema registry
   * @throws TopologyStartException if the settings for Kafka's clients ask for less
   */
  Duration transactionTimeout(Duration registryWait) {
    Duration needed = tenantTimeout.plus(registryWait).plus(WORK);
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
                  + " ms, the waits within a transaction and "
                  + WORK.toMillis()
                  + " ms; leave it out to have that");
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
