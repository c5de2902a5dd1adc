package io.postflight.bench.role;

import io.postflight.bench.process.VariantProcess.Program;
import io.postflight.bench.workload.Deployment;
import io.postflight.bench.workload.MeasuredRoles;

/** The roles as {@code run --roles} starts them, each in a process of its own. */
public final class PostflightRoles {
  private static final long POLL_MILLIS = 20;

  private PostflightRoles() {}

  /** The role {@code api}. */
  public static final class Api extends SteppedRole {
    @Override
    protected Running start(Deployment deployment) throws InterruptedException {
      return MeasuredRoles.api(deployment.with("http.port", "0"));
    }
  }

  /** The role {@code topology}. */
  public static final class Topology extends SteppedRole {
    @Override
    protected Running start(Deployment deployment) throws InterruptedException {
      MeasuredRoles role = MeasuredRoles.topology(deployment);
      role.await(MeasuredRoles::ready, POLL_MILLIS);
      return role;
    }
  }

  /** The roles {@code sink:<tier>} of all tiers. */
  public static final class Sinks extends SteppedRole {
    @Override
    protected Running start(Deployment deployment) throws InterruptedException {
      MeasuredRoles roles = MeasuredRoles.sink(deployment);
      roles.await(MeasuredRoles::ready, POLL_MILLIS);
      return roles;
    }
  }

  /** The role {@code sink:<tier>}, keeping when each record was stored. */
  public static final class Sink extends SteppedRole {
    @Override
    protected Running start(Deployment deployment) throws InterruptedException {
      return MeasuredRoles.sinkWithRecords(deployment);
    }
  }

  /** What runs in the process of a role. */
  public static Program<RoleStep, RoleState> program(Class<? extends SteppedRole> role) {
    return new Program<>(role, RoleStep.class, RoleState.class);
  }
}
