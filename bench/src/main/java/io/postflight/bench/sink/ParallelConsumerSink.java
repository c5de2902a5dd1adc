package io.postflight.bench.sink;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.CommitMode;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelEoSStreamProcessor;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import io.confluent.parallelconsumer.PollContext;
import io.postflight.bench.process.RoundMeter;
import io.postflight.bench.process.Variant;
import io.postflight.settings.DeploymentSettings;
import io.postflight.store.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Confluent's parallel-consumer with the asynchronous driver: a batch of records per call, whose
 * statements are in flight together, many calls at a time, and the fastest commit mode.
 */
class ParallelConsumerSink implements Variant<SinkRound, SinkResult> {
  private static final int CONCURRENCY = 32;
  private static final int BATCH_RECORDS = 16;
  private static final long POLL_SECONDS = 1;

  private final ProcessingOrder order;

  private ParallelConsumerSink(ProcessingOrder order) {
    this.order = order;
  }

  /** Records in any order. */
  static final class Unordered extends ParallelConsumerSink {
    Unordered() {
      super(ProcessingOrder.UNORDERED);
    }
  }

  /** Records of one key in order. */
  static final class ByKey extends ParallelConsumerSink {
    ByKey() {
      super(ProcessingOrder.KEY);
    }
  }

  @Override
  public SinkResult run(SinkRound round) throws InterruptedException {
    DeploymentSettings settings = round.deployment().settings();
    RoundMeter meter = new RoundMeter(round.servers());
    Map<String, Object> kafka = PlainKafka.consumer(settings);
    try (PlainStore store = PlainStore.open(settings, meter)) {
      // Keys are compared, which byte arrays cannot be.
      KafkaConsumer<String, byte[]> consumer =
          new KafkaConsumer<>(kafka, new StringDeserializer(), new ByteArrayDeserializer());
      ParallelStreamProcessor<String, byte[]> processor =
          ParallelStreamProcessor.createEosStreamProcessor(
              ParallelConsumerOptions.<String, byte[]>builder()
                  .consumer(consumer)
                  .ordering(order)
                  .maxConcurrency(CONCURRENCY)
                  .batchSize(BATCH_RECORDS)
                  .commitMode(CommitMode.PERIODIC_CONSUMER_ASYNCHRONOUS)
                  .build());
      AtomicLong left = new AtomicLong(round.records());
      CountDownLatch done = new CountDownLatch(1);
      processor.subscribe(List.of(PlainStore.topic(settings)));
      processor.poll(
          batch -> {
            write(batch, store);
            if (left.addAndGet(-batch.size()) <= 0) {
              done.countDown();
            }
          });
      awaitEnd(processor, done);
      SinkResult result = store.end();
      processor.closeDrainFirst();
      return result;
    }
  }

  /** The library ends by itself when its control loop fails, and logs nothing. */
  private static void awaitEnd(
      ParallelStreamProcessor<String, byte[]> processor, CountDownLatch done)
      throws InterruptedException {
    while (!done.await(POLL_SECONDS, TimeUnit.SECONDS)) {
      if (processor instanceof ParallelEoSStreamProcessor<?, ?> running
          && running.isClosedOrFailed()) {
        throw new IllegalStateException("it has ended", running.getFailureCause());
      }
    }
  }

  private static void write(PollContext<String, byte[]> batch, PlainStore store) {
    List<CompletableFuture<AsyncResultSet>> sent = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : batch.getConsumerRecordsFlattened()) {
      for (Row row : store.rows(record.value())) {
        sent.add(store.send(store.bind(row)).toCompletableFuture());
      }
    }
    CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).join();
  }
}
