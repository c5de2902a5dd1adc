package io.postflight.runtime.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import io.postflight.replay.RateFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Where logs go: a file for the embedded stack, standard error for roles in production. */
public final class Logs {
  private static final long FILE_BYTES = 20L * 1024 * 1024;
  private static final int OLD_FILES = 3;

  /** Loggers that are too verbose at INFO. */
  private static final List<String> LOUD =
      List.of("org.apache.kafka", "kafka", "state.change.logger", "com.datastax", "io.netty");

  /** Logs faults of peers at WARN, once per connection. */
  private static final String CONNECTIONS = "com.linecorp.armeria.server.HttpServerHandler";

  private Logs() {}

  /** Everything goes to a file, which is rolled at 20 MiB. */
  public static void toFile(Path file) {
    LoggerContext context = fresh();
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setFile(file.toString());
    FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
    rolling.setContext(context);
    rolling.setParent(appender);
    rolling.setFileNamePattern(file + ".%i");
    rolling.setMinIndex(1);
    rolling.setMaxIndex(OLD_FILES);
    rolling.start();
    SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
    trigger.setContext(context);
    trigger.setMaxFileSize(new FileSize(FILE_BYTES));
    trigger.start();
    appender.setRollingPolicy(rolling);
    appender.setTriggeringPolicy(trigger);
    start(context, appender, Level.INFO);
  }

  /** Everything goes to standard error. */
  public static void toStandardError() {
    toStandardError(Level.INFO);
  }

  /** Logs of roles go to standard error; if it is to be quiet, only warnings and errors. */
  public static void ofRoles(boolean quiet) {
    toStandardError(quiet ? Level.WARN : Level.INFO);
  }

  /**
   * Logs of a command that ends by itself. Logs of clients and drivers are shown with {@code
   * --debug} only, since a failure is reported in one line; changes of the rate file are always
   * shown.
   */
  public static void ofCommand(boolean debug, boolean quiet) {
    toStandardError(debug ? Level.INFO : Level.OFF);
    if (!debug) {
      LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
      LOUD.forEach(name -> context.getLogger(name).setLevel(Level.OFF));
      context.getLogger(CONNECTIONS).setLevel(Level.OFF);
      context.getLogger(RateFile.class).setLevel(quiet ? Level.WARN : Level.INFO);
    }
  }

  private static void toStandardError(Level level) {
    LoggerContext context = fresh();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    start(context, appender, level);
  }

  private static LoggerContext fresh() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    return context;
  }

  private static void start(
      LoggerContext context, OutputStreamAppender<ILoggingEvent> appender, Level level) {
    EscapedLayout layout = new EscapedLayout();
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(layout);
    encoder.start();
    appender.setEncoder(encoder);
    appender.start();
    // Uncaught exceptions are logged.
    Logger threads = context.getLogger(Thread.class);
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> threads.error("Thread {} ended", thread.getName(), failure));
    context.addTurboFilter(OutOfMemoryExit.ofThisProcess());
    context.addTurboFilter(new PeerWarnings());
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    root.setLevel(level);
    LOUD.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
    context.getLogger(CONNECTIONS).setLevel(Level.ERROR);
  }
}
