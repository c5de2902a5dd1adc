package io.postflight.sink;

import io.postflight.schema.log.ThrottledLog;
import io.postflight.schema.topic.DeadLetterHeaders;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.LoggerFactory;

/**
 * Sends records that cannot be stored to the dead letters, with their original key, value and
 * headers, and tries for ever: the record's offset is not committed before Kafka has taken it.
 */
final class DeadLetters {
  private static final ThrottledLog WARNINGS =
      new ThrottledLog(LoggerFactory.getLogger(DeadLetters.class));
  private static final String STAGE = "sink";

  private final Producer<byte[], byte[]> producer;
  private final String topic;
  private final Backoff backoff;
  private final Scheduler blocking;

  /**
   * @param producer idempotent, acks=all
   * @param blocking its tasks may block: a producer waits for the topic's metadata
   */
  DeadLetters(
      Producer<byte[], byte[]> producer, String topic, Backoff backoff, Scheduler blocking) {
    this.producer = producer;
    this.topic = topic;
    this.backoff = backoff;
    this.blocking = blocking;
  }

  /**
   * Sends a record.
   *
   * @param cancelled whether it need not be sent any more
   * @param done called once, when Kafka has taken it or it was cancelled
   */
  void send(
      SourceRecord source, RecordWrite.Refusal why, BooleanSupplier cancelled, Runnable done) {
    WARNINGS.warn(
        why.reason().name(),
        "Dead letter: {}: {}: {}",
        source.describe(),
        why.reason(),
        why.detail());
    ProducerRecord<byte[], byte[]> letter = letter(source, why);
    blocking.schedule(0, () -> attempt(letter, 1, cancelled, done));
  }

  private void attempt(
      ProducerRecord<byte[], byte[]> letter,
      int attempt,
      BooleanSupplier cancelled,
      Runnable done) {
    if (cancelled.getAsBoolean()) {
      done.run();
      return;
    }
    try {
      // The callback tells how it went; so the future need not.
      var unused =
          producer.send(
              letter,
              (sent, failure) -> {
                if (failure == null) {
                  done.run();
                } else {
                  again(letter, attempt, failure, cancelled, done);
                }
              });
    } catch (KafkaException | IllegalStateException failure) {
      again(letter, attempt, failure, cancelled, done);
    }
  }

  private void again(
      ProducerRecord<byte[], byte[]> letter,
      int attempt,
      Exception failure,
      BooleanSupplier cancelled,
      Runnable done) {
    long delay = backoff.delayMillis(attempt);
    WARNINGS.warn(
        topic,
        "{} did not take a dead letter, again in {} ms: {}",
        topic,
        delay,
        failure.toString());
    blocking.schedule(delay, () -> attempt(letter, attempt + 1, cancelled, done));
  }

  private ProducerRecord<byte[], byte[]> letter(SourceRecord source, RecordWrite.Refusal why) {
    ProducerRecord<byte[], byte[]> letter =
        new ProducerRecord<>(topic, null, source.key(), source.value(), source.headers());
    letter
        .headers()
        .add(DeadLetterHeaders.REASON, text(why.reason().name()))
        .add(DeadLetterHeaders.DETAIL, text(why.detail()))
        .add(DeadLetterHeaders.STAGE, text(STAGE))
        .add(DeadLetterHeaders.SOURCE_TOPIC, text(source.topic()))
        .add(DeadLetterHeaders.SOURCE_PARTITION, text(Integer.toString(source.partition())))
        .add(DeadLetterHeaders.SOURCE_OFFSET, text(Long.toString(source.offset())));
    return letter;
  }

  private static byte[] text(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
