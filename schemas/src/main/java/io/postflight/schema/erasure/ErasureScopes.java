package io.postflight.schema.erasure;

import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** Which rows under an id a user's command covers. */
@NullMarked
public final class ErasureScopes {
  private ErasureScopes() {}

  /**
   * Whether the scope of a command covers a row under its user_id, apart from the command's time.
   *
   * @param scope of the command; null: all rows
   * @param alias other id that the row names; null: none ({@link
   *     io.postflight.schema.identity.Aliases#identifying})
   * @param time of the row: event_time of an event, created_at of a message, epoch milliseconds
   */
  public static boolean covers(@Nullable ErasureScope scope, @Nullable String alias, long time) {
    if (scope == null) {
      return true;
    }
    if (alias != null) {
      return scope.getAliases().contains(alias);
    }
    for (Period period : scope.getPeriods()) {
      if (period.getFrom() <= time && time < period.getUntil()) {
        return true;
      }
    }
    return false;
  }

  /** Whether a record of the ledger is a command, and no notice about one. */
  public static boolean isCommand(Erasure record) {
    return record.getCompletedAt() == null && record.getDerived() == null;
  }
}
