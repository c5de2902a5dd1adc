package io.postflight.runtime.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import io.postflight.schema.log.ThrottledLog;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Throttles warnings about peers to one per cause and 30 s: those of the HTTP server and of Netty,
 * which any client can cause at any rate, without the arguments, which may come from a peer, and
 * without the stack trace of an exception that the server, a decoder or the transport throws; and
 * those of Kafka's clients, each of which reports an unavailable broker about twice a second.
 */
final class PeerWarnings extends TurboFilter {
  private static final List<String> SERVERS = List.of("com.linecorp.armeria.", "io.netty.");
  private static final List<String> OF_PEERS =
      List.of(
          "com.linecorp.armeria.",
          "io.netty.channel.",
          "io.netty.handler.",
          "java.io.",
          "java.nio.channels.",
          "java.net.",
          "javax.net.ssl.");

  /** Stands for an argument. */
  private static final String OMITTED = "[...]";

  private static final String KAFKA = "org.apache.kafka.clients.NetworkClient";

  /** What differs between clients and attempts: the name of the client, ids, ports. */
  private static final Pattern OF_ATTEMPT = Pattern.compile("^\\[[^]]*] |\\d+");

  private final ThrottledLog log;

  /** Writes the remaining warnings to its own logger. */
  PeerWarnings() {
    this(new ThrottledLog(LoggerFactory.getLogger(PeerWarnings.class)));
  }

  PeerWarnings(ThrottledLog log) {
    this.log = log;
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] arguments,
      @Nullable Throwable thrown) {
    if (format == null
        || level != Level.WARN
        || logger.getEffectiveLevel().levelInt > Level.WARN_INT) {
      return FilterReply.NEUTRAL;
    }
    if (logger.getName().equals(KAFKA)) {
      Object[] values = arguments == null ? new Object[0] : arguments;
      log.warn(OF_ATTEMPT.matcher(format).replaceAll(""), "Kafka's client: " + format, values);
      return FilterReply.DENY;
    }
    if (SERVERS.stream().noneMatch(logger.getName()::startsWith)) {
      return FilterReply.NEUTRAL;
    }
    Throwable cause = thrown == null ? lastOf(arguments) : thrown;
    String type = cause == null ? "" : cause.getClass().getName();
    String key = logger.getName() + ' ' + format + ' ' + type;
    String text = format.replace("{}", OMITTED);
    if (OF_PEERS.stream().anyMatch(type::startsWith)) {
      log.warn(key, "{}: \"{}\": {}", logger.getName(), text, String.valueOf(cause));
    } else {
      log.warn(key, "{}: \"{}\"", logger.getName(), text, cause);
    }
    return FilterReply.DENY;
  }

  private static @Nullable Throwable lastOf(Object @Nullable [] arguments) {
    return arguments != null
            && arguments.length > 0
            && arguments[arguments.length - 1] instanceof Throwable last
        ? last
        : null;
  }
}
