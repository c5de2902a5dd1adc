package io.postflight.operations.admin;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * A difference between a topic and its configuration.
 *
 * @param topic its name
 * @param kind aspect that differs
 * @param key key of the configuration, for CONFIG; else empty
 * @param actual the actual value; empty if the topic does not exist
 * @param wanted the configured value
 * @param remedy action of {@code topics apply}
 * @param done whether that was done
 * @param note why nothing is done, or which manual step is needed; else empty
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties("remedy")
public record TopicDifference(
    String topic,
    Aspect kind,
    String key,
    String actual,
    String wanted,
    Remedy remedy,
    boolean done,
    String note) {
  /** Aspect of a topic. */
  public enum Aspect {
    /** It does not exist. */
    MISSING,
    /** Number of partitions. */
    PARTITIONS,
    /** Number of replicas. */
    REPLICATION,
    /** A configuration. */
    CONFIG;

    /** In lower case. */
    @JsonValue
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Action of {@code topics apply}. */
  public enum Remedy {
    /** Creates the topic. */
    CREATE,
    /** Adds partitions. */
    ADD_PARTITIONS,
    /** Sets the configuration. */
    SET_CONFIG,
    /** Sets the configuration if the user allows it, since records are deleted. */
    SHORTEN,
    /** Nothing: an operator has to decide. */
    MANUAL
  }

  /** A topic that is missing. */
  static TopicDifference missing(String topic, String wanted) {
    return new TopicDifference(topic, Aspect.MISSING, "", "", wanted, Remedy.CREATE, false, "");
  }

  /** A number that differs. */
  static TopicDifference of(Aspect kind, String topic, int actual, int wanted) {
    return new TopicDifference(
        topic,
        kind,
        "",
        Integer.toString(actual),
        Integer.toString(wanted),
        Remedy.MANUAL,
        false,
        "");
  }

  /** A configuration that differs. */
  static TopicDifference config(String topic, String key, String actual, String wanted) {
    return new TopicDifference(
        topic, Aspect.CONFIG, key, actual, wanted, Remedy.SET_CONFIG, false, "");
  }

  TopicDifference with(Remedy other, String reason) {
    return new TopicDifference(topic, kind, key, actual, wanted, other, done, reason);
  }

  TopicDifference withDone() {
    return new TopicDifference(topic, kind, key, actual, wanted, remedy, true, "");
  }

  /** A human-readable line. */
  public String line() {
    return switch (kind) {
      case MISSING -> "%s: missing; configured: %s".formatted(topic, wanted);
      case PARTITIONS -> "%s: %s partitions; wanted: %s".formatted(topic, actual, wanted);
      case REPLICATION -> "%s: %s replicas; wanted: %s".formatted(topic, actual, wanted);
      case CONFIG -> "%s: %s is %s; wanted: %s".formatted(topic, key, actual, wanted);
    };
  }
}
