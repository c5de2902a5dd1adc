package io.postflight.operations.admin;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * Where a topic is not as configured.
 *
 * @param topic its name
 * @param kind in what it differs
 * @param key the configuration that differs, for CONFIG; else empty
 * @param actual the present value; empty if there is no such topic
 * @param wanted the configured value
 * @param remedy what {@code topics apply} does about it
 * @param done whether that was done
 * @param note why nothing is done, or what is to be done manually; else empty
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
  /** In what a topic differs. */
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

  /** What {@code topics apply} does about a difference. */
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
