package io.postflight.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A rate that stands in a file, so that it can be changed while a restore runs: a number of rows a
 * second, 0 for no limit. The file is read every second. While it is missing, or is no number, the
 * rate stays as it was.
 */
public final class RateFile implements LongSupplier {
  private static final Logger LOG = LoggerFactory.getLogger(RateFile.class);
  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Path file;
  private final LongSupplier nanoClock;
  private long rate;
  private long next;
  private String complaint = "";

  /**
   * @param first the rate until the file tells one
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
      long told = Long.parseLong(text);
      if (told < 0) {
        throw new NumberFormatException("below 0");
      }
      if (told != rate) {
        LOG.info("The rate is {} rows/s now ({})", told, file);
      }
      rate = told;
    } catch (NumberFormatException noRate) {
      if (!text.isEmpty() && !text.equals(complaint)) {
        complaint = text;
        LOG.warn("{} has '{}', which is no number of rows a second; it stays {}", file, text, rate);
      }
    }
  }
}
