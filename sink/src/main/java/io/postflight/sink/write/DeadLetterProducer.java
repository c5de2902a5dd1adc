package io.postflight.sink.write;

import io.postflight.schema.log.ThrottledLog;
import io.postflight.schema.topic.DeadLetterHeaders;
import io.postflight.sink.time.Backoff;
import io.postflight.sink.time.Scheduler;
import io.postflight.sink.write.RecordDecoder.Rejected;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.LoggerFactory;

/**
 * Sends records that cannot be stored to the dead letter topic, with their original key, value and
 * headers. Retries indefinitely: the record's offset is not committed before Kafka has acknowledged
 * the dead letter.
 */
public final class DeadLetterProducer {
  private static final ThrottledLog WARNINGS =
      new ThrottledLog(LoggerFactory.getLogger(DeadLetterProducer.class));
  private static final String STAGE = "sink";

  private final Producer<byte[], byte[]> producer;
  private final String topic;
  private final Backoff backoff;
  private final Scheduler blocking;

  /**
   * Creates a producer of dead letters.
   *
   * @param producer idempotent, acks=all
   * @param blocking runs tasks that may block: a producer waits for the topic's metadata
   */
  public DeadLetterProducer(
      Producer<byte[], byte[]> producer, String topic, Backoff backoff, Scheduler blocking) {
    this.producer = producer;
    this.topic = topic;
    this.backoff = backoff;
    this.blocking = blocking;
  }

  /**
   * Sends a record. Its detail may name a person, so it is not logged.
   *
   * @param cancelled whether sending it is no longer necessary
   * @param done called once, when Kafka has acknowledged it or it was cancelled
   */
  void send(SourceRecord source, Rejected why, BooleanSupplier cancelled, Runnable done) {
    WARNINGS.warn(why.reason().name(), "Dead letter: {}: {}", source.describe(), why.reason());
    ProducerRecord<byte[], byte[]> deadLetter = deadLetter(source, why);
    blocking.schedule(0, () -> attempt(deadLetter, 1, cancelled, done));
  }

  private void attempt(
      ProducerRecord<byte[], byte[]> deadLetter,
      int attempt,
      BooleanSupplier cancelled,
      Runnable done) {
    if (cancelled.getAsBoolean()) {
      done.run();
      return;
    }
    try {
      // The callback handles the result.
      var unused =
          producer.send(
              deadLetter,
              (sent, failure) -> {
                if (failure == null) {
                  done.run();
                } else {
                  retry(deadLetter, attempt, failure, cancelled, done);
                }
              });
    } catch (KafkaException | IllegalStateException failure) {
      retry(deadLetter, attempt, failure, cancelled, done);
    }
  }

  private void retry(
      ProducerRecord<byte[], byte[]> deadLetter,
      int attempt,
      Exception failure,
      BooleanSupplier cancelled,
      Runnable done) {
    long delay = backoff.delayMillis(attempt);
    WARNINGS.warn(
        topic,
        "{} did not accept a dead letter, retry in {} ms: {}",
        topic,
        delay,
        failure.toString());
    blocking.schedule(delay, () -> attempt(deadLetter, attempt + 1, cancelled, done));
  }

  private ProducerRecord<byte[], byte[]> deadLetter(SourceRecord source, Rejected why) {
    ProducerRecord<byte[], byte[]> deadLetter =
        new ProducerRecord<>(topic, null, source.key(), source.value(), source.headers());
    deadLetter
        .headers()
        .add(DeadLetterHeaders.REASON, text(why.reason().name()))
        .add(DeadLetterHeaders.DETAIL, text(why.detail()))
        .add(DeadLetterHeaders.STAGE, text(STAGE))
        .add(DeadLetterHeaders.SOURCE_TOPIC, text(source.topic()))
        .add(DeadLetterHeaders.SOURCE_PARTITION, text(Integer.toString(source.partition())))
        .add(DeadLetterHeaders.SOURCE_OFFSET, text(Long.toString(source.offset())));
    return deadLetter;
  }

  private static byte[] text(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
