package io.postflight.schema.lifecycle;

import io.postflight.schema.identity.Aliases;
import io.postflight.schema.message.MessageFacts;
import org.jspecify.annotations.Nullable;

/**
 * Another id of a message's user ({@link Aliases#identifying}), as the fact {@link Facts#ALIAS} has
 * it. The fact names the user too: one that an event names with another user is that user's.
 */
public final class MessageAlias {
  private MessageAlias() {}

  /** The other id of the message's user; null: none is known. */
  public static @Nullable String of(MessageFacts facts) {
    String user = Facts.text(facts, Facts.USER_ID);
    String fact = Facts.text(facts, Facts.ALIAS);
    return user != null && fact != null && fact.startsWith(user + '|')
        ? fact.substring(user.length() + 1)
        : null;
  }

  /** The value of the fact; null if there is no user or no other id. */
  public static @Nullable String fact(@Nullable String user, @Nullable String alias) {
    return user == null || alias == null ? null : user + '|' + alias;
  }
}
