package io.postflight.topology;

import io.postflight.topology.metrics.TopologyMetrics;
import io.postflight.topology.runtime.FaultPolicy;
import io.postflight.topology.runtime.OutageGate;
import io.postflight.topology.runtime.RestoredRecords;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running instance of one of the two applications. It is paused, and its threads are replaced,
 * independently of the other.
 */
final class StreamsInstance {
  private static final Logger log = LoggerFactory.getLogger(StreamsInstance.class);

  private final String name;
  private final KafkaStreams streams;
  private final OutageGate outages;

  /** What the instances of both applications use. */
  record Environment(
      PostflightTopology.Services services,
      TopologyMetrics metrics,
      KafkaClientSupplier clients,
      Clock clock) {}

  private StreamsInstance(String name, KafkaStreams streams, OutageGate outages) {
    this.name = name;
    this.streams = streams;
    this.outages = outages;
  }

  /**
   * Starts an instance, which runs in its own threads.
   *
   * @param name of the application, human-readable
   * @param topology the application, whose processors are paused by the gate
   * @param config of Kafka Streams
   */
  static StreamsInstance start(
      String name,
      Function<OutageGate, Topology> topology,
      Map<String, Object> config,
      Environment environment) {
    OutageGate outages =
        new OutageGate(
            name,
            environment.services().tenants(),
            environment.services().serdes()::registryAvailable,
            () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    try {
      KafkaStreams streams =
          new KafkaStreams(
              topology.apply(outages), new StreamsConfig(config), environment.clients());
      outages.control(intake(streams));
      streams.setGlobalStateRestoreListener(new RestoredRecords(environment.metrics()));
      streams.setUncaughtExceptionHandler(
          new FaultPolicy(
              outages::waitsOut, outages::closed, environment.clock()::millis, Thread::sleep));
      streams.setStateListener(
          (now, before) -> log.info("The {} of the topology: {} after {}", name, now, before));
      streams.start();
      return new StreamsInstance(name, streams, outages);
    } catch (RuntimeException refused) {
      outages.close();
      throw refused;
    }
  }

  private static OutageGate.Intake intake(KafkaStreams streams) {
    return new OutageGate.Intake() {
      @Override
      public void pause() {
        streams.pause();
      }

      @Override
      public void resume() {
        streams.resume();
      }
    };
  }

  /** Whether the instance has its partitions assigned and processes them. */
  boolean ready() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  /** False if the instance has stopped because of a fault, which is logged. */
  boolean healthy() {
    KafkaStreams.State state = streams.state();
    return state != KafkaStreams.State.ERROR && state != KafkaStreams.State.PENDING_ERROR;
  }

  /** Whether the instance is paused until the schema registry or the tenants are available. */
  boolean paused() {
    return outages.closed();
  }

  /**
   * Stops the instance after a last commit.
   *
   * @param max how long it may take; uncommitted work is repeated by the next instance
   * @return false: it did not stop within that time
   */
  boolean close(Duration max, CloseOptions.GroupMembershipOperation membership) {
    // First, since a thread that waits for the end of an outage would delay the shutdown.
    outages.close();
    boolean closed =
        streams.close(CloseOptions.timeout(max).withGroupMembershipOperation(membership));
    if (!closed) {
      log.warn("The {} of the topology did not stop within {}", name, max);
    }
    return closed;
  }
}
