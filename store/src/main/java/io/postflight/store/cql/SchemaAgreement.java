package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.loadbalancing.NodeDistance;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.metadata.NodeState;
import io.postflight.store.StoreException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Checks that all nodes have the same schema by asking each of them. The driver's own check asks
 * one node for the versions it knows of the others, which may be none in a cluster that is seconds
 * old.
 */
final class SchemaAgreement {
  private static final String VERSION = "SELECT schema_version FROM system.local";
  private static final long PAUSE_MILLIS = 100;

  private final CqlSession session;
  private final String what;

  /**
   * @param what the schema, human-readable
   */
  SchemaAgreement(CqlSession session, String what) {
    this.session = session;
    this.what = what;
  }

  /**
   * Waits until the reachable nodes that are up agree.
   *
   * @throws StoreException TRANSIENT if they do not in time
   */
  void await(Duration max) {
    long end = System.nanoTime() + max.toNanos();
    while (true) {
      Map<String, String> versions = versions();
      if (new TreeSet<>(versions.values()).size() <= 1) {
        return;
      }
      if (System.nanoTime() >= end) {
        throw notYet("after %d s its versions are %s".formatted(max.toSeconds(), versions), null);
      }
      pause();
    }
  }

  private Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>();
    nodes(session).forEach(node -> versions.put(node.getEndPoint().toString(), version(node)));
    return versions;
  }

  /** The reachable nodes that are up, always in the same order. */
  static List<Node> nodes(CqlSession session) {
    return session.getMetadata().getNodes().values().stream()
        .filter(node -> node.getState() == NodeState.UP)
        .filter(node -> node.getDistance() != NodeDistance.IGNORED)
        .sorted(Comparator.comparing(node -> node.getEndPoint().toString()))
        .toList();
  }

  private String version(Node node) {
    try {
      Row local = session.execute(SimpleStatement.newInstance(VERSION).setNode(node)).one();
      return String.valueOf(local == null ? null : local.getUuid("schema_version"));
    } catch (RuntimeException fault) {
      throw DriverFailures.of(what + ": asking " + node.getEndPoint() + " for its version", fault);
    }
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw notYet("interrupted", interrupted);
    }
  }

  private StoreException notYet(String why, @Nullable Throwable cause) {
    return new StoreException(
        StoreException.Kind.TRANSIENT, what + ": the nodes do not agree on it; " + why, cause);
  }
}
