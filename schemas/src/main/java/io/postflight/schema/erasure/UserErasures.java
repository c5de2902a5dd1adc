package io.postflight.schema.erasure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * The erasures of users, by tenant and user. A row belongs to the id under which it is stored and
 * to the other id that it names; the erasure of either covers it.
 *
 * <p>Thread-safe.
 */
@NullMarked
public final class UserErasures {
  private final ConcurrentMap<ErasedUser, List<Entry>> byUser = new ConcurrentHashMap<>();

  private record ErasedUser(String tenant, String id) {}

  /** The commands of one scope: their greatest time, and the last of them. */
  private record Entry(@Nullable ErasureScope scope, long at, String lastCommand) {}

  /** Adds a user's command. */
  public void add(Erasure command) {
    Entry added = new Entry(command.getScope(), command.getAt(), command.getId());
    byUser.merge(
        new ErasedUser(command.getTenant(), Objects.requireNonNull(command.getUserId(), "user_id")),
        List.of(added),
        (known, more) -> joined(known, added));
  }

  private static List<Entry> joined(List<Entry> known, Entry added) {
    List<Entry> all = new ArrayList<>(known.size() + 1);
    Entry joined = added;
    for (Entry each : known) {
      if (Objects.equals(each.scope(), added.scope())) {
        joined = new Entry(added.scope(), Math.max(each.at(), added.at()), added.lastCommand());
      } else {
        all.add(each);
      }
    }
    all.add(joined);
    return List.copyOf(all);
  }

  /** Removes a user's command, unless a later one has the same user and scope. */
  public void remove(Erasure command) {
    byUser.computeIfPresent(
        new ErasedUser(command.getTenant(), Objects.requireNonNull(command.getUserId(), "user_id")),
        (user, known) -> {
          List<Entry> left =
              known.stream().filter(each -> !each.lastCommand().equals(command.getId())).toList();
          return left.isEmpty() ? null : left;
        });
  }

  /** The number of users. */
  public int size() {
    return byUser.size();
  }

  /** Whether a user was erased, in whatever scope. */
  public boolean anyOf(String tenant, String userId) {
    return byUser.containsKey(new ErasedUser(tenant, userId));
  }

  /** When all rows under an id were erased for the last time, epoch milliseconds; null: never. */
  public @Nullable Long wholeErasedAt(String tenant, String userId) {
    for (Entry each : byUser.getOrDefault(new ErasedUser(tenant, userId), List.of())) {
      if (each.scope() == null) {
        return each.at();
      }
    }
    return null;
  }

  /**
   * When a row's person was erased for the last time, epoch milliseconds; null: never. What was
   * created at or before that time is erased.
   *
   * @param userId under which the row is stored; null: unknown
   * @param alias other id that the row names; null: none
   * @param time of the row, as in {@link ErasureScopes#covers}
   */
  public @Nullable Long erasedAt(
      String tenant, @Nullable String userId, @Nullable String alias, long time) {
    Long at =
        userId == null
            ? null
            : latest(tenant, userId, scope -> ErasureScopes.covers(scope, alias, time), null);
    return alias == null
        ? at
        : latest(tenant, alias, scope -> ErasureScopes.coversNaming(scope, userId), at);
  }

  /**
   * When all rows of a scope under an id were erased for the last time, epoch milliseconds; null:
   * never, or not all of them by one command.
   *
   * @param scope null: all rows under the id
   */
  public @Nullable Long erasedAt(String tenant, String userId, @Nullable ErasureScope scope) {
    return byUser.getOrDefault(new ErasedUser(tenant, userId), List.of()).stream()
        .filter(each -> each.scope() == null || each.scope().equals(scope))
        .map(Entry::at)
        .max(Comparator.naturalOrder())
        .orElse(null);
  }

  private @Nullable Long latest(
      String tenant, String id, Predicate<@Nullable ErasureScope> covering, @Nullable Long latest) {
    List<Entry> entries = byUser.get(new ErasedUser(tenant, id));
    Long at = latest;
    if (entries != null) {
      for (Entry each : entries) {
        if (covering.test(each.scope()) && (at == null || each.at() > at)) {
          at = each.at();
        }
      }
    }
    return at;
  }
}
