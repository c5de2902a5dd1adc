package io.postflight.schema.erasure;

import io.postflight.schema.identity.AliasKind;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** Which rows under an id a user's command covers. */
@NullMarked
public final class ErasureScopes {
  private ErasureScopes() {}

  /**
   * Whether the scope of a command covers a row under its user_id, apart from the command's time. A
   * row that names another person's id is not covered; one that names another lease may be.
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
    if (alias != null && scope.getAliases().contains(alias)) {
      return true;
    }
    if (alias != null && !AliasKind.of(alias).isLease()) {
      return false;
    }
    for (Period period : scope.getPeriods()) {
      if (period.getFrom() <= time && time < period.getUntil()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the scope of a command covers a row under another id that names the command's user_id.
   *
   * @param userId the id under which the row is stored; null: unknown
   */
  public static boolean coversNaming(@Nullable ErasureScope scope, @Nullable String userId) {
    return scope == null || (userId != null && scope.getAliases().contains(userId));
  }

  /** Whether a scope covers every row that another one covers; null: all rows. */
  public static boolean includes(@Nullable ErasureScope scope, @Nullable ErasureScope other) {
    if (scope == null || other == null) {
      return scope == null;
    }
    return scope.getAliases().containsAll(other.getAliases())
        && other.getPeriods().stream()
            .allMatch(
                period ->
                    scope.getPeriods().stream()
                        .anyMatch(
                            own ->
                                own.getFrom() <= period.getFrom()
                                    && period.getUntil() <= own.getUntil()));
  }

  /** Whether a record of the ledger is a command, and no notice about one. */
  public static boolean isCommand(Erasure record) {
    return record.getCompletedAt() == null && record.getDerived() == null;
  }
}
