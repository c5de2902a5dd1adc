package io.postflight.api.query;

import io.postflight.store.Page;
import io.postflight.store.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Merges pages of several tiers. A tier that stopped early (full page, or time budget used up) may
 * have more rows after its stop, so the merged page ends at the earliest stop, where the next page
 * starts.
 */
final class PageMerger<T> {
  /** By time descending, then by id ascending: the order of every store. */
  static final Comparator<Position> NEWEST_FIRST =
      Comparator.comparingLong(Position::time).reversed().thenComparing(Position::id);

  private final Comparator<Position> order;
  private final Function<T, Position> position;
  private final Function<T, String> identity;

  /**
   * Creates a merger.
   *
   * @param identity equal for copies of one item; the newest tier's copy is kept
   */
  PageMerger(
      Comparator<Position> order, Function<T, Position> position, Function<T, String> identity) {
    this.order = order;
    this.position = position;
    this.identity = identity;
  }

  Page<T> merge(List<Page<T>> parts, int limit) {
    Position stop =
        parts.stream().map(Page::next).filter(next -> next != null).min(order).orElse(null);
    List<T> all = new ArrayList<>();
    parts.forEach(part -> all.addAll(part.items()));
    all.sort(Comparator.comparing(position, order));

    List<T> page = new ArrayList<>(Math.min(limit, all.size()));
    Set<String> seen = new HashSet<>();
    for (T item : all) {
      Position at = position.apply(item);
      if (stop != null && order.compare(at, stop) > 0) {
        break;
      }
      if (!seen.add(identity.apply(item))) {
        continue;
      }
      if (page.size() == limit) {
        return new Page<>(page, position.apply(page.get(limit - 1)), false);
      }
      page.add(item);
    }
    boolean full = page.size() == limit;
    boolean partial = !full && parts.stream().anyMatch(Page::partial);
    return new Page<>(page, stop, partial);
  }
}
