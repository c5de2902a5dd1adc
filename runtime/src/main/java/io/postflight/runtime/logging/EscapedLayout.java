package io.postflight.runtime.logging;

import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.LayoutBase;
import io.postflight.schema.text.EscapedText;

/**
 * Writes one line for each event, whatever its message contains, and a line for each frame of a
 * stack trace. Messages, also those of exceptions, are {@link EscapedText}.
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
    EscapedText.append(text, String.valueOf(event.getFormattedMessage()));
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
      EscapedText.append(text, thrown.getMessage());
    }
    text.append('\n');
    StackTraceElementProxy[] frames = thrown.getStackTraceElementProxyArray();
    int own = frames == null ? 0 : frames.length - thrown.getCommonFrames();
    for (int i = 0; i < own; i++) {
      text.append('\t').append(frames[i]).append('\n');
    }
  }
}
