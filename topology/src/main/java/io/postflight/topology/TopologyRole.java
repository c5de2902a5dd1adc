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
import io.postflight.topology.runtime.OutageGate;
import io.postflight.topology.runtime.RocksLibrary;
import io.postflight.topology.runtime.RocksMemory;
import io.postflight.topology.runtime.StateStoreMetrics;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.jspecify.annotations.Nullable;

/**
 * A running instance of the topology: of the normalizer and of the lifecycle. Instances with the
 * same application id share the work.
 */
public final class TopologyRole implements AutoCloseable {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  /** Timeouts of the schema registry within a transaction; see {@link OutageGate}. */
  private static final Map<String, Integer> REGISTRY_WAIT =
      Map.of(AvroSerdes.RETRY_MS, 1_000, "http.read.timeout.ms", 2_000);

  private final CaughtUpPoller caughtUp;
  private final RocksMemory memory;
  private final GroupMembershipOperation membership;

  /** In the order of the data flow. */
  private final List<StreamsInstance> instances = new ArrayList<>();

  private @Nullable StateStoreMetrics stores;

  private TopologyRole(
      CaughtUpPoller caughtUp, RocksMemory memory, GroupMembershipOperation membership) {
    this.caughtUp = caughtUp;
    this.memory = memory;
    this.membership = membership;
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
    PostflightTopology.Services waiting = services.with(services.serdes().with(REGISTRY_WAIT));
    Duration transactionTimeout = settings.transactionTimeout(waiting.serdes().longestWait());
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
    CaughtUpPoller caughtUp;
    try {
      caughtUp = caughtUp(settings, clock);
    } catch (RuntimeException refused) {
      memory.close();
      throw refused;
    }
    // A member without an instance id leaves the group, so that others take over immediately.
    TopologyRole role =
        new TopologyRole(
            caughtUp,
            memory,
            tuning.instanceId() == null
                ? GroupMembershipOperation.LEAVE_GROUP
                : GroupMembershipOperation.REMAIN_IN_GROUP);
    try {
      PunctuationBudget budget = new PunctuationBudget(System::nanoTime);
      CommitPacing commits = new CommitPacing(System::nanoTime);
      Pacing pacing = new Pacing(new InterpolatedCaughtUp(caughtUp, System::nanoTime), budget);
      StreamsInstance.Environment environment =
          new StreamsInstance.Environment(
              waiting, metrics, new PollTimingClients(budget, commits), clock);
      role.instances.add(
          StreamsInstance.start(
              "normalizer",
              outages ->
                  PostflightTopology.normalizer(
                      settings, waiting, new PostflightTopology.Control(pacing, commits, outages)),
              StreamsConfiguration.normalizer(settings, poison),
              environment));
      StreamsInstance lifecycle =
          StreamsInstance.start(
              "lifecycle",
              outages ->
                  PostflightTopology.lifecycle(
                      settings,
                      partitions,
                      waiting,
                      new PostflightTopology.Control(pacing, commits, outages)),
              StreamsConfiguration.lifecycle(settings, transactionTimeout, memory, poison),
              environment);
      role.instances.add(lifecycle);
      role.stores =
          new StateStoreMetrics(
              services.registry(), memory, tuning.stateDir().resolve(settings.lifecycleId()));
      return role;
    } catch (RuntimeException refused) {
      role.close();
      throw refused;
    }
  }

  private static CaughtUpPoller caughtUp(TopologySettings settings, Clock clock) {
    return CaughtUpPoller.start(
        new CaughtUpPoller.PollerSettings(
            new HashMap<>(settings.kafka()),
            new CaughtUpPoller.FollowedTopic(
                settings.topics().rawWebhooks(), settings.normalizerId()),
            new CaughtUpPoller.FollowedTopic(settings.topics().events(), settings.lifecycleId()),
            settings.caughtUpInterval()),
        clock::millis);
  }

  /** Whether the instance has its partitions assigned and processes them. */
  public boolean ready() {
    return instances.stream().allMatch(StreamsInstance::ready);
  }

  /** False if the instance has stopped because of a fault, which is logged. */
  public boolean healthy() {
    return instances.stream().allMatch(StreamsInstance::healthy);
  }

  /** Whether the instance is paused until the schema registry or the tenants are available. */
  public boolean paused() {
    return instances.stream().anyMatch(StreamsInstance::paused);
  }

  /** The time up to which all input has been processed, epoch milliseconds. */
  public long caughtUpAsOf() {
    return caughtUp.asOf();
  }

  /**
   * Stops the instance after a last commit, in the order of the data flow.
   *
   * @param max how long it may take; uncommitted work is repeated by the next instance
   */
  public void close(Duration max) {
    long begun = System.nanoTime();
    if (stores != null) {
      stores.close();
    }
    boolean closed = true;
    for (int i = 0; i < instances.size(); i++) {
      // What one does not use of its share is left to the next.
      Duration left = max.minusNanos(System.nanoTime() - begun).dividedBy(instances.size() - i);
      closed &= instances.get(i).close(left.isNegative() ? Duration.ZERO : left, membership);
    }
    caughtUp.close();
    if (closed) {
      memory.close();
    }
  }

  @Override
  public void close() {
    close(CLOSE_TIMEOUT);
  }
}
