package io.postflight.api.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import io.netty.channel.Channel;
import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keys of the addresses that limits apply to: an address of IPv4, a /64 of IPv6. */
final class PeerAddresses {
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
   * client chooses the hops before it; null if there is none.
   */
  @Nullable Object forwardedFor(RequestHeaders headers) {
    List<String> hops =
        headers.getAll(HttpHeaderNames.X_FORWARDED_FOR).stream()
            .flatMap(list -> Stream.of(list.split(",", -1)))
            .toList();
    for (int i = hops.size() - 1; i >= 0; i--) {
      InetAddress hop = NetUtil.createInetAddressFromIpAddressString(hops.get(i).strip());
      if (hop == null) {
        return null;
      }
      if (!trustedProxies.contains(new InetSocketAddress(hop, 0))) {
        return key(hop);
      }
    }
    return null;
  }

  private static Object key(InetAddress address) {
    return address instanceof Inet6Address ? ByteBuffer.wrap(address.getAddress(), 0, 8) : address;
  }
}
