package io.postflight.api.http;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.List;

/** A set of IP addresses and networks, such as {@code 10.0.0.0/8, 192.0.2.1, 2001:db8::/32}. */
public final class AddressSet {
  /** No address. */
  public static final AddressSet NONE = new AddressSet(List.of());

  private final List<IpSubnetFilterRule> networks;

  private AddressSet(List<IpSubnetFilterRule> networks) {
    this.networks = List.copyOf(networks);
  }

  /**
   * Parses addresses and networks.
   *
   * @throws IllegalArgumentException if one is invalid; the message contains it
   */
  public static AddressSet of(List<String> texts) {
    return new AddressSet(texts.stream().map(AddressSet::network).toList());
  }

  /** Whether an address is in the set. */
  public boolean contains(InetSocketAddress address) {
    return networks.stream().anyMatch(network -> network.matches(address));
  }

  private static IpSubnetFilterRule network(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    String prefix = slash < 0 ? "" : text.substring(slash + 1);
    if (bytes == null || (slash >= 0 && !prefix.matches("\\d{1,3}"))) {
      throw notAnAddress(text);
    }
    int bits = slash < 0 ? bytes.length * Byte.SIZE : Integer.parseInt(prefix);
    if (bits > bytes.length * Byte.SIZE) {
      throw notAnAddress(text);
    }
    return new IpSubnetFilterRule(address, bits, IpFilterRuleType.ACCEPT);
  }

  private static IllegalArgumentException notAnAddress(String text) {
    return new IllegalArgumentException(
        "'"
            + text
            + "' is not an address; allowed: an address or network such as 192.0.2.1,"
            + " 10.0.0.0/8, 2001:db8::/32");
  }

  @Override
  public String toString() {
    return networks.size() + " networks";
  }
}
