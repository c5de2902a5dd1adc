package io.postflight.sink;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Tracks each record of one partition and hands it on. It neither waits for the database nor throws
 * for anything that is not its own fault: what it throws, Kafka Streams would take for the
 * record's.
 */
final class SinkProcessor implements Processor<byte[], byte[], Void, Void> {
  /**
   * A task commits only after it has processed or punctuated something, and acknowledgements are
   * neither. So each task punctuates, or the end of a burst would stay uncommitted.
   */
  private static final Duration COMMIT_TAIL = Duration.ofSeconds(1);

  private final String topic;
  private final Trackers trackers;
  private final Intake intake;
  private final LongSupplier clock;

  private @Nullable ProcessorContext<Void, Void> context;
  private @Nullable Incarnation incarnation;

  /**
   * @param clock milliseconds
   */
  SinkProcessor(String topic, Trackers trackers, Intake intake, LongSupplier clock) {
    this.topic = topic;
    this.trackers = trackers;
    this.intake = intake;
    this.clock = clock;
  }

  @Override
  public void init(ProcessorContext<Void, Void> itsContext) {
    context = itsContext;
    TopicPartition partition = new TopicPartition(topic, itsContext.taskId().partition());
    incarnation = trackers.begin(partition, clock);
    itsContext.schedule(COMMIT_TAIL, PunctuationType.WALL_CLOCK_TIME, now -> {});
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    ProcessorContext<Void, Void> c = context;
    Incarnation current = incarnation;
    if (c == null || current == null) {
      throw new IllegalStateException("init() has not been called");
    }
    RecordMetadata at =
        c.recordMetadata().orElseThrow(() -> new IllegalStateException("a record of no topic"));
    intake.take(
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
    Incarnation current = incarnation;
    if (current != null) {
      current.close();
      intake.dropCancelled();
    }
  }
}
