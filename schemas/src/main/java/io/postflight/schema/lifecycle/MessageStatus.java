package io.postflight.schema.lifecycle;

import io.postflight.schema.message.MessageFacts;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The status of a message, derived from its facts: the first of these, in this order, for which
 * there is evidence. Delivery takes precedence over failure.
 */
public enum MessageStatus {
  PLAYED,
  READ,
  DELIVERED,
  RECEIVED,
  FAILED,
  CANCELED,
  EXPIRED,
  /** No completing event within the completion timeout; replaces the four below. */
  UNCONFIRMED,
  SENT,
  SENDING,
  QUEUED,
  ACCEPTED;

  private static final Set<MessageStatus> DELIVERY = EnumSet.of(PLAYED, READ, DELIVERED);
  private static final Set<MessageStatus> FAILURE = EnumSet.of(FAILED, CANCELED, EXPIRED);
  private static final Set<MessageStatus> COMPLETING =
      EnumSet.of(PLAYED, READ, DELIVERED, RECEIVED, FAILED, CANCELED, EXPIRED);

  /** In the order of the enum, which is the order of precedence. */
  private static final List<MessageStatus> BY_PRECEDENCE = Arrays.asList(values());

  /** The status of a message; null if no event has advanced its lifecycle yet. */
  public static @Nullable MessageStatus of(MessageFacts facts) {
    return of(facts.getTimes(), facts.getUnconfirmedAt());
  }

  /**
   * The status of a message.
   *
   * @param times the earliest event time by status name, epoch milliseconds
   * @param unconfirmedAt the time of the completion timeout, or null
   * @return null if there is no evidence
   */
  public static @Nullable MessageStatus of(Map<String, Long> times, @Nullable Long unconfirmedAt) {
    for (MessageStatus status : BY_PRECEDENCE) {
      if (status == UNCONFIRMED ? unconfirmedAt != null : times.containsKey(status.name())) {
        return status;
      }
    }
    return null;
  }

  /** Whether there is evidence both of delivery and of failure. */
  public static boolean contradiction(Map<String, Long> times) {
    return hasAny(times, DELIVERY) && hasAny(times, FAILURE);
  }

  /** Whether the message is complete: it has a completing event, or has timed out. */
  public static boolean complete(MessageFacts facts) {
    return facts.getUnconfirmedAt() != null || hasAny(facts.getTimes(), COMPLETING);
  }

  /**
   * When the message became complete: the earliest time of a completing status, else the time of
   * the timeout; null while in flight.
   */
  public static @Nullable Long completedAt(Map<String, Long> times, @Nullable Long unconfirmedAt) {
    Long earliest = null;
    for (MessageStatus status : COMPLETING) {
      Long time = times.get(status.name());
      if (time != null && (earliest == null || time < earliest)) {
        earliest = time;
      }
    }
    return earliest == null ? unconfirmedAt : earliest;
  }

  /** Whether this status completes a message. */
  public boolean completes() {
    return COMPLETING.contains(this) || this == UNCONFIRMED;
  }

  private static boolean hasAny(Map<String, Long> times, Set<MessageStatus> statuses) {
    for (MessageStatus status : statuses) {
      if (times.containsKey(status.name())) {
        return true;
      }
    }
    return false;
  }
}
