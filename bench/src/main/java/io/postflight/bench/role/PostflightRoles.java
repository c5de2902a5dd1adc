package io.postflight.bench.role;

import io.postflight.bench.process.VariantProcess.Program;
import io.postflight.bench.workload.Deployment;
import io.postflight.bench.workload.MeasuredRoles;

/** The roles as {@code run --roles} starts them, each in a process of its own. */
public final class PostflightRoles {
  private PostflightRoles() {}

  /** The role {@code api}. */
  public static final class Api extends SteppedRole {
    @Override
    protected Running start(Deployment deployment) throws InterruptedException {
      return MeasuredRoles.api(deployment.with("http.port", "0").settings());
    }
  }

  /** The role {@code topology}. */
  public static final class Topology extends SteppedRole {
    @Override
    protected Running start(Deployment deployment) throws InterruptedException {
      return MeasuredRoles.topology(deployment.settings());
    }
  }

  /** The role {@code sink:<tier>}. */
  public static final class Sink extends SteppedRole {
    @Override
    protected Running start(Deployment deployment) throws InterruptedException {
      return MeasuredRoles.sinkWithRecords(deployment.settings());
    }
  }

  /** What runs in the process of a role. */
  public static Program<RoleStep, RoleState> program(Class<? extends SteppedRole> role) {
    return new Program<>(role, RoleStep.class, RoleState.class);
  }
}
