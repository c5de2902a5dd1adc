package io.postflight.schema.erasure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
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

  /**
   * What commands on one id cover.
   *
   * @param command the command that covers the same as all of them
   * @param commands their ids
   */
  private record Entry(Erasure command, Set<String> commands) {
    static Entry of(Erasure command) {
      return new Entry(command, Set.of(command.getId()));
    }

    /** The entry of the same commands and more. */
    Entry with(Erasure covering, Set<String> more) {
      Set<String> all = new HashSet<>(commands);
      all.addAll(more);
      return new Entry(covering, Set.copyOf(all));
    }

    Entry without(String id) {
      Set<String> left = new HashSet<>(commands);
      left.remove(id);
      return new Entry(command, Set.copyOf(left));
    }

    @Nullable ErasureScope scope() {
      return command.getScope();
    }

    long at() {
      return command.getAt();
    }
  }

  /** Adds a user's command. */
  public void add(Erasure command) {
    Entry added = Entry.of(command);
    byUser.merge(
        new ErasedUser(command.getTenant(), Objects.requireNonNull(command.getUserId(), "user_id")),
        List.of(added),
        (known, more) -> joined(known, added));
  }

  /**
   * As few entries as possible: those that extend one command are one, and what another entry
   * covers has none.
   */
  private static List<Entry> joined(List<Entry> known, Entry added) {
    String root = ErasureScopes.root(added.command());
    Entry joined = added;
    List<Entry> others = new ArrayList<>(known.size() + 1);
    for (Entry each : known) {
      if (ErasureScopes.root(each.command()).equals(root)) {
        joined =
            joined.with(ErasureScopes.union(each.command(), joined.command()), each.commands());
      } else {
        others.add(each);
      }
    }
    List<Entry> all = new ArrayList<>(others.size() + 1);
    for (Entry each : others) {
      if (ErasureScopes.includes(each.command(), joined.command())) {
        joined = joined.with(each.command(), each.commands());
      } else if (ErasureScopes.includes(joined.command(), each.command())) {
        joined = joined.with(joined.command(), each.commands());
      } else {
        all.add(each);
      }
    }
    all.add(joined);
    return List.copyOf(all);
  }

  /**
   * Removes a user's command. What it covers stays erased as long as it is joined with commands
   * that are not removed.
   */
  public void remove(Erasure command) {
    byUser.computeIfPresent(
        new ErasedUser(command.getTenant(), Objects.requireNonNull(command.getUserId(), "user_id")),
        (user, known) -> {
          List<Entry> left =
              known.stream()
                  .map(each -> each.without(command.getId()))
                  .filter(each -> !each.commands().isEmpty())
                  .toList();
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
   * When all rows of a scope under an id up to a time were erased for the last time, epoch
   * milliseconds; null: never, or not all of them by one command.
   *
   * @param scope null: all rows under the id
   */
  public @Nullable Long erasedAt(String tenant, String userId, @Nullable ErasureScope scope) {
    return byUser.getOrDefault(new ErasedUser(tenant, userId), List.of()).stream()
        .filter(each -> ErasureScopes.includes(each.scope(), ErasureScopes.until(scope, each.at())))
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
