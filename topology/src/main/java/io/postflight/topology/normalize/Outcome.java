package io.postflight.topology.normalize;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.topic.RejectionReason;
import java.util.Objects;

/** The outcome of normalizing one entry of a webhook's body. */
public sealed interface Outcome {
  /** Position of the entry in the body, from 0. */
  int index();

  /**
   * The entry is a valid event.
   *
   * @param index position in the body, from 0
   * @param event the canonical event
   */
  record Accepted(int index, MessageEvent event) implements Outcome {
    public Accepted {
      Objects.requireNonNull(event, "event");
    }
  }

  /**
   * The entry, or the whole body (with index 0, as the only outcome), is rejected.
   *
   * @param index position in the body, from 0
   * @param reason of the rejection
   * @param detail human-readable; contains no data of the body except a short status or field name
   */
  record Rejected(int index, RejectionReason reason, String detail) implements Outcome {
    public Rejected {
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(detail, "detail");
    }
  }
}
