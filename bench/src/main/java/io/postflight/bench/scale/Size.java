package io.postflight.bench.scale;

import io.postflight.bench.BenchVariant;
import io.postflight.bench.role.PostflightRoles;
import io.postflight.bench.role.SteppedRole;
import io.postflight.bench.workload.BenchTenants;
import io.postflight.bench.workload.Deployment;
import java.util.Locale;
import java.util.Map;

/**
 * A size of a dimension, at which a role is measured.
 *
 * @param role that is measured
 * @param label of the size
 * @param description what it is
 * @param tenants of the load
 * @param settings of the deployment
 * @param instances of the role, each in a process of its own
 * @param messages that its state has, at least, when it is measured
 */
record Size(
    Role role,
    String label,
    String description,
    BenchTenants tenants,
    Map<String, String> settings,
    int instances,
    long messages)
    implements BenchVariant {
  /** What is measured. */
  enum Role {
    TOPOLOGY(PostflightRoles.Topology.class, 200_000),
    SINK(PostflightRoles.Sinks.class, 100_000);

    private final Class<? extends SteppedRole> implementation;
    private final long events;

    Role(Class<? extends SteppedRole> implementation, long events) {
      this.implementation = implementation;
      this.events = events;
    }

    /** What runs in its processes. */
    Class<? extends SteppedRole> implementation() {
      return implementation;
    }

    /** Events of a round, if options do not give a number. */
    long events() {
      return events;
    }

    /** As in names. */
    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Copies the map. */
  Size {
    settings = Map.copyOf(settings);
  }

  /** As deployments usually are. */
  static Size of(Role role, long number, String unit) {
    return new Size(
        role, Long.toString(number), number + " " + unit, BenchTenants.USUAL, Map.of(), 1, 0);
  }

  Size withTenants(BenchTenants others) {
    return new Size(role, label, description, others, settings, instances, messages);
  }

  Size withSettings(Map<String, String> others) {
    return new Size(role, label, description, tenants, others, instances, messages);
  }

  Size withInstances(int number) {
    return new Size(role, label, description, tenants, settings, number, messages);
  }

  Size withMessages(long least) {
    return new Size(role, label, description, tenants, settings, instances, least);
  }

  @Override
  public String name() {
    return role + "_" + label;
  }

  /** A deployment of this size. */
  Deployment of(Deployment deployment) {
    Deployment sized = deployment.withTenants(tenants).with("topology.caughtUpInterval", "500ms");
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      sized = sized.with(setting.getKey(), setting.getValue());
    }
    return sized;
  }
}
