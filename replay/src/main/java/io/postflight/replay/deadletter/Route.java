package io.postflight.replay.deadletter;

import io.postflight.schema.topic.Topics;
import java.util.Set;

/** Where a letter goes back to. */
sealed interface Route {
  /** What kind of topic it is. */
  enum Kind {
    /** Webhooks as they came. */
    RAW,
    /** Canonical events. */
    EVENTS,
    /** What the sink of a tier writes. */
    TIER
  }

  /** Back to this topic. */
  record To(String topic, Kind kind) implements Route {}

  /**
   * Nowhere.
   *
   * @param why for people
   */
  record Nowhere(String why) implements Route {}

  /**
   * The topic that the letter's record was read from, if it is one of ours that dead letters come
   * from: a header must not have us write anywhere else.
   */
  static Route of(DeadLetterRecord letter, Topics topics, Set<String> tiers) {
    String source = letter.sourceTopic();
    if (source == null) {
      return new Nowhere("the letter does not say which topic its record was read from");
    }
    if (source.equals(topics.rawWebhooks())) {
      return new To(source, Kind.RAW);
    }
    if (source.equals(topics.events())) {
      return new To(source, Kind.EVENTS);
    }
    boolean tier = tiers.stream().anyMatch(each -> source.equals(topics.store(each)));
    return tier
        ? new To(source, Kind.TIER)
        : new Nowhere("'" + source + "' is no topic that records can be sent back to");
  }
}
