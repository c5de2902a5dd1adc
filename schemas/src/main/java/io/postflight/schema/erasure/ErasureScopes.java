package io.postflight.schema.erasure;

import io.postflight.schema.identity.AliasKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** Which rows under an id a user's command covers. */
@NullMarked
public final class ErasureScopes {
  /** How much later than its arrival an event may be; a later one has the time of its arrival. */
  private static final long MAX_AHEAD = Duration.ofMinutes(5).toMillis();

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

  /**
   * Whether a scope covers every row that another one does.
   *
   * @param scope null: all rows
   * @param other null: all rows
   */
  public static boolean includes(@Nullable ErasureScope scope, @Nullable ErasureScope other) {
    if (scope == null || other == null) {
      return scope == null;
    }
    return scope.getAliases().containsAll(other.getAliases())
        && other.getPeriods().stream().allMatch(each -> isWithin(each, scope.getPeriods()));
  }

  private static boolean isWithin(Period period, List<Period> periods) {
    long covered = period.getFrom();
    for (Period each : periods) {
      if (each.getFrom() <= covered && covered < each.getUntil()) {
        covered = each.getUntil();
      }
    }
    return covered >= period.getUntil();
  }

  /**
   * The scope that covers the rows that one of two scopes covers, and no others.
   *
   * @return null: all rows
   */
  public static @Nullable ErasureScope union(
      @Nullable ErasureScope some, @Nullable ErasureScope more) {
    if (some == null || more == null) {
      return null;
    }
    TreeSet<String> aliases = new TreeSet<>(some.getAliases());
    aliases.addAll(more.getAliases());
    List<Period> ordered = new ArrayList<>(some.getPeriods());
    ordered.addAll(more.getPeriods());
    ordered.sort(Comparator.comparingLong(Period::getFrom));
    List<Period> periods = new ArrayList<>(ordered.size());
    for (Period each : ordered) {
      int last = periods.size() - 1;
      if (last >= 0 && each.getFrom() <= periods.get(last).getUntil()) {
        Period joined = periods.get(last);
        periods.set(
            last, new Period(joined.getFrom(), Math.max(joined.getUntil(), each.getUntil())));
      } else {
        periods.add(each);
      }
    }
    return new ErasureScope(List.copyOf(aliases), periods);
  }

  /** Whether a user's command covers every row that another one of the same user does. */
  public static boolean includes(Erasure command, Erasure other) {
    return command.getAt() >= other.getAt() && includes(command.getScope(), other.getScope());
  }

  /** Two commands of one user as one, which has the later time. */
  public static Erasure union(Erasure some, Erasure more) {
    Erasure later = some.getAt() > more.getAt() ? some : more;
    return Erasure.newBuilder(later).setScope(union(some.getScope(), more.getScope())).build();
  }

  /** Id of the requested command: the one that a command extends, or itself. */
  public static String root(Erasure command) {
    return command.getRoot() == null ? command.getId() : command.getRoot();
  }

  /**
   * A scope whose periods end with a command: it erases no rows of a later time, and its periods do
   * not change by what becomes known of later times.
   *
   * @param at time of the command, epoch milliseconds
   */
  public static @Nullable ErasureScope until(@Nullable ErasureScope scope, long at) {
    if (scope == null) {
      return null;
    }
    long end = at + MAX_AHEAD + 1;
    return new ErasureScope(
        scope.getAliases(),
        scope.getPeriods().stream()
            .filter(period -> period.getFrom() < end)
            .map(period -> new Period(period.getFrom(), Math.min(period.getUntil(), end)))
            .toList());
  }

  /** Whether a record of the ledger is a command, and no notice about one. */
  public static boolean isCommand(Erasure record) {
    return record.getCompletedAt() == null && record.getDerived() == null;
  }
}
