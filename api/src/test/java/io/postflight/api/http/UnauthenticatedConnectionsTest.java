package io.postflight.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which connection a new one replaces, on virtual channels. */
final class UnauthenticatedConnectionsTest {
  private static final int PLACES = 100;

  private final List<EmbeddedChannel> channels = new ArrayList<>();
  private final Connections connections =
      new Connections(
          "test",
          HttpLimits.of(Map.of("maxConnections", Integer.toString(2 * PLACES))),
          new SimpleMeterRegistry(),
          () -> 0);

  @AfterEach
  void close() {
    for (EmbeddedChannel each : channels) {
      var unused = each.close();
    }
    connections.close();
  }

  @Test
  void requests_in_progress_survive_idle_connections_of_many_addresses() {
    List<EmbeddedChannel> requests = IntStream.range(0, 3).mapToObj(i -> busy("10.1.0.1")).toList();
    idle("10.2.%d.%d", 3 * PLACES);
    List<EmbeddedChannel> fresh = IntStream.range(0, 3).mapToObj(i -> idle("10.1.0.1")).toList();
    idle("10.3.%d.%d", PLACES / 2);

    assertThat(requests).allMatch(EmbeddedChannel::isOpen);
    assertThat(fresh).as("before their first request").allMatch(EmbeddedChannel::isOpen);
    assertThat(channels).filteredOn(EmbeddedChannel::isOpen).hasSize(PLACES);
  }

  @Test
  void an_idle_connection_survives_requests_of_many_addresses() {
    for (int i = 0; i < PLACES; i++) {
      busy("10.2.0." + i);
    }
    EmbeddedChannel fresh = idle("10.1.0.1");
    for (int i = 0; i < PLACES / 2; i++) {
      busy("10.3.0." + i);
    }

    assertThat(fresh.isOpen()).isTrue();
  }

  @Test
  void many_networks_of_one_48_replace_each_other() {
    List<EmbeddedChannel> others =
        IntStream.range(0, PLACES / 4).mapToObj(i -> idle("2001:db8:1:2::1")).toList();
    for (int i = 0; i < 3 * PLACES; i++) {
      idle("2001:db8:2:%x::1".formatted(i));
    }

    assertThat(others).allMatch(EmbeddedChannel::isOpen);
  }

  private void idle(String format, int number) {
    for (int i = 0; i < number; i++) {
      idle(format.formatted(i / 250, i % 250));
    }
  }

  private EmbeddedChannel busy(String address) {
    EmbeddedChannel channel = idle(address);
    ((Connection) channel.pipeline().first()).begin(1);
    return channel;
  }

  private EmbeddedChannel idle(String address) {
    EmbeddedChannel channel = new From(new InetSocketAddress(address, 1));
    channels.add(channel);
    connections.accept(channel.pipeline());
    channels.forEach(EmbeddedChannel::runPendingTasks);
    return channel;
  }

  private static final class From extends EmbeddedChannel {
    private final SocketAddress remote;

    From(SocketAddress remote) {
      this.remote = remote;
    }

    @Override
    protected SocketAddress remoteAddress0() {
      return remote;
    }
  }
}
