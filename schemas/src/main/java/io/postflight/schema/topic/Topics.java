package io.postflight.schema.topic;

/**
 * The topics of one deployment, with an optional prefix before each name so that several can share
 * one Kafka cluster.
 *
 * @param prefix put before every topic's name; empty in production
 */
public record Topics(String prefix) {
  /** Without a prefix. */
  public static final Topics UNPREFIXED = new Topics("");

  /** Validates the prefix. */
  public Topics {
    if (!prefix.matches("[A-Za-z0-9._-]{0,100}")) {
      throw new IllegalArgumentException(
          "topic prefix '" + prefix + "' may only have letters, digits, '.', '_' and '-'");
    }
  }

  /** Raw webhooks. No key. */
  public String rawWebhooks() {
    return prefix + "raw.webhooks";
  }

  /** Canonical events. Key: {@link RecordKeys#ofEvent}. */
  public String events() {
    return prefix + "events";
  }

  /** Completed revisions, for consumers. Key: {@link RecordKeys#ofMessage}. */
  public String postflight() {
    return prefix + "postflight";
  }

  /** Records that the sink of a tier writes. Key: {@link RecordKeys#ofTimeline}. */
  public String store(String tier) {
    return prefix + "store." + tier;
  }

  /** Records that could not be processed, with their original bytes. */
  public String deadLetters() {
    return prefix + "dead.letters";
  }

  /**
   * Which dead letters have been redriven; one partition. No key. Written with the redriven records
   * in one transaction.
   */
  public String redrivenDeadLetters() {
    return prefix + "dead.letters.redriven";
  }

  /** Tenants; compacted, one partition. Key: tenant. */
  public String tenants() {
    return prefix + "tenants";
  }

  /** The ledger of privacy commands; one partition, kept whole. Key: id of the command. */
  public String erasures() {
    return prefix + "erasures";
  }

  /** Tiers in recovery; compacted, one partition. Key: tier. Value: the phase, as text. */
  public String recoveries() {
    return prefix + "recoveries";
  }

  /**
   * Commands for the lifecycle, with as many partitions as {@link #events()}: a message's commands
   * in the partition of its events, a user's in each; and each partition's acknowledgement of a
   * user's command, in the partition that forwards it to the tiers.
   */
  public String lifecycleCommands() {
    return prefix + "lifecycle.commands";
  }

  /** The links of each id of a person; compacted. Key: {@link RecordKeys#ofUser}. */
  public String identity() {
    return prefix + "identity";
  }

  /**
   * Events that name several ids of a person, and erasures of users, on their way to {@link
   * #identity()}. Key: tenant.
   */
  public String identityLinks() {
    return prefix + "identity.links";
  }

  /**
   * Commands and notices for {@link #erasures()} that are derived from links; one partition. Key as
   * there. They are written in transactions, which must not delay the readers of the ledger.
   */
  public String identityErasures() {
    return prefix + "identity.erasures";
  }
}
