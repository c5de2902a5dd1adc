package io.postflight.api.gateway;

import io.postflight.schema.topic.RejectionReason;
import java.util.List;

/**
 * Reports the outcome of normalizing a body of our own events. It is the function that normalizes
 * the body later, so that ids and rejections reported here are the final ones.
 */
@FunctionalInterface
public interface EventValidator {
  /**
   * One result for each event of the body, in its order; a single rejection if the body as a whole
   * is invalid. Never fails.
   */
  List<Validation> validate(String tenant, byte[] body);

  /** The outcome of one event. */
  sealed interface Validation {
    /**
     * It is accepted.
     *
     * @param eventId its id
     * @param expired whether the retention of the tenant's tier is over for its time, so that
     *     nothing of it will be stored
     */
    record ValidEvent(String eventId, boolean expired) implements Validation {}

    /**
     * It is rejected.
     *
     * @param reason one of the closed set
     * @param detail what is wrong, human-readable
     */
    record InvalidEvent(RejectionReason reason, String detail) implements Validation {}
  }
}
