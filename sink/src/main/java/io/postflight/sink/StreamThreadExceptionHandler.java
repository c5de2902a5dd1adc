package io.postflight.sink;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles the failure of a stream thread. After a transient failure the thread is replaced, with a
 * delay, since replacing it costs its partitions a session timeout. After a permanent failure the
 * sink stops.
 */
final class StreamThreadExceptionHandler
    implements StreamsUncaughtExceptionHandler, KafkaStreams.StateListener {
  private static final Logger LOG = LoggerFactory.getLogger(StreamThreadExceptionHandler.class);
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String name;
  private final Consumer<String> failed;

  /**
   * @param name of the sink, for the log
   * @param failed called when the sink has to stop, with the reason
   */
  StreamThreadExceptionHandler(String name, Consumer<String> failed) {
    this.name = name;
    this.failed = failed;
  }

  @Override
  public StreamThreadExceptionResponse handle(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof MissingSourceTopicException
          || cause instanceof AuthenticationException
          || cause instanceof AuthorizationException
          || cause instanceof Error) {
        failed.accept(cause.toString());
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
      }
    }
    LOG.error("Sink {}: a stream thread failed and is replaced", name, failure);
    LockSupport.parkNanos(PAUSE_NANOS);
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  @Override
  public void onChange(KafkaStreams.State now, KafkaStreams.State before) {
    LOG.debug("Sink {}: {} -> {}", name, before, now);
    if (now == KafkaStreams.State.ERROR) {
      failed.accept("Kafka Streams has stopped; see its log for the reason");
    }
  }
}
