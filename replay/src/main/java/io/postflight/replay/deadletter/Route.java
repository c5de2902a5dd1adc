package io.postflight.replay.deadletter;

import io.postflight.schema.topic.Topics;
import java.util.Set;

/** Target topic of a redrive. */
sealed interface Route {
  /** Kind of topic. */
  enum RouteKind {
    /** Webhooks as received. */
    RAW,
    /** Canonical events. */
    EVENTS,
    /** Records for the sink of a tier. */
    TIER
  }

  /** To this topic. */
  record To(String topic, RouteKind kind) implements Route {}

  /**
   * Nowhere.
   *
   * @param reason human-readable
   */
  record Nowhere(String reason) implements Route {}

  /**
   * The source topic, if it is one that produces dead letters: a header must not redirect writes
   * elsewhere.
   */
  static Route of(DeadLetterRecord deadLetter, Topics topics, Set<String> tiers) {
    String source = deadLetter.sourceTopic();
    if (source == null) {
      return new Nowhere("the dead letter has no source topic");
    }
    if (source.equals(topics.rawWebhooks())) {
      return new To(source, RouteKind.RAW);
    }
    if (source.equals(topics.events())) {
      return new To(source, RouteKind.EVENTS);
    }
    boolean tier = tiers.stream().anyMatch(each -> source.equals(topics.store(each)));
    return tier
        ? new To(source, RouteKind.TIER)
        : new Nowhere("'" + source + "' is not a topic that dead letters are redriven to");
  }
}
