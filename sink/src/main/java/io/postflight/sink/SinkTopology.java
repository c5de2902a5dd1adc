package io.postflight.sink;

import java.util.function.LongSupplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.Topology;

/** The topology of a sink: its topic, and the processor that writes it. */
final class SinkTopology {
  private SinkTopology() {}

  static Topology of(String topic, Trackers trackers, Intake intake, LongSupplier clock) {
    Topology topology = new Topology();
    topology.addSource("records", new ByteArrayDeserializer(), new ByteArrayDeserializer(), topic);
    topology.addProcessor(
        "write", () -> new SinkProcessor(topic, trackers, intake, clock), "records");
    return topology;
  }
}
