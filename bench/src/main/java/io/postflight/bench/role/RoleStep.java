package io.postflight.bench.role;

import io.postflight.bench.workload.Deployment;
import java.util.Map;

/**
 * A step of a round. Work comes from other processes between the steps.
 *
 * @param action what to do
 * @param deployment where
 * @param servers processes whose CPU time is measured, by name
 */
public record RoleStep(Action action, Deployment deployment, Map<String, Long> servers) {
  /** What to do. */
  public enum Action {
    /** Start the role, if it does not run. */
    START,
    /** Begin to measure. */
    BEGIN,
    /** Report what the role has done; the measurement continues. */
    REPORT,
    /** The same, and take the records that were stored. */
    TAKE,
    /** End the measurement. */
    END,
    /** Stop the role, which can be started again. */
    STOP
  }

  /** Another step of the same round. */
  public RoleStep with(Action next) {
    return new RoleStep(next, deployment, servers);
  }
}
