package io.postflight.runtime;

import io.postflight.operations.OperationException;
import java.util.Set;
import java.util.TreeSet;

/**
 * The roles of a process.
 *
 * @param topology whether it has the topology
 * @param sinks the tiers that it writes
 * @param api whether it serves HTTP
 */
public record RoleSelection(boolean topology, Set<String> sinks, boolean api) {
  private static final String SINK = "sink:";

  /** Copies the set. */
  public RoleSelection {
    sinks = Set.copyOf(sinks);
  }

  /** All roles of a deployment with these tiers. */
  public static RoleSelection all(Set<String> tiers) {
    return new RoleSelection(true, tiers, true);
  }

  /**
   * Reads a list such as {@code topology,sink:30d,api}; {@code sink:*} is every tier.
   *
   * @throws OperationException naming the unknown role and the allowed ones
   */
  public static RoleSelection parse(String list, Set<String> tiers) {
    boolean topology = false;
    boolean api = false;
    Set<String> sinks = new TreeSet<>();
    for (String part : list.split(",", -1)) {
      String role = part.trim();
      if (role.equals("topology")) {
        topology = true;
      } else if (role.equals("api")) {
        api = true;
      } else if (role.equals(SINK + "*")) {
        sinks.addAll(tiers);
      } else if (role.startsWith(SINK) && tiers.contains(role.substring(SINK.length()))) {
        sinks.add(role.substring(SINK.length()));
      } else {
        throw OperationException.parameter(
            "roles",
            "%s: there is no role '%s'; allowed: topology, api, sink:* and %s"
                .formatted(
                    list,
                    role,
                    String.join(", ", new TreeSet<>(tiers).stream().map(SINK::concat).toList())));
      }
    }
    return new RoleSelection(topology, sinks, api);
  }
}
