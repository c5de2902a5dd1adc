package io.postflight.devstack.simulator;

import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import org.jspecify.annotations.Nullable;

/**
 * One event that a provider reports: a status of a message, an inbound message, an action, or a
 * deliberately invalid event.
 *
 * @param subject the message or action that it belongs to
 * @param status the canonical status; null if the event must be rejected
 * @param providerStatus the provider's name of the status
 * @param time when it happened, epoch milliseconds
 * @param failure the provider's error, or null
 * @param namesUser whether it identifies the person that the message was exchanged with
 * @param rejection the reason why it must be rejected, or null
 */
record SimulatedEvent(
    SimulatedSubject subject,
    @Nullable Status status,
    String providerStatus,
    long time,
    @Nullable Failure failure,
    boolean namesUser,
    @Nullable RejectionReason rejection) {
  /**
   * A message, or a user's action.
   *
   * @param provider as in the webhook's URL
   * @param tenant the tenant that owns it
   * @param user the person that the message was exchanged with
   * @param messageId the provider's id; for an action, a unique number
   * @param channel WHATSAPP, SMS, ...
   * @param number random number that prices, texts and names are derived from
   */
  record SimulatedSubject(
      String provider, String tenant, String user, String messageId, String channel, int number) {}

  /** A provider's error. */
  record Failure(String code, String title, String detail) {}

  /** A valid event that identifies the user, without an error. */
  static SimulatedEvent of(
      SimulatedSubject subject, Status status, String providerStatus, long time) {
    return new SimulatedEvent(subject, status, providerStatus, time, null, true, null);
  }

  /** An event that must be rejected. */
  static SimulatedEvent invalid(
      SimulatedSubject subject, String providerStatus, long time, RejectionReason reason) {
    return new SimulatedEvent(subject, null, providerStatus, time, null, true, reason);
  }

  /** A copy with the provider's error. */
  SimulatedEvent with(Failure error) {
    return new SimulatedEvent(subject, status, providerStatus, time, error, namesUser, rejection);
  }

  /** A copy that does not identify the user. */
  SimulatedEvent withoutUser() {
    return new SimulatedEvent(subject, status, providerStatus, time, failure, false, rejection);
  }
}
