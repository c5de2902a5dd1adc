package io.postflight.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A rate in a file, which can be changed while a restore runs: rows per second, 0 for unlimited.
 * The file is read every second. While it is missing or malformed, the rate does not change.
 */
public final class RateFile implements LongSupplier {
  private static final Logger LOG = LoggerFactory.getLogger(RateFile.class);
  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Path file;
  private final LongSupplier nanoClock;
  private long rate;
  private long next;
  private String lastInvalid = "";

  /**
   * @param first the initial rate
   * @param nanoClock nanoseconds
   */
  public RateFile(Path file, long first, LongSupplier nanoClock) {
    this.file = file;
    this.rate = first;
    this.nanoClock = nanoClock;
    this.next = nanoClock.getAsLong();
  }

  @Override
  public synchronized long getAsLong() {
    long now = nanoClock.getAsLong();
    if (now - next >= 0) {
      next = now + AGAIN_NANOS;
      read();
    }
    return rate;
  }

  private void read() {
    String text;
    try {
      text = Files.readString(file).strip();
    } catch (IOException missing) {
      return;
    }
    try {
      long parsed = Long.parseLong(text);
      if (parsed < 0) {
        throw new NumberFormatException("below 0");
      }
      if (parsed != rate) {
        LOG.info("The rate is {} rows/s now ({})", parsed, file);
      }
      rate = parsed;
    } catch (NumberFormatException noRate) {
      if (!text.isEmpty() && !text.equals(lastInvalid)) {
        lastInvalid = text;
        LOG.warn(
            "Invalid rate in {}: '{}' is not a number of rows per second; the rate remains {}",
            file,
            text,
            rate);
      }
    }
  }
}
