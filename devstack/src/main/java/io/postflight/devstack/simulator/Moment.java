package io.postflight.devstack.simulator;

import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a provider tells: a status of a message, an inbound message, an action, or
 * something put wrong on purpose.
 *
 * @param subject what it is about
 * @param status what it means; null if it must be rejected
 * @param word the provider's word
 * @param time when it happened, epoch milliseconds
 * @param failure why it failed, or null
 * @param tellsUser whether it says who the person on the other side is
 * @param mistake why it must be rejected, or null
 */
record Moment(
    Subject subject,
    @Nullable Status status,
    String word,
    long time,
    @Nullable Failure failure,
    boolean tellsUser,
    @Nullable RejectionReason mistake) {
  /**
   * A message, or a user's action.
   *
   * @param provider as in the webhook's address
   * @param tenant whose it is
   * @param user the person on the other side
   * @param messageId the provider's id; of an action a number that makes it distinct
   * @param channel WHATSAPP, SMS, ...
   * @param number draws what else is worth telling: prices, texts, names
   */
  record Subject(
      String provider, String tenant, String user, String messageId, String channel, int number) {}

  /** A provider's error. */
  record Failure(String code, String title, String detail) {}
}
