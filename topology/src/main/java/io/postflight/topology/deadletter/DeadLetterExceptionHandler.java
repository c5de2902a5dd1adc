package io.postflight.topology.deadletter;

import io.postflight.schema.serde.RegistryOutage;
import io.postflight.schema.topic.RejectionReason;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events and privacy commands that can never be deserialized to {@code dead.letters}. Any
 * other failure, such as an unavailable schema registry, fails the thread and is retried.
 *
 * <p>Kafka Streams instantiates the handler by its class name; {@link DeadLetterSink} is passed in
 * the configuration.
 */
public final class DeadLetterExceptionHandler implements DeserializationExceptionHandler {
  /** Key of the {@link DeadLetterSink} in the Streams configuration. */
  public static final String ROUTE = "postflight.poison.route";

  private static final Logger log = LoggerFactory.getLogger(DeadLetterExceptionHandler.class);

  private @Nullable DeadLetterSink route;

  /**
   * Destination of dead letters.
   *
   * @param topic name of the topic
   * @param counted run for each dead letter
   */
  public record DeadLetterSink(String topic, Runnable counted) {}

  @Override
  public void configure(Map<String, ?> configs) {
    if (configs.get(ROUTE) instanceof DeadLetterSink given) {
      route = given;
    } else {
      throw new IllegalArgumentException("the Streams configuration lacks " + ROUTE);
    }
  }

  @Override
  public Response handleError(
      ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
    DeadLetterSink to = route;
    SerializationException poison = poison(exception);
    if (poison == null || to == null) {
      return Response.fail();
    }
    log.warn(
        "Record {}-{}@{} cannot be deserialized and was dead-lettered: {}",
        record.topic(),
        record.partition(),
        record.offset(),
        poison.getMessage());
    to.counted().run();
    DeadLetter deadLetter =
        DeadLetter.ofLifecycle(RejectionReason.MALFORMED_BODY, String.valueOf(poison.getMessage()));
    return Response.resume(
        List.of(
            new ProducerRecord<>(
                to.topic(),
                null,
                Math.max(0, record.timestamp()),
                record.key(),
                record.value(),
                deadLetter.headers(record))));
  }

  private static @Nullable SerializationException poison(Throwable exception) {
    if (RegistryOutage.isCauseOf(exception)) {
      return null;
    }
    for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
      if (cause instanceof SerializationException found) {
        return found;
      }
    }
    return null;
  }
}
