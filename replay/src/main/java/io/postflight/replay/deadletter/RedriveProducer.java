package io.postflight.replay.deadletter;

import io.postflight.schema.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * Sends records and their redrive markers in one transaction, so that after a crash both exist or
 * neither.
 *
 * <p>All redrives of a deployment share one transactional id: a new one aborts the transaction of a
 * crashed predecessor and fences a running one.
 */
final class RedriveProducer implements AutoCloseable {
  /**
   * An open transaction blocks all read_committed consumers of its topics. Ours take milliseconds;
   * the broker aborts that of a crashed process after this time.
   */
  private static final int TRANSACTION_MILLIS = 15_000;

  private static final int MAX_REQUEST_BYTES = 8 << 20;

  private final Producer<byte[], byte[]> producer;

  /** Wraps a producer created with {@link #config}. */
  RedriveProducer(Producer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  static Map<String, Object> config(Map<String, String> kafka, Topics topics, Duration timeout) {
    Map<String, Object> config = new HashMap<>(kafka);
    int millis = Math.toIntExact(timeout.toMillis());
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topics.prefix() + "dead-letters-redrive");
    config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MILLIS);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(millis, 10_000));
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Math.max(millis, 10_000));
    return config;
  }

  /** Aborts the transaction of a predecessor and fences it. */
  void begin() {
    guarded(producer::initTransactions);
  }

  /**
   * Sends records in a transaction that remains open.
   *
   * @return why a record was rejected; null: all were accepted
   */
  @Nullable String send(List<ProducerRecord<byte[], byte[]>> records) {
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    guarded(producer::beginTransaction);
    try {
      for (ProducerRecord<byte[], byte[]> record : records) {
        if (failure.get() == null) {
          // The callback receives the outcome.
          var unused =
              producer.send(
                  record,
                  (at, e) -> {
                    if (e != null) {
                      failure.compareAndSet(null, e);
                    }
                  });
        }
      }
      producer.flush();
    } catch (KafkaException e) {
      failure.compareAndSet(null, e);
    }
    Exception refusal = failure.get();
    if (refusal == null) {
      return null;
    }
    if (!isTheRecords(refusal)) {
      throw failed(refusal);
    }
    return String.valueOf(refusal.getMessage());
  }

  /** Aborts the transaction. */
  void abort() {
    guarded(producer::abortTransaction);
  }

  /** Commits the transaction with a redrive marker. */
  void commit(ProducerRecord<byte[], byte[]> marker) {
    guarded(
        () -> {
          // The commit reports a failure.
          var unused = producer.send(marker);
          producer.commitTransaction();
        });
  }

  private static void guarded(Runnable call) {
    try {
      call.run();
    } catch (KafkaException e) {
      throw failed(e);
    }
  }

  private static boolean isTheRecords(Exception e) {
    return e instanceof RecordTooLargeException
        || e instanceof RecordBatchTooLargeException
        || e instanceof InvalidTimestampException
        || e instanceof InvalidRecordException;
  }

  private static RuntimeException failed(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProducerFencedException
          || cause instanceof InvalidProducerEpochException) {
        return new RedriveTakenOverException(e);
      }
    }
    return e instanceof RuntimeException fault ? fault : new KafkaException(e);
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }
}
