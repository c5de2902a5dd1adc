package io.postflight.schema.log;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Rate-limits repeated warnings to one per cause and interval; each line contains the number of
 * lines of its cause that were suppressed since the previous one. During an outage this is one line
 * every half minute instead of one per request. Suppressed lines are logged at DEBUG.
 *
 * <p>At most {@value #MAX_CAUSES} causes are distinguished; further ones share an entry.
 * Thread-safe.
 */
public final class ThrottledLog {
  private static final int MAX_CAUSES = 100;
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final String OTHERS = "";

  private final Logger log;
  private final LongSupplier nanoTime;
  private final Map<String, CauseState> entries = new HashMap<>();

  /** Writes to a logger, at most every 30 s for each cause. */
  public ThrottledLog(Logger log) {
    this(log, System::nanoTime);
  }

  ThrottledLog(Logger log, LongSupplier nanoTime) {
    this.log = log;
    this.nanoTime = nanoTime;
  }

  private static final class CauseState {
    private final long next;
    private long suppressed;

    CauseState(long next) {
      this.next = next;
    }
  }

  /**
   * A warning.
   *
   * @param cause groups equal lines: few distinct values, no ids
   */
  public void warn(String cause, String format, @Nullable Object... arguments) {
    write(Level.WARN, cause, format, arguments);
  }

  /**
   * An error.
   *
   * @param cause groups equal lines: few distinct values, no ids
   * @param arguments the last may be an exception, whose stack trace is written
   */
  public void error(String cause, String format, @Nullable Object... arguments) {
    write(Level.ERROR, cause, format, arguments);
  }

  private void write(Level level, String cause, String format, @Nullable Object... arguments) {
    long suppressed = suppressed(cause);
    if (suppressed < 0) {
      log.debug(format, arguments);
    } else if (suppressed == 0) {
      log.atLevel(level).log(format, arguments);
    } else {
      log.atLevel(level).log("(after " + suppressed + " similar lines) " + format, arguments);
    }
  }

  /** The number of suppressed lines before this one; -1 if this one is suppressed. */
  private synchronized long suppressed(String cause) {
    String key = entries.containsKey(cause) || entries.size() < MAX_CAUSES ? cause : OTHERS;
    long now = nanoTime.getAsLong();
    CauseState entry = entries.get(key);
    if (entry != null && now - entry.next < 0) {
      entry.suppressed++;
      return -1;
    }
    entries.put(key, new CauseState(now + INTERVAL_NANOS));
    return entry == null ? 0 : entry.suppressed;
  }
}
