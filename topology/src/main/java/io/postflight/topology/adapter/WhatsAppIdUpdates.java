package io.postflight.topology.adapter;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code user_id_update}: the ids of a person before and after a change, {@code user_id}
 * and {@code parent_user_id} with {@code previous} and {@code current}. It names no message: the id
 * of its event is made of the ids, so that a redelivered one is a duplicate.
 *
 * <p>Business-scoped ids are those of one person, and stay so after the change; only a phone number
 * is left by it.
 */
final class WhatsAppIdUpdates {
  /** The field whose changes these are, and the list within its value. */
  static final String NAME = "user_id_update";

  /** Fields of an update that may be in the value itself, without a list. */
  static final Set<String> FIELDS =
      Set.of(
          "previous",
          "current",
          "user_id",
          "previous_user_id",
          "current_user_id",
          "parent_user_id",
          "previous_parent_user_id",
          "current_parent_user_id",
          "wa_id",
          "detail",
          "timestamp");

  private static final String[] BEFORE = {
    "user_id.previous", "previous_user_id", "previous.user_id", "previous"
  };

  private static final String[] AFTER = {
    "user_id.current", "current_user_id", "current.user_id", "current", "user_id"
  };

  private static final String[] PARENT_BEFORE = {
    "parent_user_id.previous", "previous_parent_user_id", "previous.parent_user_id"
  };

  private static final String[] PARENT_AFTER = {
    "parent_user_id.current", "current_parent_user_id", "current.parent_user_id", "parent_user_id"
  };

  private static final String[] NUMBER_BEFORE = {"wa_id.previous", "previous.wa_id"};
  private static final String[] NUMBER = {"wa_id", "wa_id.current", "current.wa_id"};

  private WhatsAppIdUpdates() {}

  /** The event of an update. */
  static EventDraft read(FlatObject update) {
    EventDraft draft =
        new EventDraft()
            .direction(Direction.INBOUND)
            .status(Status.ANNOTATION, NAME)
            .body(update.get("detail"))
            .attribute("messageType", "system")
            .attribute("systemType", NAME);
    String number = update.id(draft, NUMBER);
    String numberBefore = update.id(draft, NUMBER_BEFORE);
    String before = update.id(draft, BEFORE);
    String after = update.id(draft, AFTER);
    String parentBefore = update.id(draft, PARENT_BEFORE);
    String parentAfter = update.id(draft, PARENT_AFTER);
    String[] ids = {number, before, after, numberBefore, parentBefore, parentAfter};
    draft.userId(first(ids));
    for (String id : ids) {
      draft.alias(id);
    }
    if (numberBefore != null && !numberBefore.equals(number)) {
      draft.formerId(numberBefore);
    }
    String from = first(before, parentBefore, numberBefore);
    String to = first(after, parentAfter, number);
    if (from == null || to == null) {
      draft.reject(
          RejectionReason.MALFORMED_BODY,
          "'" + NAME + "' does not name the id before and the id after the change");
    }
    return draft
        .messageId(NAME + '/' + from + '/' + to)
        .time(Timestamps.of(draft, update, "timestamp"));
  }

  private static @Nullable String first(@Nullable String... ids) {
    for (String id : ids) {
      if (id != null && !id.isBlank()) {
        return id;
      }
    }
    return null;
  }
}
