package io.postflight.runtime.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class OutOfMemoryExitTest {
  private final List<Throwable> exits = new ArrayList<>();
  private final LoggerContext context = new LoggerContext();
  private final Logger log = context.getLogger("test");

  OutOfMemoryExitTest() {
    context.addTurboFilter(new OutOfMemoryExit(exits::add));
  }

  @Test
  void an_exhausted_memory_that_is_caught_and_logged_ends_the_process() {
    OutOfMemoryError error = new OutOfMemoryError("Cannot reserve 65536 bytes of direct buffer");

    log.warn("an exception was raised", error);
    log.warn("{} failed: {}", "a task", new CompletionException(new RuntimeException(error)));
    log.debug("not shown", error);

    assertThat(exits).containsExactly(error, error, error);
  }

  @Test
  void other_failures_do_not() {
    log.error("failed", new StackOverflowError());
    log.error("failed: {}", "OutOfMemoryError");
    log.error("failed", new IllegalStateException(new RuntimeException("out of memory")));

    assertThat(exits).isEmpty();
  }
}
