package io.postflight.cli;

import io.postflight.operations.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;

/**
 * Shows the progress of long operations on standard error: a bar on a terminal, a plain line every
 * 5 seconds elsewhere, nothing with {@code --quiet}.
 */
final class ConsoleProgress implements Progress {
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
  private static final Duration BETWEEN_REDRAWS = Duration.ofMillis(100);
  private static final int BAR = 30;

  private final PrintStream err;
  private final InstantSource clock;
  private final boolean terminal;
  private final boolean quiet;
  private Instant next;
  private boolean drawn;
  private boolean incomplete; // what was shown last is not all of its step

  ConsoleProgress(CommandEnvironment environment, boolean quiet) {
    this.err = environment.err();
    this.clock = environment.clock();
    this.terminal = environment.terminal();
    this.quiet = quiet;
    this.next = terminal ? Instant.MIN : clock.instant().plus(BETWEEN_LINES);
  }

  @Override
  public void step(String what) {
    if (!quiet) {
      clear();
      incomplete = false;
      err.println(what);
      err.flush();
    }
  }

  @Override
  public void at(String what, long done, long total, String unit) {
    if (total == 0) {
      still(what);
    } else if (isDue() || (incomplete && done >= total)) {
      incomplete = done < total;
      int filled = (int) Math.min(BAR, done * BAR / total);
      String bar = "[" + "#".repeat(filled) + ".".repeat(BAR - filled) + "] ";
      String share =
          String.format(
              Locale.ROOT, ": %,d of %,d %s (%d%%)", done, total, unit, done * 100 / total);
      show((terminal ? bar : "") + what + share);
    }
  }

  @Override
  public void still(String what) {
    if (isDue()) {
      show(what);
    }
  }

  private void show(String what) {
    next = clock.instant().plus(terminal ? BETWEEN_REDRAWS : BETWEEN_LINES);
    if (terminal) {
      err.print("\r\u001b[K" + what);
      drawn = true;
    } else {
      err.println(what);
    }
    err.flush();
  }

  private boolean isDue() {
    return !quiet && !clock.instant().isBefore(next);
  }

  @Override
  public void clear() {
    if (drawn) {
      err.print("\r\u001b[K");
      err.flush();
      drawn = false;
    }
  }
}
