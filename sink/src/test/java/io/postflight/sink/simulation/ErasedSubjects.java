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

/** Messages and users that are erased, and redacted fields. */
final class ErasedSubjects {
  private final Set<String> messages = new HashSet<>();

  /** By user, the time up to which messages are erased by their creation time. */
  private final Map<String, Long> users = new HashMap<>();

  /** Redacted fields by message. */
  private final Map<String, List<String>> fields = new HashMap<>();

  void redact(String messageId, List<String> some) {
    fields.put(messageId, some);
  }

  /** Redacted fields of a message. */
  List<String> redacted(String messageId) {
    return fields.getOrDefault(messageId, List.of());
  }

  void eraseMessage(String messageId) {
    messages.add(messageId);
  }

  /** Whether any command may have erased events of a user. */
  boolean anyOf(String user) {
    return !messages.isEmpty() || users.containsKey(user);
  }

  void eraseUser(String user, long at) {
    users.merge(user, at, Math::max);
  }

  boolean messageErased(String messageId) {
    return messages.contains(messageId);
  }

  /** Whether a user's erasure covers a message created at a time. */
  boolean userErased(@Nullable String user, long begun) {
    Long at = users.get(user);
    return at != null && begun <= at;
  }

  /** Whether a record must not be sent. */
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

  /** The user of a message. */
  static String user(MessageRevision message) {
    return String.valueOf(Facts.text(message.getFacts(), Facts.USER_ID));
  }
}
