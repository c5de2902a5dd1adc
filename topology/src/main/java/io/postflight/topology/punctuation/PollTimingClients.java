package io.postflight.topology.punctuation;

import io.postflight.topology.runtime.CommitPacing;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Kafka clients for Kafka Streams. The main consumers report to a {@link PunctuationBudget} how
 * long their threads wait for input, which Kafka Streams does not expose, and use a shorter poll
 * timeout while punctuators have work. Consumers and producers report to {@link CommitPacing}.
 *
 * <p>A producer without transactions sends what waits in its batches once its thread has no input
 * queued. While there is more, records wait for others of their partition as long as the linger
 * time permits: with a short one each record would be a batch of its own if partitions are many.
 */
public final class PollTimingClients implements KafkaClientSupplier {
  /** A poll that returns records fetched earlier takes less time. */
  private static final long NO_WAIT_NANOS = Duration.ofMillis(1).toNanos();

  /**
   * Least time between polls of a thread that has no input queued. What arrives meanwhile is one
   * fetch and one round of Kafka Streams, which cost more than the few records they are for.
   */
  private static final Duration GATHER = Duration.ofMillis(5);

  /** The producer of a thread, if its batches may hold records. */
  private static final ThreadLocal<ThreadProducer> LINGERING = new ThreadLocal<>();

  private final PunctuationBudget budget;
  private final CommitPacing commits;

  /**
   * @param budget of the topology that uses the clients
   * @param commits of its transactions
   */
  public PollTimingClients(PunctuationBudget budget, CommitPacing commits) {
    this.budget = budget;
    this.commits = commits;
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return new MainConsumer(config);
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return Admin.create(config);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return new ThreadProducer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return getRestoreConsumer(config);
  }

  /**
   * How a thread spends the timeout of a poll.
   *
   * @param gather how long it does not poll, so that input arrives in the meantime
   * @param poll how long it then waits for input
   */
  record PollPlan(Duration gather, Duration poll) {
    /**
     * Plans a poll.
     *
     * @param sinceLast since the thread's last poll ended
     * @param inputQueued called only if the thread would otherwise gather
     */
    static PollPlan of(Duration timeout, Duration sinceLast, BooleanSupplier inputQueued) {
      Duration left = GATHER.minus(sinceLast);
      Duration gather = left.compareTo(timeout) < 0 ? left : timeout;
      return gather.compareTo(Duration.ZERO) <= 0 || inputQueued.getAsBoolean()
          ? new PollPlan(Duration.ZERO, timeout)
          : new PollPlan(gather, timeout.minus(gather));
    }
  }

  /** Consumer of a stream thread; used by that thread only. */
  private final class MainConsumer extends KafkaConsumer<byte[], byte[]> {
    private long polledAt = budget.now();

    MainConsumer(Map<String, Object> config) {
      super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      Duration wait = commits.pollTimeout(budget.pollTimeout(timeout));
      sendLingering();
      long begun = budget.now();
      PollPlan plan = PollPlan.of(wait, Duration.ofNanos(begun - polledAt), this::inputQueued);
      LockSupport.parkNanos(plan.gather().toNanos());
      ConsumerRecords<byte[], byte[]> records = super.poll(plan.poll());
      polledAt = budget.now();
      long took = polledAt - begun;
      if (took > NO_WAIT_NANOS && !inputQueued()) {
        budget.waited(took);
      }
      commits.polled(this::inputQueued);
      return records;
    }

    /** The commit of a thread without transactions. */
    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
      commits.committing();
      super.commitSync(offsets);
      commits.committed();
    }

    private void sendLingering() {
      ThreadProducer producer = LINGERING.get();
      if (producer != null && !inputQueued()) {
        producer.sendLingering();
      }
    }

    private boolean inputQueued() {
      for (TopicPartition partition : assignment()) {
        OptionalLong lag = currentLag(partition);
        if (lag.isPresent() && lag.getAsLong() > 0) {
          return true;
        }
      }
      return false;
    }
  }

  /** Producer of a stream thread; used by that thread only. */
  private final class ThreadProducer extends KafkaProducer<byte[], byte[]> {
    private final boolean transactional;

    ThreadProducer(Map<String, Object> config) {
      super(config, new ByteArraySerializer(), new ByteArraySerializer());
      transactional = config.get(ProducerConfig.TRANSACTIONAL_ID_CONFIG) != null;
    }

    @Override
    public Future<RecordMetadata> send(
        ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
      if (!transactional) {
        LINGERING.set(this);
      }
      return super.send(record, callback);
    }

    private void sendLingering() {
      LINGERING.remove();
      super.flush();
    }

    /** Kafka Streams begins a commit with it. */
    @Override
    public void flush() {
      commits.committing();
      super.flush();
    }

    @Override
    public void commitTransaction() {
      commits.committing();
      super.commitTransaction();
      commits.committed();
    }
  }
}
