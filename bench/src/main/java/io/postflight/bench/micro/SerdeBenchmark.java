package io.postflight.bench.micro;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.state.LifecycleState;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Avro records of the pipeline to bytes and back, in nanoseconds per record. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class SerdeBenchmark {
  /** What is written and read: an event, a record of a tier's topic, the state of a message. */
  @Param({"EVENT", "TIER_RECORD", "STATE"})
  public Kind kind = Kind.EVENT;

  private Codec<?> codec = codec(Kind.EVENT);

  /** What is written and read. */
  public enum Kind {
    EVENT,
    TIER_RECORD,
    STATE
  }

  private static final class Codec<T extends SpecificRecord> {
    private final Serde<T> serde;
    private final T value;
    private final String topic;
    private final byte[] bytes;

    private Codec(Class<T> type, T value) {
      this.topic = type.getSimpleName();
      this.serde = AvroSerdes.mock("bench").value(type);
      this.value = value;
      this.bytes = write();
    }

    byte[] write() {
      return serde.serializer().serialize(topic, value);
    }

    T read() {
      return serde.deserializer().deserialize(topic, bytes);
    }
  }

  /** Prepares a value and its bytes. */
  @Setup
  public void prepare() {
    codec = codec(kind);
  }

  private static Codec<?> codec(Kind kind) {
    Message message = new Message();
    return switch (kind) {
      case EVENT -> new Codec<>(MessageEvent.class, message.read());
      case TIER_RECORD -> new Codec<>(TierRecord.class, message.lastRecord());
      case STATE -> new Codec<>(LifecycleState.class, message.stateAfter(message.events()));
    };
  }

  /** To bytes. */
  @Benchmark
  public byte[] write() {
    return codec.write();
  }

  /** From bytes. */
  @Benchmark
  public SpecificRecord read() {
    return codec.read();
  }
}
