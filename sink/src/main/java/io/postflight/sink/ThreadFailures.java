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
 * What becomes of a sink when one of its stream threads dies. A thread that died of a fault that
 * may pass is replaced, not at once, since a replaced thread costs its partitions a session
 * timeout; of one that will not pass, the sink stops.
 */
final class ThreadFailures implements StreamsUncaughtExceptionHandler, KafkaStreams.StateListener {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadFailures.class);
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String name;
  private final Consumer<String> failed;

  /**
   * @param name of the sink, for the log
   * @param failed called when the sink cannot go on, for the reason given
   */
  ThreadFailures(String name, Consumer<String> failed) {
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
    LOG.error("Sink {}: a stream thread died and is replaced", name, failure);
    LockSupport.parkNanos(PAUSE_NANOS);
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  @Override
  public void onChange(KafkaStreams.State now, KafkaStreams.State before) {
    LOG.debug("Sink {}: {} -> {}", name, before, now);
    if (now == KafkaStreams.State.ERROR) {
      failed.accept("Kafka Streams has stopped; its log says why");
    }
  }
}
