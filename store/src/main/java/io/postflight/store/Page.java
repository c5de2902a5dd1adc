package io.postflight.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a timeline or of a listing.
 *
 * @param items in the requested order
 * @param next position to continue after; null if there are no more items
 * @param partial whether the page ended before it was full: its time budget was used up, its rows
 *     are large, or the database became unavailable
 */
public record Page<T>(List<T> items, @Nullable Position next, boolean partial) {
  public Page {
    items = List.copyOf(items);
  }
}
