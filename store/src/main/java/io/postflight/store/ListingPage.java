package io.postflight.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a listing.
 *
 * @param items in the order asked for
 * @param next where to go on; null: there is nothing more
 * @param partial whether the budget ran out before the page was full
 */
public record ListingPage(List<ListingItem> items, @Nullable Position next, boolean partial) {
  public ListingPage {
    items = List.copyOf(items);
  }
}
