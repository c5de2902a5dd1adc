package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.loadbalancing.NodeDistance;
import com.datastax.oss.driver.api.core.metadata.Metadata;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.metadata.NodeState;
import com.datastax.oss.driver.api.core.metadata.Tablet;
import com.datastax.oss.driver.api.core.metadata.TokenMap;
import com.datastax.oss.driver.api.core.metadata.token.Token;
import com.datastax.oss.driver.internal.core.metadata.token.TokenLong64;
import io.postflight.store.PartitionKey;
import io.postflight.store.Replicas;
import io.postflight.store.Table;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replicas of a partition according to the driver's metadata: by tablet if the keyspace uses
 * tablets and the driver knows this one, else by token range.
 */
final class Ring {
  private static final Logger LOG = LoggerFactory.getLogger(Ring.class);

  private final CqlConnection connection;
  private final CqlIdentifier keyspace;
  private final Map<Table, CqlIdentifier> tables = new EnumMap<>(Table.class);

  Ring(CqlConnection connection, String keyspace) {
    this.connection = connection;
    this.keyspace = CqlIdentifier.fromInternal(keyspace);
    for (Table table : Table.values()) {
      tables.put(table, CqlIdentifier.fromInternal(table.cqlName()));
    }
  }

  private record NodeSet(Set<Node> nodes) implements Replicas {
    @Override
    public List<Node> coordinators() {
      List<Node> coordinators = new ArrayList<>(nodes.size());
      for (Node node : nodes) {
        if (node.getState() == NodeState.UP && node.getDistance() == NodeDistance.LOCAL) {
          coordinators.add(node);
        }
      }
      return coordinators;
    }
  }

  Replicas of(PartitionKey partition) {
    Metadata metadata = connection.metadata();
    Optional<TokenMap> tokens = metadata == null ? Optional.empty() : metadata.getTokenMap();
    if (metadata == null || tokens.isEmpty()) {
      return Replicas.UNKNOWN;
    }
    try {
      Token token = tokens.get().newToken(components(partition));
      Tablet tablet =
          token instanceof TokenLong64 number
              ? metadata
                  .getTabletMap()
                  .getTablet(keyspace, tables.get(partition.table()), number.getValue())
              : null;
      Set<Node> nodes =
          tablet == null ? tokens.get().getReplicas(keyspace, token) : tablet.getReplicaNodes();
      return nodes.isEmpty() ? Replicas.UNKNOWN : new NodeSet(nodes);
    } catch (RuntimeException unknown) {
      // Rows are written all the same; only their grouping by replicas is unknown.
      LOG.debug("The replicas of {} are unknown", partition.table(), unknown);
      return Replicas.UNKNOWN;
    }
  }

  /** The columns of the partition key, in order, as the protocol encodes them. */
  static ByteBuffer[] components(PartitionKey key) {
    List<Object> values = key.values();
    ByteBuffer[] components = new ByteBuffer[values.size()];
    for (int i = 0; i < components.length; i++) {
      components[i] = PrimaryKeys.encode(values.get(i));
    }
    return components;
  }
}
