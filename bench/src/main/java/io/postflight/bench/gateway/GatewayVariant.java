package io.postflight.bench.gateway;

import io.postflight.bench.BenchVariant;
import io.postflight.bench.process.VariantProcess.Program;
import io.postflight.bench.role.PostflightRoles;
import io.postflight.bench.role.RoleState;
import io.postflight.bench.role.RoleStep;
import io.postflight.bench.role.SteppedRole;

/** What is measured beside each other with the same requests. */
enum GatewayVariant implements BenchVariant {
  POSTFLIGHT("the API's role", PostflightRoles.Api.class),
  CEILING("handler that only produces", PlainHandler.class);

  private final String description;
  private final Class<? extends SteppedRole> implementation;

  GatewayVariant(String description, Class<? extends SteppedRole> implementation) {
    this.description = description;
    this.implementation = implementation;
  }

  @Override
  public String description() {
    return description;
  }

  /** What runs in its process. */
  Program<RoleStep, RoleState> program() {
    return PostflightRoles.program(implementation);
  }
}
