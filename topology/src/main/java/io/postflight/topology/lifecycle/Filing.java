package io.postflight.topology.lifecycle;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.identity.AliasKind;
import io.postflight.schema.identity.Aliases;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageAlias;
import io.postflight.schema.message.MessageFacts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Under which id the row of an event is stored, and which other id of the person it names.
 *
 * <p>A message that is not sent in a group has one person on the other side. So an event that names
 * nobody, or the person by a hidden or business-scoped id only, is stored under the user that the
 * message is known to have. Members of a group have timelines of their own.
 *
 * @param user the id; null: unknown so far
 * @param alias the other id; null: none, or the user cannot pass to another person
 */
record Filing(@Nullable String user, @Nullable String alias) {
  /**
   * The filing of an event.
   *
   * @param facts of its message, with the event
   */
  static Filing of(MessageEvent event, MessageFacts facts) {
    String user = event.getUserId();
    String owner = Facts.text(facts, Facts.USER_ID);
    if (isInGroup(event, facts)) {
      return new Filing(user == null ? owner : user, Aliases.identifying(event));
    }
    if (owner == null || (user != null && !user.equals(owner) && !isHidden(event, owner))) {
      return new Filing(user, Aliases.identifying(event));
    }
    List<String> named = new ArrayList<>(event.getAliases());
    if (user != null) {
      named.add(user);
    }
    String alias = Aliases.identifying(owner, named);
    return new Filing(owner, alias == null ? MessageAlias.of(facts) : alias);
  }

  /**
   * The user of a message that an event names by another id, so that both are ids of one person:
   * the event names a hidden id only, or the message was known under one until the event.
   *
   * @param before facts of the message before the event; null: there were none
   * @param after facts with the event
   * @return null: there is none
   */
  static @Nullable String linkedUser(
      MessageEvent event, @Nullable MessageFacts before, MessageFacts after) {
    String user = event.getUserId();
    String owner = Facts.text(after, Facts.USER_ID);
    if (user == null || owner == null) {
      return null;
    }
    if (!user.equals(owner)) {
      return isHidden(event, owner) && !isInGroup(event, after) ? owner : null;
    }
    String formerOwner = before == null ? null : Facts.text(before, Facts.USER_ID);
    return formerOwner != null
            && !formerOwner.equals(owner)
            && isHidden(formerOwner)
            && !isInGroup(event, after)
        ? formerOwner
        : null;
  }

  private static boolean isInGroup(MessageEvent event, MessageFacts facts) {
    return event.getAttributes().containsKey(Facts.GROUP) || isInGroup(facts);
  }

  /** Whether a message was sent in a group. */
  static boolean isInGroup(MessageFacts facts) {
    return Facts.text(facts, Facts.ATTRIBUTE_PREFIX + Facts.GROUP) != null;
  }

  /** Whether an event names its user only by ids that do not show the address. */
  private static boolean isHidden(MessageEvent event, String owner) {
    return isHidden(event.getUserId())
        && !event.getAliases().contains(owner)
        && event.getAliases().stream().allMatch(Filing::isHidden);
  }

  private static boolean isHidden(@Nullable String id) {
    AliasKind kind = id == null ? null : AliasKind.of(id);
    return kind == AliasKind.LID || kind == AliasKind.BSUID;
  }
}
