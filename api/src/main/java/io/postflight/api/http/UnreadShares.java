package io.postflight.api.http;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The bytes of unfinished requests and responses, and which connections are closed when a share of
 * them is exceeded: of an address (a quarter of all if authenticated, else an eighth), of a tenant
 * (a half), of all unauthenticated connections (a half), or of all.
 *
 * <p>Above a limit the largest holder below it is closed: of the tenant (or of the unauthenticated
 * connections, if they hold more together), then of its address and connection that hold the most;
 * trusted proxies last. So the more addresses hold something, the less each of them can keep.
 * Within an unauthenticated address the newest connection is closed instead until the largest has
 * been busy for {@link Connections#STALLED_NANOS}, since rejecting a new one costs the least.
 *
 * <p>While closed connections still hold half a limit more, new holders are closed at once, except
 * those of {@link #MODEST} bytes or less: however many addresses attack, an ordinary request of
 * another one is served.
 */
final class UnreadShares {
  /** A complete request of an ordinary client, or the beginning of one. */
  static final int MODEST = Connections.READ_BUFFER + Connections.REQUEST_OVERHEAD;

  private static final int TENANT_SHARE = 2;
  private static final int ADDRESS_SHARE = 4;
  private static final int UNAUTHENTICATED_SHARE = 2;
  private static final int UNAUTHENTICATED_ADDRESS_SHARE = 8;

  /** Not a tenant's name. */
  private static final Object UNAUTHENTICATED = new Object();

  private final HttpLimits limits;
  private final LongSupplier nanoTime;

  /**
   * By tenant, address and connection; those of unauthenticated connections are below one key in
   * place of a tenant.
   */
  private final Usage direct;

  /** Of trusted proxies by connection. */
  private final Usage proxied;

  /** Responses on connections of trusted proxies. */
  private final Map<String, Long> proxiedByTenant = new HashMap<>();

  UnreadShares(HttpLimits limits, LongSupplier nanoTime) {
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.direct = Usage.root(limits.maxUnread(), "unread_in_all");
    this.proxied = Usage.root(limits.maxUnread(), "unread_in_all");
  }

  /** The leaf that counts the bytes of a new connection. */
  synchronized Usage unauthenticated(Connection connection) {
    Object address = connection.address();
    return address == null
        ? proxied.leaf(connection)
        : direct
            .child(UNAUTHENTICATED, share(UNAUTHENTICATED_SHARE), "unread_unauthenticated")
            .child(address, share(UNAUTHENTICATED_ADDRESS_SHARE), "unread_of_address")
            .leaf(connection);
  }

  /** Moves the bytes of a connection to its tenant's. */
  synchronized void authenticated(Connection connection, String tenant) {
    Object address = connection.address();
    long held = connection.usage().detach();
    Usage leaf =
        address == null
            ? proxied.leaf(connection)
            : direct
                .child(tenant, share(TENANT_SHARE), "unread_of_tenant")
                .child(address, share(ADDRESS_SHARE), "unread_of_address")
                .leaf(connection);
    leaf.add(held);
    connection.moveTo(leaf, tenant);
  }

  /** The connection closes: it is no longer a candidate, but its bytes are still in use. */
  synchronized void evict(Connection connection) {
    connection.usage().evict();
  }

  /** The buffers of a connection are released. */
  synchronized void release(Connection connection) {
    connection.usage().detach();
  }

  /**
   * Adds a response to a tenant on a trusted proxy's connection, which tenants share; false, and
   * nothing is added, if it exceeds the tenant's share and is not its only one.
   */
  synchronized boolean addProxied(String tenant, long bytes) {
    long held = proxiedByTenant.getOrDefault(tenant, 0L);
    if (held > 0 && held + bytes > share(TENANT_SHARE)) {
      return false;
    }
    proxiedByTenant.put(tenant, held + bytes);
    return true;
  }

  /** Removes such a response. */
  synchronized void removeProxied(String tenant, long bytes) {
    proxiedByTenant.computeIfPresent(tenant, (key, held) -> held <= bytes ? null : held - bytes);
  }

  /** All bytes in use. */
  synchronized long used() {
    return direct.used() + proxied.used();
  }

  /** Adds to the bytes of a connection; returns the connections to close, each with the reason. */
  synchronized Map<Connection, String> add(Connection connection, long bytes) {
    Usage leaf = connection.usage();
    leaf.add(bytes);
    if (bytes <= 0) {
      return Map.of();
    }
    Map<Connection, String> evicted = new LinkedHashMap<>();
    for (Usage node = leaf.parent(); node != null && node.parent() != null; node = node.parent()) {
      // A single connection has its own limit.
      if (!node.hasOneHolder()) {
        enforce(node, connection, evicted);
      }
    }
    while (direct.evictable() + proxied.evictable() > limits.maxUnread()) {
      Usage largest = direct.largest();
      if (largest == null) {
        largest = proxied.largest();
      }
      if (largest == null) {
        break;
      }
      evict(largest, direct.reason(), evicted);
    }
    if (direct.isExhausted() && connection.address() != null && leaf.used() > MODEST) {
      evict(leaf, direct.reason(), evicted);
    }
    return evicted;
  }

  private void enforce(Usage node, Connection newcomer, Map<Connection, String> evicted) {
    boolean isAddress = node == newcomer.usage().parent();
    while (node.isExceeded()) {
      Usage largest = node.largest();
      if (largest == null) {
        return;
      }
      boolean patient =
          isAddress
              && newcomer.tenant() == null
              && nanoTime.getAsLong() - ((Connection) largest.key()).busySince()
                  <= Connections.STALLED_NANOS;
      evict(patient ? newcomer.usage() : largest, node.reason(), evicted);
      if (patient) {
        return;
      }
    }
    if (node.isExhausted() && (isAddress || newcomer.usage().used() > MODEST)) {
      evict(newcomer.usage(), node.reason(), evicted);
    }
  }

  private static void evict(Usage leaf, String reason, Map<Connection, String> evicted) {
    leaf.evict();
    evicted.putIfAbsent((Connection) leaf.key(), reason);
  }

  private long share(int ofAll) {
    return Math.max(limits.maxUnreadPerConnection(), limits.maxUnread() / ofAll);
  }
}
