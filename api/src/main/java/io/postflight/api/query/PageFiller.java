package io.postflight.api.query;

import com.linecorp.armeria.common.HttpStatus;
import io.postflight.api.http.Problem;
import io.postflight.schema.concurrent.FutureFailures;
import io.postflight.store.Page;
import io.postflight.store.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Fills a page although some rows are hidden: reads until the page is full, the rows are exhausted,
 * the time budget is used up, or a tier becomes unavailable. A read that ends early ends the page
 * only if it has rows: large rows that are hidden take no space in it.
 */
final class PageFiller<T> {
  /** Minimum size of further reads, for pages with many hidden rows. */
  private static final int MIN_FURTHER_READ = 200;

  private final Function<T, Position> position;
  private final Function<T, String> identity;
  private final int limit;
  private final long deadline;
  private final VisibleRows<T> reader;
  private final List<T> found = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();

  /** Reads the visible rows of a range. */
  @FunctionalInterface
  interface VisibleRows<T> {
    /**
     * Reads a range.
     *
     * @param after position to continue from; null: the start of the query
     * @param limit maximum number of rows read, including hidden ones
     * @param budget time budget
     */
    CompletableFuture<Page<T>> read(@Nullable Position after, int limit, Duration budget);
  }

  private PageFiller(
      Function<T, Position> position,
      Function<T, String> identity,
      int limit,
      Duration budget,
      VisibleRows<T> reader) {
    this.position = position;
    this.identity = identity;
    this.limit = limit;
    this.deadline = System.nanoTime() + budget.toNanos();
    this.reader = reader;
  }

  /** Reads a page of up to {@code limit} items. */
  static <T> CompletableFuture<Page<T>> fill(
      Function<T, Position> position,
      Function<T, String> identity,
      int limit,
      Duration budget,
      VisibleRows<T> reader) {
    PageFiller<T> filler = new PageFiller<>(position, identity, limit, budget, reader);
    return reader.read(null, limit, budget).thenCompose(filler::take);
  }

  private CompletionStage<Page<T>> take(Page<T> part) {
    for (int i = 0; i < part.items().size(); i++) {
      T item = part.items().get(i);
      if (seen.add(identity.apply(item))) {
        found.add(item);
      }
      if (found.size() == limit) {
        boolean last = i == part.items().size() - 1;
        return CompletableFuture.completedFuture(
            new Page<>(found, last ? part.next() : position.apply(item), false));
      }
    }
    Position next = part.next();
    long left = deadline - System.nanoTime();
    if (next == null || left <= 0 || (part.partial() && !found.isEmpty())) {
      return CompletableFuture.completedFuture(new Page<>(found, next, next != null));
    }
    return reader
        .read(next, Math.max(limit, MIN_FURTHER_READ), Duration.ofNanos(left))
        .handle((more, failure) -> failure == null ? take(more) : unread(next, failure))
        .thenCompose(Function.identity());
  }

  /** A tier that becomes unavailable does not lose what was read before. */
  private CompletionStage<Page<T>> unread(Position next, Throwable failure) {
    return FutureFailures.unwrap(failure) instanceof Problem problem
            && problem.status().equals(HttpStatus.SERVICE_UNAVAILABLE)
        ? CompletableFuture.completedFuture(new Page<>(found, next, true))
        : CompletableFuture.failedFuture(failure);
  }
}
