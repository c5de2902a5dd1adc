package io.postflight.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a timeline.
 *
 * @param items newest first
 * @param next where to go on; null: there is nothing more
 * @param partial whether the budget ran out before the page was full
 */
public record TimelinePage(List<TimelineItem> items, @Nullable Position next, boolean partial) {
  public TimelinePage {
    items = List.copyOf(items);
  }
}
