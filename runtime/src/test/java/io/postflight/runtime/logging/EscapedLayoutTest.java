package io.postflight.runtime.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.BeforeTry;
import org.jspecify.annotations.Nullable;

final class EscapedLayoutTest {
  private final LoggerContext context = new LoggerContext();
  private final Logger logger = context.getLogger("io.postflight.test");
  private final EscapedLayout layout = new EscapedLayout();

  @BeforeTry
  void start() {
    layout.setContext(context);
    layout.start();
  }

  @Example
  void line_breaks_and_controls_are_escaped() {
    String line = layout("id a\nb\rc\td\u0085e\u2028f\u2029g\u001b[31mh\u202ei", null);

    assertThat(line)
        .endsWith(
            "WARN  [main] io.postflight.test"
                + " id a\\nb\\rc\\td\\u0085e\\u2028f\\u2029g\\u001b[31mh\\u202ei\n")
        .hasLineCount(1);
  }

  @Example
  void messages_of_exceptions_are_escaped_and_frames_are_lines() {
    Throwable cause = new IllegalArgumentException("forged\n2026-11-28 INFO line");
    String text = layout("it failed", new IllegalStateException("outer\u2028", cause));

    assertThat(text)
        .contains("java.lang.IllegalStateException: outer\\u2028\n\tat io.postflight")
        .contains("\nCaused by: java.lang.IllegalArgumentException: forged\\n2026-11-28 INFO line")
        .doesNotContain("\n2026-11-28 INFO");
  }

  @Property
  void a_message_is_one_line_whatever_it_contains(@ForAll String message) {
    assertThat(layout(message, null).chars().filter(c -> c < ' ' || c == 0x85 || c == 0x2028))
        .containsExactly((int) '\n');
  }

  private String layout(String message, @Nullable Throwable thrown) {
    return layout.doLayout(
        new LoggingEvent("fqcn", logger, Level.WARN, "{}", thrown, new Object[] {message}));
  }
}
