package io.postflight.schema.lifecycle;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.message.MessageEdit;
import io.postflight.schema.message.MessageFacts;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Edits and revocations of a message. Both are annotations of the original message, with the
 * provider status {@link #EDIT} or {@link #REVOKE} with all providers; they may arrive before it.
 */
public final class Edits {
  /** Provider status of an annotation that gives a message another text. */
  public static final String EDIT = "edit";

  /** Provider status of an annotation that withdraws a message. */
  public static final String REVOKE = "revoke";

  /** The edit that counts comes first: the order is total, so that it depends on the edits only. */
  static final Comparator<MessageEdit> NEWEST =
      Comparator.comparingLong(MessageEdit::getAt)
          .thenComparing(MessageEdit::getEventId)
          .thenComparing(MessageEdit::getBody)
          .reversed();

  private Edits() {}

  /** Whether the event gives a message another text. */
  public static boolean isEdit(MessageEvent event) {
    return event.getStatus() == Status.ANNOTATION && EDIT.equals(event.getProviderStatus());
  }

  /** Whether the event withdraws a message. */
  public static boolean isRevocation(MessageEvent event) {
    return event.getStatus() == Status.ANNOTATION && REVOKE.equals(event.getProviderStatus());
  }

  /** The text of an edit; null if its webhook does not contain it. */
  static @Nullable MessageEdit textOf(MessageEvent edit) {
    String body = edit.getBody();
    return body == null ? null : new MessageEdit(edit.getEventTime(), edit.getEventId(), body);
  }

  /** The newest text of a message: that of its last edit, else its own; null if unknown. */
  public static @Nullable String body(MessageFacts facts) {
    MessageEdit edit = facts.getEdit();
    return edit == null ? Facts.text(facts, Facts.BODY) : edit.getBody();
  }
}
