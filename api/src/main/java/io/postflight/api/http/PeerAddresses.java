package io.postflight.api.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import io.netty.channel.Channel;
import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keys of the addresses that limits apply to: an address of IPv4, a /64 of IPv6. */
final class PeerAddresses {
  /** Of a hop, as some proxies append it. */
  private static final Pattern WITH_PORT = Pattern.compile("([^:]+|\\[.*]):\\d+");

  private final AddressSet trustedProxies;

  PeerAddresses(AddressSet trustedProxies) {
    this.trustedProxies = trustedProxies;
  }

  /** The key of a connection's peer; null for a trusted proxy. */
  @Nullable Object of(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress remote
            && !trustedProxies.contains(remote)
        ? key(remote.getAddress())
        : null;
  }

  /**
   * The key of a trusted proxy's client: the last hop that is not itself a trusted proxy, since a
   * client chooses the hops before it. The key of the proxy itself if that hop is not an address;
   * null if there is no such hop.
   */
  @Nullable Object forwardedFor(RequestHeaders headers, SocketAddress proxy) {
    List<String> hops =
        headers.getAll(HttpHeaderNames.X_FORWARDED_FOR).stream()
            .flatMap(list -> Stream.of(list.split(",", -1)))
            .toList();
    for (int i = hops.size() - 1; i >= 0; i--) {
      InetAddress hop = address(hops.get(i).strip());
      if (hop == null) {
        return proxy instanceof InetSocketAddress peer ? key(peer.getAddress()) : null;
      }
      if (!trustedProxies.contains(new InetSocketAddress(hop, 0))) {
        return key(hop);
      }
    }
    return null;
  }

  private static @Nullable InetAddress address(String hop) {
    Matcher withPort = WITH_PORT.matcher(hop);
    return NetUtil.createInetAddressFromIpAddressString(
        withPort.matches() ? withPort.group(1) : hop);
  }

  /** The key of a wider network that may have one user: a /48 of IPv6; otherwise the address. */
  static Object network(Object address) {
    return address instanceof ByteBuffer prefix ? prefix.slice(0, 6) : address;
  }

  private static Object key(InetAddress address) {
    return address instanceof Inet6Address ? ByteBuffer.wrap(address.getAddress(), 0, 8) : address;
  }
}
