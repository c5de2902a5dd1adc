package io.postflight.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The requested part of a timeline or of a listing.
 *
 * @param since first time, epoch milliseconds; null for the whole retention
 * @param until end of the time range (exclusive), epoch milliseconds; null: the present time
 * @param limit maximum number of items, 1 to 1000
 * @param after end of the previous page; null for the first page
 * @param budget time after which a partial page is returned, or the read fails if nothing could be
 *     read until then; null if only single requests time out, of which a later one ends the page
 * @param bytes about how many bytes the page's rows may have, at most {@link
 *     EventReader#MAX_BYTES}; a page that ends there is partial
 */
public record PageRequest(
    @Nullable Long since,
    @Nullable Long until,
    int limit,
    @Nullable Position after,
    @Nullable Duration budget,
    long bytes) {
  private static final int MAX_LIMIT = 1000;

  public PageRequest {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit is " + limit + "; allowed is 1 to " + MAX_LIMIT);
    }
    if (bytes < 1 || bytes > EventReader.MAX_BYTES) {
      throw new IllegalArgumentException("bytes is " + bytes);
    }
  }

  /** A request for as many bytes as a page may have. */
  public PageRequest(
      @Nullable Long since,
      @Nullable Long until,
      int limit,
      @Nullable Position after,
      @Nullable Duration budget) {
    this(since, until, limit, after, budget, EventReader.MAX_BYTES);
  }

  /** The first page of the whole retention, without a time budget. */
  public static PageRequest first(int limit) {
    return new PageRequest(null, null, limit, null, null);
  }

  /** This request for another time range; null as for the components. */
  public PageRequest between(@Nullable Long first, @Nullable Long end) {
    return new PageRequest(first, end, limit, after, budget, bytes);
  }

  /** This request for at most a number of items. */
  public PageRequest limitedTo(int items) {
    return new PageRequest(since, until, items, after, budget, bytes);
  }

  /** This request, continued after a position; null for the first page. */
  public PageRequest after(@Nullable Position position) {
    return new PageRequest(since, until, limit, position, budget, bytes);
  }

  /** This request with a time budget. */
  public PageRequest within(Duration time) {
    return new PageRequest(since, until, limit, after, time, bytes);
  }

  /** This request for about so many bytes. */
  public PageRequest limitedToBytes(long most) {
    return new PageRequest(since, until, limit, after, budget, most);
  }
}
