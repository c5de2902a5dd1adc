package io.postflight.runtime.logging;

import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.LayoutBase;
import org.jspecify.annotations.Nullable;

/**
 * Writes one line for each event, whatever its message contains, and a line for each frame of a
 * stack trace. In messages, also those of exceptions, every character that ends a line, controls a
 * terminal or changes the direction of text is escaped, so that untrusted texts cannot forge log
 * lines.
 */
final class EscapedLayout extends LayoutBase<ILoggingEvent> {
  private static final String BEFORE_MESSAGE =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%thread] %logger{30} %nopex";
  private static final int MOST_CAUSES = 20;

  private final PatternLayout before = new PatternLayout();

  @Override
  public void start() {
    before.setContext(getContext());
    before.setPattern(BEFORE_MESSAGE);
    before.start();
    super.start();
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder text = new StringBuilder(256).append(before.doLayout(event));
    append(text, event.getFormattedMessage());
    text.append('\n');
    IThrowableProxy thrown = event.getThrowableProxy();
    for (int depth = 0; thrown != null && depth < MOST_CAUSES; depth++) {
      append(text, depth == 0 ? "" : "Caused by: ", thrown);
      thrown = thrown.getCause();
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String prefix, IThrowableProxy thrown) {
    text.append(prefix).append(thrown.getClassName());
    if (thrown.getMessage() != null) {
      text.append(": ");
      append(text, thrown.getMessage());
    }
    text.append('\n');
    StackTraceElementProxy[] frames = thrown.getStackTraceElementProxyArray();
    int own = frames == null ? 0 : frames.length - thrown.getCommonFrames();
    for (int i = 0; i < own; i++) {
      text.append('\t').append(frames[i]).append('\n');
    }
  }

  private static void append(StringBuilder text, @Nullable String message) {
    String given = String.valueOf(message);
    for (int i = 0; i < given.length(); i++) {
      char c = given.charAt(i);
      switch (c) {
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (isSafe(c)) {
            text.append(c);
          } else {
            text.append(String.format("\\u%04x", (int) c));
          }
        }
      }
    }
  }

  private static boolean isSafe(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
