package io.postflight.sink;

import io.postflight.sink.simulation.CommandOracle;
import io.postflight.sink.simulation.RecordAddress;
import io.postflight.sink.simulation.SimulatedLog;
import io.postflight.sink.simulation.World;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Calls a processor of the sink like a task of Kafka Streams. When resumed it keeps its former
 * position, as the real one does.
 */
final class SimulatedTask {
  static final String TOPIC = "store.30d";

  private static final long NOTHING = -1;

  private final int partition;
  private final SinkProcessor processor;
  private final CommandOracle commands;
  private final ArrayDeque<ConsumerRecord<byte[], byte[]>> buffer = new ArrayDeque<>();
  private RecordMetadata at;
  private long next = NOTHING;
  private boolean consumed;
  private boolean commitNeeded;
  private boolean running;

  /** No record was fetched for it yet. */
  private boolean fresh;

  private int assignment;

  SimulatedTask(int partition, SinkProcessor processor, CommandOracle commands) {
    this.partition = partition;
    this.processor = processor;
    this.commands = commands;
    this.at = metadata(partition, 0);
  }

  void resume() {
    assignment = commands.assignmentBegins();
    processor.init(context());
    running = true;
    fresh = true;
  }

  void suspend() {
    if (running) {
      running = false;
      processor.close();
      commands.assignmentEnds(assignment);
    }
    buffer.clear();
  }

  boolean running() {
    return running;
  }

  boolean fresh() {
    return fresh;
  }

  int buffered() {
    return buffer.size();
  }

  /** A record of the log, read for this assignment. */
  ConsumerRecord<byte[], byte[]> read(SimulatedLog.Entry entry) {
    fresh = false;
    byte[] value = new RecordAddress(partition, entry.offset(), assignment).bytes(entry.content());
    return new ConsumerRecord<>(TOPIC, partition, entry.offset(), new byte[0], value);
  }

  /**
   * Buffers a record.
   *
   * @param position the position of the consumer
   */
  void add(ConsumerRecord<byte[], byte[]> record, long position) {
    buffer.add(record);
    next = position;
  }

  /** Processes buffered records, and runs an action after each. */
  void process(int most, Runnable afterEach) {
    for (int i = 0; i < most && !buffer.isEmpty(); i++) {
      ConsumerRecord<byte[], byte[]> record = buffer.remove();
      at = metadata(record.partition(), record.offset());
      processor.process(
          new Record<>(record.key(), record.value(), World.BEGINNING, record.headers()));
      consumed = true;
      commitNeeded = true;
      afterEach.run();
    }
  }

  void punctuate() {
    commitNeeded = true;
  }

  /** The offset that it would commit; empty if none. */
  OptionalLong wish() {
    if (!commitNeeded || !consumed || next == NOTHING) {
      return OptionalLong.empty();
    }
    ConsumerRecord<byte[], byte[]> head = buffer.peek();
    return OptionalLong.of(head == null ? next : head.offset());
  }

  void committed() {
    commitNeeded = false;
  }

  @SuppressWarnings("unchecked")
  private ProcessorContext<Void, Void> context() {
    return (ProcessorContext<Void, Void>)
        Proxy.newProxyInstance(
            SimulatedTask.class.getClassLoader(),
            new Class<?>[] {ProcessorContext.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "taskId" -> new TaskId(0, partition);
                  case "recordMetadata" -> Optional.of(at);
                  case "schedule" -> null;
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private static RecordMetadata metadata(int partition, long offset) {
    return new RecordMetadata() {
      @Override
      public String topic() {
        return TOPIC;
      }

      @Override
      public int partition() {
        return partition;
      }

      @Override
      public long offset() {
        return offset;
      }
    };
  }
}
