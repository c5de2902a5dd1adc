package io.postflight.runtime.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Ends the process when an {@link OutOfMemoryError} is logged. {@code -XX:+ExitOnOutOfMemoryError}
 * ends it for the heap only: exhausted direct memory is detected by Java code, which throws the
 * error. Event loops, stream threads and Kafka's clients catch and log it, and may continue in an
 * undefined state; a restart is safer.
 */
final class OutOfMemoryExit extends TurboFilter {
  /** As {@code -XX:+ExitOnOutOfMemoryError} does. */
  static final int EXIT_CODE = 3;

  private static final int MAX_CAUSES = 20;

  private final Consumer<Throwable> exit;

  /** Creates a filter with the action that ends the process. */
  OutOfMemoryExit(Consumer<Throwable> exit) {
    this.exit = exit;
  }

  /** Ends this process immediately, without a shutdown, which would need memory. */
  static OutOfMemoryExit ofThisProcess() {
    return new OutOfMemoryExit(
        error -> {
          System.err.println("postflight: out of memory, terminating: " + error.getMessage());
          Runtime.getRuntime().halt(EXIT_CODE);
        });
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] arguments,
      @Nullable Throwable thrown) {
    exitIfOutOfMemory(thrown);
    if (arguments != null) {
      for (Object argument : arguments) {
        if (argument instanceof Throwable given) {
          exitIfOutOfMemory(given);
        }
      }
    }
    return FilterReply.NEUTRAL;
  }

  private void exitIfOutOfMemory(@Nullable Throwable thrown) {
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
      if (cause instanceof OutOfMemoryError) {
        exit.accept(cause);
        return;
      }
      cause = cause.getCause();
    }
  }
}
