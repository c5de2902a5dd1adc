package io.postflight.api.http;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Open connections that have not authenticated, by address. Which one a new one replaces: of the
 * address that has the most, the one that has been idle the longest, else the one with the oldest
 * request. So an address with few of them keeps these, however many others attack.
 *
 * <p>Not thread-safe.
 */
final class UnauthenticatedConnections {
  /** An idle connection counts as two: it is replaced before one with a request in progress. */
  private static final int IDLE = 2;

  private static final int BUSY = 1;

  private final Usage byAddress = Usage.root(Long.MAX_VALUE, "evicted");
  private final Map<Connection, Usage> places = new HashMap<>();

  int size() {
    return places.size();
  }

  /** Adds one, as the newest. */
  void add(Connection connection, boolean inProgress) {
    // The clients of a trusted proxy are not one address.
    Object address = connection.address() == null ? connection : connection.address();
    Usage place = byAddress.child(address, Long.MAX_VALUE, "evicted").leaf(connection);
    place.add(inProgress ? BUSY : IDLE);
    places.put(connection, place);
  }

  /** Removes one; false if it is not among them. */
  boolean remove(Connection connection) {
    Usage place = places.remove(connection);
    if (place != null) {
      place.detach();
    }
    return place != null;
  }

  /**
   * The one that a new one replaces; null if that is of the same address and its request is younger
   * than {@link Connections#STALLED_NANOS}.
   */
  @Nullable Connection replacedBy(Connection newcomer, long now) {
    Usage place = byAddress.largest();
    if (place == null) {
      return null;
    }
    Connection replaced = (Connection) place.key();
    boolean spared =
        place.used() == BUSY
            && now - replaced.busySince() <= Connections.STALLED_NANOS
            && newcomer.address() != null
            && newcomer.address().equals(replaced.address());
    return spared ? null : replaced;
  }
}
