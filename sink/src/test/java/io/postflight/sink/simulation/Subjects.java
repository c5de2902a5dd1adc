package io.postflight.sink.simulation;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is erased of whom, as far as the topology has decreed it: none of it is sent any more. */
final class Subjects {
  private final Set<String> messages = new HashSet<>();

  /** By user, the time up to which all that began is erased. */
  private final Map<String, Long> users = new HashMap<>();

  /** By message, what is redacted. */
  private final Map<String, List<String>> fields = new HashMap<>();

  void redact(String messageId, List<String> some) {
    fields.put(messageId, some);
  }

  /** Fields of a message that are not to be read any more. */
  List<String> redacted(String messageId) {
    return fields.getOrDefault(messageId, List.of());
  }

  void eraseMessage(String messageId) {
    messages.add(messageId);
  }

  void eraseUser(String user, long at) {
    users.merge(user, at, Math::max);
  }

  boolean messageErased(String messageId) {
    return messages.contains(messageId);
  }

  /** Whether a user's erasure takes what began at a time. */
  boolean userErased(@Nullable String user, long begun) {
    Long at = users.get(user);
    return at != null && begun <= at;
  }

  /** Whether nothing of a record may be sent any more. */
  boolean erased(TierRecord record) {
    MessageRevision message = record.getMessage();
    if (message == null) {
      MessageEvent action = record.getTimeline().get(0).getEvent();
      long anchor = record.getTimeline().get(0).getAnchor();
      return userErased(action.getUserId(), anchor);
    }
    long anchor =
        record.getTimeline().isEmpty()
            ? message.getCreatedAt()
            : record.getTimeline().get(0).getAnchor();
    return messageErased(message.getMessageId())
        || userErased(user(message), Math.min(message.getCreatedAt(), anchor));
  }

  /** Whose message it is. */
  static String user(MessageRevision message) {
    return String.valueOf(Facts.text(message.getFacts(), Facts.USER_ID));
  }
}
