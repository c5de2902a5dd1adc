package io.postflight.bench.sink;

import io.postflight.bench.BenchVariant;
import io.postflight.bench.process.Variant;
import io.postflight.bench.process.VariantProcess.Program;
import java.util.Locale;

/** What is measured beside each other over the same topic. */
enum SinkVariant implements BenchVariant {
  POSTFLIGHT("the sink's role", PostflightSink.class),
  CEILING("hand-tuned consumer, same-partition batches", PlainConsumer.class),
  PARALLEL_UNORDERED("parallel-consumer, UNORDERED", ParallelConsumerSink.Unordered.class),
  PARALLEL_KEY("parallel-consumer, KEY", ParallelConsumerSink.ByKey.class),
  STREAMS_BLOCKING("Kafka Streams, foreach, blocking execute", BlockingStreams.class),
  RESTORE("restore of the whole topic", PostflightRestore.class);

  private final String description;
  private final Class<? extends Variant<SinkRound, SinkResult>> implementation;

  SinkVariant(String description, Class<? extends Variant<SinkRound, SinkResult>> implementation) {
    this.description = description;
    this.implementation = implementation;
  }

  @Override
  public String description() {
    return description;
  }

  /** What runs in its process. */
  Program<SinkRound, SinkResult> program() {
    return new Program<>(implementation, SinkRound.class, SinkResult.class);
  }

  /** Name of its keyspace. */
  String keyspace() {
    return "bench_" + name().toLowerCase(Locale.ROOT);
  }
}
