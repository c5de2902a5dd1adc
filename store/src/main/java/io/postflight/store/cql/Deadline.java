package io.postflight.store.cql;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The deadline of a read, after which it returns a partial page. */
final class Deadline {
  private final boolean none;
  private final long end;
  private final LongSupplier nanoTime;
  private final Duration requestTimeout;

  Deadline(@Nullable Duration budget, LongSupplier nanoTime, Duration requestTimeout) {
    this.none = budget == null;
    this.end = budget == null ? 0 : nanoTime.getAsLong() + budget.toNanos();
    this.nanoTime = nanoTime;
    this.requestTimeout = requestTimeout;
  }

  boolean isOver() {
    return !none && nanoTime.getAsLong() - end >= 0;
  }

  /** Timeout of one request: never past the deadline. */
  Duration requestTimeout() {
    if (none) {
      return requestTimeout;
    }
    long left = Math.max(1_000_000, end - nanoTime.getAsLong());
    return left < requestTimeout.toNanos() ? Duration.ofNanos(left) : requestTimeout;
  }
}
