package io.postflight.operations.admin;

/**
 * Where a topic is not as configured.
 *
 * @param topic its name
 * @param kind in what it differs
 * @param key the setting that differs, for CONFIG; else empty
 * @param actual how it is; empty if there is no such topic
 * @param wanted how it should be
 * @param remedy what {@code topics apply} does about it
 * @param note why nothing is done, or what is to be done by hand; else empty
 */
public record TopicDifference(
    String topic, Kind kind, String key, String actual, String wanted, Remedy remedy, String note) {
  /** In what a topic differs. */
  public enum Kind {
    /** It is not there. */
    MISSING,
    /** Number of partitions. */
    PARTITIONS,
    /** Number of copies. */
    REPLICATION,
    /** A setting. */
    CONFIG
  }

  /** What can be done about it by itself. */
  public enum Remedy {
    /** The topic is made. */
    CREATE,
    /** Partitions are added. */
    ADD_PARTITIONS,
    /** The setting is set. */
    SET_CONFIG,
    /** The setting is set if the user agrees, since records go by it. */
    SHORTEN,
    /** Nothing: it takes an operator's decision. */
    BY_HAND
  }

  /** A human-readable line. */
  public String line() {
    return switch (kind) {
      case MISSING -> "%s: missing; configured: %s".formatted(topic, wanted);
      case PARTITIONS -> "%s: %s partitions; wanted: %s".formatted(topic, actual, wanted);
      case REPLICATION -> "%s: %s copies; wanted: %s".formatted(topic, actual, wanted);
      case CONFIG -> "%s: %s is %s; wanted: %s".formatted(topic, key, actual, wanted);
    };
  }
}
