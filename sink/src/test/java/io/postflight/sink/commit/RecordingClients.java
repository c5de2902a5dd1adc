package io.postflight.sink.commit;

import io.postflight.sink.CommitOracle;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.jspecify.annotations.Nullable;

/** Kafka clients whose main consumer, below the clamp, reports every commit to the oracle. */
public final class RecordingClients implements KafkaClientSupplier {
  private final PlainKafkaClients inner = new PlainKafkaClients();
  private final String name;
  private final CommitOracle oracle;
  private final Queue<Recording> consumers = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean dead = new AtomicBoolean();

  public RecordingClients(String name, CommitOracle oracle) {
    this.name = name;
    this.oracle = oracle;
  }

  /** No request reaches the broker from now on, as if the process had been killed. */
  public void kill() {
    dead.set(true);
  }

  /** Suspends and resumes the tasks, as a rebalance does that changes no assignment. */
  public void suspendAndResume() {
    consumers.forEach(consumer -> consumer.suspension.set(true));
  }

  /** Whether the requested suspensions are done. */
  public boolean suspended() {
    return consumers.stream().noneMatch(consumer -> consumer.suspension.get());
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    Recording consumer = new Recording(inner.getConsumer(config));
    consumers.add(consumer);
    return consumer;
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return inner.getAdmin(config);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return inner.getProducer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return inner.getRestoreConsumer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return inner.getGlobalConsumer(config);
  }

  private final class Recording extends ForwardingConsumer {
    private final Consumer<byte[], byte[]> kafka;
    private final AtomicBoolean suspension = new AtomicBoolean();
    private @Nullable ConsumerRebalanceListener listener;

    private Recording(Consumer<byte[], byte[]> kafka) {
      super(kafka);
      this.kafka = kafka;
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener itsListener) {
      listener = itsListener;
      super.subscribe(topics, itsListener);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      ConsumerRebalanceListener l = listener;
      Set<TopicPartition> mine = kafka.assignment();
      if (suspension.get() && l != null && !mine.isEmpty() && !dead.get()) {
        l.onPartitionsRevoked(mine);
        Map<TopicPartition, OffsetAndMetadata> committed = kafka.committed(mine);
        for (TopicPartition partition : mine) {
          OffsetAndMetadata offset = committed.get(partition);
          kafka.seek(partition, offset == null ? 0 : offset.offset());
        }
        kafka.enforceRebalance("requested by the test");
        suspension.set(false);
      }
      return kafka.poll(timeout);
    }

    private void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
      if (dead.get()) {
        throw new KafkaException("the process was killed");
      }
      oracle.verify(name, offsets);
      kafka.commitSync(offsets);
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
      commit(offsets);
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
      commit(offsets);
    }

    @Override
    public void commitSync() {
      throw new AssertionError("not to be called");
    }

    @Override
    public void commitSync(Duration timeout) {
      throw new AssertionError("not to be called");
    }

    @Override
    public void commitAsync() {
      throw new AssertionError("not to be called");
    }

    @Override
    public void commitAsync(@Nullable OffsetCommitCallback callback) {
      throw new AssertionError("not to be called");
    }

    @Override
    public void commitAsync(
        Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable OffsetCommitCallback callback) {
      throw new AssertionError("not to be called");
    }
  }
}
