package io.postflight.sink;

import io.postflight.sink.commit.PartitionOffsets;
import io.postflight.sink.commit.TaskGeneration;
import io.postflight.sink.write.RecordDispatcher;
import io.postflight.sink.write.SourceRecord;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Tracks each record of one partition and dispatches it. It neither waits for the database nor
 * throws on its failures: Kafka Streams attributes an exception to the record.
 */
final class SinkProcessor implements Processor<byte[], byte[], Void, Void> {
  /**
   * A task commits only after it has processed or punctuated, and acknowledgements are neither. So
   * each task punctuates, or the end of a burst would stay uncommitted.
   */
  private static final Duration COMMIT_TAIL = Duration.ofSeconds(1);

  private final String topic;
  private final PartitionOffsets partitionOffsets;
  private final RecordDispatcher dispatcher;
  private final LongSupplier clock;

  private @Nullable ProcessorContext<Void, Void> context;
  private @Nullable TaskGeneration generation;

  /**
   * @param clock milliseconds
   */
  SinkProcessor(
      String topic,
      PartitionOffsets partitionOffsets,
      RecordDispatcher dispatcher,
      LongSupplier clock) {
    this.topic = topic;
    this.partitionOffsets = partitionOffsets;
    this.dispatcher = dispatcher;
    this.clock = clock;
  }

  /** The topology of a sink: its topic and this processor. */
  static Topology topology(
      String topic,
      PartitionOffsets partitionOffsets,
      RecordDispatcher dispatcher,
      LongSupplier clock) {
    Topology topology = new Topology();
    topology.addSource("records", new ByteArrayDeserializer(), new ByteArrayDeserializer(), topic);
    topology.addProcessor(
        "write", () -> new SinkProcessor(topic, partitionOffsets, dispatcher, clock), "records");
    return topology;
  }

  @Override
  public void init(ProcessorContext<Void, Void> processorContext) {
    context = processorContext;
    TopicPartition partition = new TopicPartition(topic, processorContext.taskId().partition());
    generation = partitionOffsets.begin(partition, clock);
    processorContext.schedule(COMMIT_TAIL, PunctuationType.WALL_CLOCK_TIME, now -> {});
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    ProcessorContext<Void, Void> c = context;
    TaskGeneration current = generation;
    if (c == null || current == null) {
      throw new IllegalStateException("init() has not been called");
    }
    RecordMetadata at =
        c.recordMetadata().orElseThrow(() -> new IllegalStateException("a record of no topic"));
    dispatcher.dispatch(
        current,
        new SourceRecord(
            at.topic(),
            at.partition(),
            at.offset(),
            record.key(),
            record.value(),
            record.headers()));
  }

  @Override
  public void close() {
    TaskGeneration current = generation;
    if (current != null) {
      current.close();
      dispatcher.dropCancelled();
    }
  }
}
