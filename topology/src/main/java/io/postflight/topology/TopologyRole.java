package io.postflight.topology;

import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.topology.deadletter.DeadLetterExceptionHandler;
import io.postflight.topology.deadline.CaughtUpPoller;
import io.postflight.topology.deadline.InterpolatedCaughtUp;
import io.postflight.topology.metrics.TopologyMetrics;
import io.postflight.topology.punctuation.Pacing;
import io.postflight.topology.punctuation.PollTimingClients;
import io.postflight.topology.punctuation.PunctuationBudget;
import io.postflight.topology.runtime.CommitPacing;
import io.postflight.topology.runtime.FaultPolicy;
import io.postflight.topology.runtime.OutageGate;
import io.postflight.topology.runtime.RestoredRecords;
import io.postflight.topology.runtime.RocksLibrary;
import io.postflight.topology.runtime.RocksMemory;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running instance of the topology. Instances with the same application id share the work. */
public final class TopologyRole implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TopologyRole.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  /** Timeouts of the schema registry within a transaction; see {@link OutageGate}. */
  private static final Map<String, Integer> REGISTRY_WAIT =
      Map.of(AvroSerdes.RETRY_MS, 1_000, "http.read.timeout.ms", 2_000);

  private final KafkaStreams streams;
  private final CaughtUpPoller caughtUp;
  private final OutageGate outages;
  private final RocksMemory memory;
  private final boolean leavesGroup;

  private TopologyRole(
      KafkaStreams streams,
      CaughtUpPoller caughtUp,
      OutageGate outages,
      RocksMemory memory,
      boolean leavesGroup) {
    this.streams = streams;
    this.caughtUp = caughtUp;
    this.outages = outages;
    this.memory = memory;
    this.leavesGroup = leavesGroup;
  }

  /**
   * Starts an instance, which runs in its own threads. Waits until Kafka is available.
   *
   * @param services whose tenants must have been read to their captured end, and are closed by the
   *     caller
   * @param clock the wall clock
   * @throws TopologyStartException if topics are missing or Kafka rejects the requests
   * @throws InterruptedException if interrupted while waiting for Kafka
   */
  public static TopologyRole start(
      TopologySettings settings, PostflightTopology.Services services, Clock clock)
      throws InterruptedException {
    AvroSerdes records = services.serdes().with(REGISTRY_WAIT);
    Duration transactionTimeout = settings.transactionTimeout(records.longestWait());
    int partitions = TopologyPreconditions.await(settings, transactionTimeout);
    TopologyStreamsSettings tuning = settings.streams();
    RocksLibrary.load(tuning.stateDir());
    RocksMemory memory = new RocksMemory(tuning.blockCache(), tuning.writeBuffer());
    TopologyMetrics metrics =
        new TopologyMetrics(services.registry(), services.normalizer().providers());
    DeadLetterExceptionHandler.DeadLetterSink poison =
        new DeadLetterExceptionHandler.DeadLetterSink(
            settings.topics().deadLetters(),
            () -> metrics.rejection(RejectionReason.MALFORMED_BODY));
    OutageGate outages =
        new OutageGate(
            services.tenants(),
            records::registryAvailable,
            () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    CaughtUpPoller caughtUp = null;
    KafkaStreams streams = null;
    try {
      caughtUp =
          CaughtUpPoller.start(
              new CaughtUpPoller.PollerSettings(
                  new HashMap<>(settings.kafka()),
                  settings.applicationId(),
                  settings.topics(),
                  settings.caughtUpInterval()),
              clock::millis);
      PunctuationBudget budget = new PunctuationBudget(System::nanoTime);
      CommitPacing commits = new CommitPacing(System::nanoTime);
      Pacing pacing = new Pacing(new InterpolatedCaughtUp(caughtUp, System::nanoTime), budget);
      streams =
          new KafkaStreams(
              PostflightTopology.build(
                  settings,
                  partitions,
                  services.with(records),
                  new PostflightTopology.Control(pacing, commits, outages)),
              new StreamsConfig(
                  StreamsConfiguration.of(settings, transactionTimeout, memory, poison)),
              new PollTimingClients(budget, commits));
      outages.control(intake(streams));
      streams.setGlobalStateRestoreListener(new RestoredRecords(metrics));
      streams.setUncaughtExceptionHandler(
          new FaultPolicy(outages::waitsOut, outages::closed, clock::millis, Thread::sleep));
      streams.setStateListener(
          (now, before) ->
              log.info("Topology {}: {} after {}", settings.applicationId(), now, before));
      streams.start();
      return new TopologyRole(streams, caughtUp, outages, memory, tuning.instanceId() == null);
    } catch (RuntimeException refused) {
      outages.close();
      if (streams != null) {
        streams.close(CLOSE_TIMEOUT);
      }
      if (caughtUp != null) {
        caughtUp.close();
      }
      memory.close();
      throw refused;
    }
  }

  /** Whether the instance has its partitions assigned and processes them. */
  public boolean ready() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  /** False if the instance has stopped because of a fault, which is logged. */
  public boolean healthy() {
    KafkaStreams.State state = streams.state();
    return state != KafkaStreams.State.ERROR && state != KafkaStreams.State.PENDING_ERROR;
  }

  /** Whether the instance is paused until the schema registry or the tenants are available. */
  public boolean paused() {
    return outages.closed();
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

  /** The time up to which all input has been processed, epoch milliseconds. */
  public long caughtUpAsOf() {
    return caughtUp.asOf();
  }

  /**
   * Stops the instance after a last commit.
   *
   * @param max how long it may take; uncommitted work is repeated by the next instance
   */
  public void close(Duration max) {
    // A member without an instance id leaves the group, so that others take over immediately.
    CloseOptions.GroupMembershipOperation membership =
        leavesGroup
            ? CloseOptions.GroupMembershipOperation.LEAVE_GROUP
            : CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP;
    // First, since a thread that waits for the end of an outage would delay the shutdown.
    outages.close();
    boolean closed =
        streams.close(CloseOptions.timeout(max).withGroupMembershipOperation(membership));
    caughtUp.close();
    if (closed) {
      memory.close();
    } else {
      log.warn("The topology did not stop within {}", max);
    }
  }

  @Override
  public void close() {
    close(CLOSE_TIMEOUT);
  }
}
