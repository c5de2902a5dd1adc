package io.postflight.bench.scale;

import io.postflight.bench.process.RoundMeter;
import io.postflight.bench.process.VariantProcess;
import io.postflight.bench.role.RoleState;
import io.postflight.bench.role.RoleStep;
import io.postflight.bench.workload.Deployment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The instances of a role in one deployment, which are fed, measured and stopped together. */
final class RunningSize implements AutoCloseable {
  private static final long POLL_MILLIS = 20;

  private final List<VariantProcess<RoleStep, RoleState>> instances;
  private final Deployment deployment;
  private final Map<String, Long> servers;
  private final RoundTopics topics;
  private final Backlog backlog;

  private RunningSize(
      List<VariantProcess<RoleStep, RoleState>> instances,
      Deployment deployment,
      Map<String, Long> servers,
      Backlog backlog) {
    this.instances = instances;
    this.deployment = deployment;
    this.servers = servers;
    this.backlog = backlog;
    this.topics = new RoundTopics(deployment.settings());
  }

  /**
   * Starts all instances, one after the other.
   *
   * @param instances processes
   * @param servers whose CPU time is measured, by name
   */
  static RunningSize start(
      List<VariantProcess<RoleStep, RoleState>> instances,
      Deployment deployment,
      Map<String, Long> servers,
      Backlog backlog)
      throws InterruptedException {
    RunningSize running = new RunningSize(instances, deployment, servers, backlog);
    try {
      running.step(RoleStep.Action.START);
      return running;
    } catch (InterruptedException | RuntimeException failed) {
      running.close();
      throw failed;
    }
  }

  /** Appends about a number of events, and returns once they are processed. */
  long feed(long events) throws InterruptedException {
    long appended = backlog.append(events);
    while (!backlog.isProcessed(step(RoleStep.Action.REPORT))) {
      Thread.sleep(POLL_MILLIS);
    }
    return appended;
  }

  /** The same, measured. */
  ScaleRound measure(long events) throws InterruptedException {
    topics.begin();
    long before = statements(step(RoleStep.Action.BEGIN));
    long fed = feed(events);
    List<RoleState> after = step(RoleStep.Action.END);
    return new ScaleRound(
        RoundMeter.Usage.together(after.stream().map(RoleState::used).toList()),
        Math.max(1, fed),
        statements(after) - before,
        topics.end());
  }

  private static long statements(List<RoleState> states) {
    return states.stream().mapToLong(RoleState::statements).sum();
  }

  private List<RoleState> step(RoleStep.Action action) throws InterruptedException {
    List<RoleState> states = new ArrayList<>();
    for (int i = 0; i < instances.size(); i++) {
      String name = "instance-" + i;
      Deployment own = deployment.in(name).with("topology.instanceId", name);
      states.add(instances.get(i).run(new RoleStep(action, own, servers)));
    }
    return states;
  }

  @Override
  public void close() throws InterruptedException {
    try (topics;
        backlog) {
      step(RoleStep.Action.STOP);
    }
  }
}
