package io.postflight.api.http;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Open connections that have not authenticated. Which one a new one replaces: an idle one, unless
 * more than {@link #BUSY_PER_IDLE} times as many have a request in progress, then one of these. Of
 * either kind, it is the oldest of the network and address that have the most; if no network has
 * more than {@link #FEW}, the oldest of all.
 *
 * <p>So few addresses with many connections replace their own; and many addresses with few leave
 * others the time in which they replace all connections of a kind, at least a third of the places.
 *
 * <p>Not thread-safe.
 */
final class UnauthenticatedConnections {
  /** If none has more, its size does not distinguish an attacking network from others. */
  private static final int FEW = 8;

  private static final int BUSY_PER_IDLE = 2;

  private final Kind idle = new Kind();
  private final Kind busy = new Kind();

  int size() {
    return idle.size() + busy.size();
  }

  /** Adds one, as the newest of its kind. */
  void add(Connection connection, boolean inProgress) {
    (inProgress ? busy : idle).add(connection);
  }

  /** Removes one; false if it is not among them. */
  boolean remove(Connection connection) {
    return idle.remove(connection) || busy.remove(connection);
  }

  /**
   * The one that a new one replaces; null if that is of the same address and its request is younger
   * than {@link Connections#STALLED_NANOS}.
   */
  @Nullable Connection replacedBy(Connection newcomer, long now) {
    boolean inProgress = busy.size() > BUSY_PER_IDLE * idle.size();
    Connection replaced = (inProgress ? busy : idle).replaced();
    boolean spared =
        replaced != null
            && inProgress
            && now - replaced.busySince() <= Connections.STALLED_NANOS
            && newcomer.address() != null
            && newcomer.address().equals(replaced.address());
    return spared ? null : replaced;
  }

  /** All that are idle, or all that are not. */
  private static final class Kind {
    private final Usage byNetwork = Usage.root(Long.MAX_VALUE, "evicted");

    /** The oldest first. */
    private final Map<Connection, Usage> places = new LinkedHashMap<>();

    int size() {
      return places.size();
    }

    void add(Connection connection) {
      // The clients of a trusted proxy are not one address.
      Object address = connection.address() == null ? connection : connection.address();
      Usage place =
          byNetwork
              .child(PeerAddresses.network(address), Long.MAX_VALUE, "evicted")
              .child(address, Long.MAX_VALUE, "evicted")
              .leaf(connection);
      place.add(1);
      places.put(connection, place);
    }

    boolean remove(Connection connection) {
      Usage place = places.remove(connection);
      if (place != null) {
        place.detach();
      }
      return place != null;
    }

    @Nullable Connection replaced() {
      if (byNetwork.evictableOfLargestChild() > FEW) {
        Usage largest = byNetwork.largest();
        return largest == null ? null : (Connection) largest.key();
      }
      return places.isEmpty() ? null : places.keySet().iterator().next();
    }
  }
}
