package io.postflight.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The client behind trusted proxies is the one that the outermost of them saw. */
final class PeerAddressesTest {
  private static final String PROXY = "10.0.0.1";

  private final PeerAddresses addresses =
      new PeerAddresses(AddressSet.of(List.of("10.0.0.0/8", "2001:db8:ff::/48")));

  @Test
  void it_is_the_last_hop_that_is_not_a_trusted_proxy() {
    assertThat(client("192.0.2.1")).isEqualTo(address("192.0.2.1"));
    assertThat(client("192.0.2.1, 10.1.1.1,2001:db8:ff::1")).isEqualTo(address("192.0.2.1"));
    assertThat(client("192.0.2.1", "10.1.1.1")).isEqualTo(address("192.0.2.1"));
    assertThat(client("203.0.113.7, 10.9.9.9, 192.0.2.1"))
        .as("the first are made up")
        .isEqualTo(address("192.0.2.1"));
  }

  @Test
  void addresses_of_one_network_are_one_client() {
    assertThat(client("2001:db8:1:2:3::4")).isEqualTo(client("2001:db8:1:2:ffff::1"));
    assertThat(client("2001:db8:1:2::1")).isNotEqualTo(client("2001:db8:1:3::1"));
  }

  @Test
  void a_port_is_not_part_of_it() {
    assertThat(client("192.0.2.1:5678")).isEqualTo(address("192.0.2.1"));
    assertThat(client("192.0.2.1:5678, 10.1.1.1:443, [2001:db8:ff::1]:443"))
        .isEqualTo(address("192.0.2.1"));
    assertThat(client("[2001:db8:1:2::1]:5678")).isEqualTo(client("2001:db8:1:2::1"));
    assertThat(client("[2001:db8:1:2::1]")).isEqualTo(client("2001:db8:1:2::1"));
    assertThat(client("[::ffff:192.0.2.1]:5678")).isEqualTo(address("192.0.2.1"));
  }

  @Test
  void without_a_valid_hop_it_is_the_proxy() {
    for (String invalid : List.of("unknown", "", "192.0.2.1:", "192.0.2.1:x", ":5678", "[]:1")) {
      assertThat(client("192.0.2.1, " + invalid)).as(invalid).isEqualTo(address(PROXY));
    }
  }

  @Test
  void there_is_none_if_the_proxy_names_none() {
    assertThat(client()).isNull();
    assertThat(client("10.1.1.1")).isNull();
  }

  private @Nullable Object client(String... hops) {
    RequestHeadersBuilder headers = RequestHeaders.builder(HttpMethod.POST, "/");
    for (String each : hops) {
      headers.add("x-forwarded-for", each);
    }
    return addresses.forwardedFor(headers.build(), new InetSocketAddress(PROXY, 443));
  }

  private static @Nullable Object address(String text) {
    return NetUtil.createInetAddressFromIpAddressString(text);
  }
}
