package io.postflight.operations.doctor;

import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.metadata.NodeState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Are the clocks of the nodes and of this machine synchronized? Rows expire by the node's clock,
 * and their TTL is computed by the local one.
 */
final class ClockCheck {
  private static final String CHECK = "clock";
  private static final Duration UNEASY = Duration.ofSeconds(1);
  private static final Duration WRONG = Duration.ofSeconds(30);

  private final InstantSource clock;

  ClockCheck(InstantSource clock) {
    this.clock = clock;
  }

  List<Finding> findings(TierCluster cluster) {
    List<Finding> findings = new ArrayList<>();
    Duration farthest = Duration.ZERO;
    for (Node node : cluster.session().getMetadata().getNodes().values()) {
      if (node.getState() != NodeState.UP) {
        continue;
      }
      Duration apart = apart(cluster, node);
      if (apart.compareTo(farthest) > 0) {
        farthest = apart;
      }
      if (apart.compareTo(UNEASY) > 0) {
        findings.add(finding(cluster.name() + "." + node.getEndPoint(), apart));
      }
    }
    if (findings.isEmpty()) {
      findings.add(
          Finding.ok(
              CHECK,
              cluster.name(),
              "at most %d ms from the local clock".formatted(farthest.toMillis())));
    }
    return findings;
  }

  private static Finding finding(String subject, Duration apart) {
    String says =
        "the node's clock differs from the local clock by %d ms".formatted(apart.toMillis());
    String advice = "synchronize both with NTP";
    return apart.compareTo(WRONG) > 0
        ? Finding.fail(CHECK, subject, says + ": rows expire early or late by that much", advice)
        : Finding.warn(CHECK, subject, says, advice);
  }

  /** The difference of the clocks beyond the duration of the request. */
  private Duration apart(TierCluster cluster, Node node) {
    SimpleStatement now =
        SimpleStatement.newInstance("SELECT toTimestamp(now()) FROM system.local").setNode(node);
    Instant before = clock.instant();
    Row row = cluster.session().execute(now).one();
    Instant after = clock.instant();
    Instant theirs = row == null ? null : row.getInstant(0);
    if (theirs == null) {
      return Duration.ZERO;
    }
    // The server counts in milliseconds.
    if (theirs.plusMillis(1).isBefore(before)) {
      return Duration.between(theirs, before);
    }
    return theirs.isAfter(after) ? Duration.between(after, theirs) : Duration.ZERO;
  }
}
