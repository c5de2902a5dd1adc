package io.postflight.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a timeline.
 *
 * @param items newest first
 * @param next position to continue after; null if there are no more items
 * @param partial whether the time budget was used up before the page was full
 */
public record TimelinePage(List<TimelineItem> items, @Nullable Position next, boolean partial) {
  public TimelinePage {
    items = List.copyOf(items);
  }
}
