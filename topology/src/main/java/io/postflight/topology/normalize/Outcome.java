package io.postflight.topology.normalize;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.topic.RejectionReason;
import java.util.Objects;

/** What became of one entry of a webhook's body. */
public sealed interface Outcome {
  /** Place of the entry within the body, from 0, in the order of the body. */
  int index();

  /**
   * The entry is an event.
   *
   * @param index place within the body, from 0
   * @param event the canonical event
   */
  record Accepted(int index, MessageEvent event) implements Outcome {
    public Accepted {
      Objects.requireNonNull(event, "event");
    }
  }

  /**
   * The entry, or the whole body (then the index is 0 and it is the only outcome), is no event.
   *
   * @param index place within the body, from 0
   * @param reason one of the closed set
   * @param detail what is wrong, for people; of the body's data at most a short status word
   */
  record Rejected(int index, RejectionReason reason, String detail) implements Outcome {
    public Rejected {
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(detail, "detail");
    }
  }
}
