package io.postflight.schema.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ThrottledLogTest {
  private final ListAppender<ILoggingEvent> written = new ListAppender<>();
  private final AtomicLong now = new AtomicLong();
  private final ThrottledLog log = new ThrottledLog(logger(), now::get);

  private Logger logger() {
    Logger logger = new LoggerContext().getLogger("throttled");
    logger.setLevel(Level.INFO);
    logger.addAppender(written);
    written.start();
    return logger;
  }

  @Test
  void a_cause_is_written_once_per_interval_with_the_number_suppressed() {
    for (int i = 0; i < 5_300; i++) {
      log.warn("30d", "tier {} is unavailable", "30d");
    }
    log.warn("60d", "tier {} is unavailable", "60d");
    now.addAndGet(TimeUnit.SECONDS.toNanos(30));
    log.warn("30d", "tier {} is unavailable", "30d");

    assertThat(lines())
        .containsExactly(
            "tier 30d is unavailable",
            "tier 60d is unavailable",
            "(after 5299 similar lines) tier 30d is unavailable");
  }

  @Test
  void further_causes_share_an_entry() {
    for (int i = 0; i < 10_000; i++) {
      log.warn("cause " + i, "it failed");
    }

    assertThat(lines()).hasSizeLessThan(110);
  }

  @Test
  void an_exception_is_written_with_its_stack_trace() {
    log.error("bug", "request {} failed", "r-1", new IllegalStateException("why"));

    assertThat(lines()).containsExactly("request r-1 failed");
    assertThat(written.list.get(0).getThrowableProxy().getMessage()).isEqualTo("why");
  }

  private List<String> lines() {
    return written.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
