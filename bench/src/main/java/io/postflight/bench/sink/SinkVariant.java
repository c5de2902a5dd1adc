package io.postflight.bench.sink;

import java.util.Locale;

/** What is measured beside each other over the same topic. */
enum SinkVariant {
  POSTFLIGHT("the sink's role"),
  CEILING("hand-tuned consumer, same-partition batches"),
  PARALLEL_UNORDERED("parallel-consumer, UNORDERED"),
  PARALLEL_KEY("parallel-consumer, KEY"),
  STREAMS_BLOCKING("Kafka Streams, foreach, blocking execute");

  private final String description;

  SinkVariant(String description) {
    this.description = description;
  }

  /** As in options and figures. */
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Of an id. */
  static SinkVariant of(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  String description() {
    return description;
  }

  @Override
  public String toString() {
    return id();
  }

  /** Name of its keyspace. */
  String keyspace() {
    return "bench_" + name().toLowerCase(Locale.ROOT);
  }
}
