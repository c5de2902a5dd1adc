package io.postflight.schema.log;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Writes repeated warnings once per cause and interval; each line says how many others of its cause
 * were left out since the one before. An outage then costs a line every half minute and not one for
 * each request. The lines that are left out go to DEBUG.
 *
 * <p>At most {@value #MOST_CAUSES} causes are told apart; further ones share an entry. Threads may
 * share an instance.
 */
public final class ThrottledLog {
  private static final int MOST_CAUSES = 100;
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final String OTHERS = "";

  private final Logger log;
  private final LongSupplier nanoTime;
  private final Map<String, Entry> entries = new HashMap<>();

  /** Writes to a logger, at most every 30 s for each cause. */
  public ThrottledLog(Logger log) {
    this(log, System::nanoTime);
  }

  ThrottledLog(Logger log, LongSupplier nanoTime) {
    this.log = log;
    this.nanoTime = nanoTime;
  }

  private static final class Entry {
    private final long next;
    private long suppressed;

    Entry(long next) {
      this.next = next;
    }
  }

  /**
   * A warning.
   *
   * @param cause what makes it the same as another: few values, no ids
   */
  public void warn(String cause, String format, @Nullable Object... arguments) {
    write(Level.WARN, cause, format, arguments);
  }

  /**
   * An error.
   *
   * @param cause what makes it the same as another: few values, no ids
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
      log.atLevel(level).log("(after " + suppressed + " more like it) " + format, arguments);
    }
  }

  /** How many were left out before this one; -1 if this one is left out. */
  private synchronized long suppressed(String cause) {
    String key = entries.containsKey(cause) || entries.size() < MOST_CAUSES ? cause : OTHERS;
    long now = nanoTime.getAsLong();
    Entry entry = entries.get(key);
    if (entry != null && now - entry.next < 0) {
      entry.suppressed++;
      return -1;
    }
    entries.put(key, new Entry(now + INTERVAL_NANOS));
    return entry == null ? 0 : entry.suppressed;
  }
}
