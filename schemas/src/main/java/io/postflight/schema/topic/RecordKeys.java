package io.postflight.schema.topic;

import io.postflight.schema.event.MessageEvent;
import org.jspecify.annotations.Nullable;

/**
 * Record keys: parts joined by {@code |}. A tenant's id contains no {@code |}, so that keys of two
 * tenants are never equal; the other parts are not escaped.
 */
public final class RecordKeys {
  private RecordKeys() {}

  /** Key of an event: {@code tenant|message_id}, of an action {@code tenant|user|event_id}. */
  public static String ofEvent(MessageEvent event) {
    String messageId = event.getMessageId();
    return messageId == null
        ? event.getTenant() + '|' + event.getUserId() + '|' + event.getEventId()
        : ofMessage(event.getTenant(), messageId);
  }

  /** Key of records of one message: {@code tenant|message_id}. */
  public static String ofMessage(String tenant, String messageId) {
    return tenant + '|' + messageId;
  }

  /** Key of records of one user: {@code tenant|user_id}. */
  public static String ofUser(String tenant, String userId) {
    return tenant + '|' + userId;
  }

  /**
   * Key of a tier's record: {@code tenant|user_id}; while the user is unknown the message's key.
   */
  public static String ofTimeline(String tenant, @Nullable String userId, String messageId) {
    return tenant + '|' + (userId == null ? messageId : userId);
  }
}
