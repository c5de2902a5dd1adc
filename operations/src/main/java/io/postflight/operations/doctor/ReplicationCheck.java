package io.postflight.operations.doctor;

import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.metadata.NodeState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Are there as many replicas as configured, on enough nodes and racks to tolerate a failure? */
final class ReplicationCheck {
  private static final String CHECK = "replication";
  private static final int SAFE = 3;

  List<Finding> findings(TierCluster cluster) {
    Row keyspace = cluster.keyspaceRow();
    if (keyspace == null) {
      return List.of();
    }
    Map<String, Integer> actual = cluster.replication();
    if (actual.isEmpty()) {
      return List.of(
          Finding.fail(
              CHECK,
              cluster.name(),
              "keyspace %s is replicated by %s"
                  .formatted(
                      cluster.keyspace(),
                      Objects.requireNonNullElse(
                              keyspace.getMap("replication", String.class, String.class),
                              Map.<String, String>of())
                          .getOrDefault("class", "an unknown strategy")),
              "ALTER KEYSPACE ... WITH replication = {'class': 'NetworkTopologyStrategy', ...},"
                  + " then"
                  + " repair"));
    }
    List<Finding> findings = new ArrayList<>();
    Map<String, Integer> wanted = cluster.tier().cluster().replicationFactors();
    if (!actual.equals(wanted)) {
      findings.add(
          Finding.fail(
              CHECK,
              cluster.name(),
              "keyspace %s has %s replicas; configured: %s"
                  .formatted(cluster.keyspace(), new TreeMap<>(actual), new TreeMap<>(wanted)),
              "ALTER KEYSPACE manually and repair, or change the configuration"));
    }
    new TreeMap<>(actual)
        .forEach(
            (datacenter, copies) ->
                findings.addAll(
                    datacenter(
                        cluster.name() + "." + datacenter,
                        copies,
                        DatacenterNodes.of(cluster.nodes(datacenter)))));
    String local = cluster.tier().cluster().datacenter();
    if (!actual.containsKey(local)) {
      findings.add(
          Finding.fail(
              CHECK,
              cluster.name(),
              "the local datacenter " + local + " has no replica",
              "set tiers." + cluster.name() + ".datacenter to one of " + actual.keySet()));
    }
    if (findings.isEmpty()) {
      findings.add(Finding.ok(CHECK, cluster.name(), summary(cluster, actual)));
    }
    return findings;
  }

  /**
   * The nodes of a datacenter.
   *
   * @param nodes of a datacenter, up or down
   * @param racks that they are in
   * @param down how many of them are
   */
  record DatacenterNodes(int nodes, int racks, int down) {
    static DatacenterNodes of(List<Node> nodes) {
      return new DatacenterNodes(
          nodes.size(),
          (int) nodes.stream().map(Node::getRack).distinct().count(),
          (int) nodes.stream().filter(node -> node.getState() == NodeState.DOWN).count());
    }
  }

  static List<Finding> datacenter(String subject, int copies, DatacenterNodes place) {
    List<Finding> findings = new ArrayList<>();
    if (copies > place.nodes()) {
      findings.add(
          Finding.fail(
              CHECK,
              subject,
              "%d replicas on %d nodes: a quorum may not be reachable"
                  .formatted(copies, place.nodes()),
              "add nodes, or lower the replication of the keyspace"));
    } else if (copies < SAFE) {
      findings.add(
          Finding.warn(
              CHECK,
              subject,
              "%d %s: %s"
                  .formatted(
                      copies,
                      copies == 1 ? "replica" : "replicas",
                      copies == 1
                          ? "the data of a lost node is lost"
                          : "with one node unavailable there is no quorum"),
              "use three replicas for durable data"));
    } else if (place.racks() > 1 && place.racks() < copies) {
      findings.add(
          Finding.warn(
              CHECK,
              subject,
              "%d replicas in %d racks: one rack has two of them".formatted(copies, place.racks()),
              "use as many racks as replicas, or one"));
    } else if (place.racks() == 1 && place.nodes() > copies) {
      findings.add(
          Finding.warn(
              CHECK,
              subject,
              "all %d nodes are in one rack: all replicas of a row may be lost with it"
                  .formatted(place.nodes()),
              "distribute the nodes over as many racks as replicas"));
    }
    if (place.down() > 0) {
      findings.add(
          Finding.warn(
              CHECK,
              subject,
              "%d of %d nodes are down".formatted(place.down(), place.nodes()),
              "restart them within gc_grace, or replace them"));
    }
    return findings;
  }

  private static String summary(TierCluster cluster, Map<String, Integer> actual) {
    List<String> parts = new ArrayList<>();
    new TreeMap<>(actual)
        .forEach(
            (datacenter, copies) ->
                parts.add(
                    "%s: %d replicas on %d nodes"
                        .formatted(datacenter, copies, cluster.nodes(datacenter).size())));
    return String.join(", ", parts);
  }
}
