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
import java.nio.charset.StandardCharsets;
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
      return nodes.stream()
          .filter(node -> node.getState() == NodeState.UP)
          .filter(node -> node.getDistance() == NodeDistance.LOCAL)
          .toList();
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
    return key.values().stream().map(Ring::encoded).toArray(ByteBuffer[]::new);
  }

  private static ByteBuffer encoded(Object value) {
    if (value instanceof String text) {
      return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
    return value instanceof Long millis
        ? ByteBuffer.allocate(Long.BYTES).putLong(0, millis)
        : ByteBuffer.allocate(Short.BYTES).putShort(0, ((Integer) value).shortValue());
  }
}
