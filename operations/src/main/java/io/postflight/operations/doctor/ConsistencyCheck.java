package io.postflight.operations.doctor;

import java.util.ArrayList;
import java.util.List;

/**
 * Does a read return rows that were acknowledged before, and does an acknowledged write survive the
 * loss of a node?
 */
final class ConsistencyCheck {
  private static final String CHECK = "consistency";

  List<Finding> findings(TierCluster cluster) {
    String tier = cluster.name();
    String write = cluster.tier().cluster().writeConsistency();
    String read = cluster.tier().cluster().readConsistency();
    int copies = cluster.replication().getOrDefault(cluster.tier().cluster().datacenter(), 0);
    List<Finding> findings = new ArrayList<>();
    if (isOne(write) && copies > 1) {
      findings.add(
          Finding.fail(
              CHECK,
              tier,
              ("writes are acknowledged by one of %d replicas: offsets are committed for rows"
                          + " that one")
                      .formatted(copies)
                  + " node may lose",
              "tiers." + tier + ".writeConsistency = LOCAL_QUORUM"));
    }
    if (isOne(read) && copies > 1 && !write.equals("ALL")) {
      findings.add(
          Finding.warn(
              CHECK,
              tier,
              "reads use one of %d replicas: they may miss written rows and return erased ones"
                  .formatted(copies),
              "tiers." + tier + ".readConsistency = LOCAL_QUORUM"));
    }
    if (write.equals("ALL") || write.equals("EACH_QUORUM")) {
      findings.add(
          Finding.warn(
              CHECK,
              tier,
              "writes require %s: %s stops the tier"
                  .formatted(
                      write,
                      write.equals("ALL") ? "one unavailable node" : "an unavailable datacenter"),
              "tiers." + tier + ".writeConsistency = LOCAL_QUORUM"));
    }
    if (findings.isEmpty()) {
      findings.add(Finding.ok(CHECK, tier, "writes " + write + ", reads " + read));
    }
    return findings;
  }

  private static boolean isOne(String consistency) {
    return consistency.equals("ONE") || consistency.equals("LOCAL_ONE");
  }
}
