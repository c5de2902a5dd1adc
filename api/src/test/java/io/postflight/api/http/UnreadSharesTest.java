package io.postflight.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is closed when a share is exceeded, on virtual channels. */
final class UnreadSharesTest {
  private static final int KIB = 1 << 10;
  private static final long MAX_OF_CONNECTION = 64 * KIB;
  private static final long MAX = 512 * KIB;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<EmbeddedChannel> channels = new ArrayList<>();
  private long now;
  private final Connections connections =
      new Connections(
          "test",
          HttpLimits.of(
              Map.of("maxUnreadPerConnection", MAX_OF_CONNECTION + "B", "maxUnread", MAX + "B")),
          registry,
          () -> now);

  @AfterEach
  void close() {
    for (EmbeddedChannel each : channels) {
      var unused = each.close();
    }
    connections.close();
  }

  @Test
  void a_new_connection_is_never_closed_instead_of_the_largest_holders() {
    List<Connection> ofTenants = new ArrayList<>();
    for (int address = 1; address <= 4; address++) {
      ofTenants.add(holding(address, "acme", 60 * KIB));
      ofTenants.add(holding(address, "globex", 60 * KIB));
    }

    Connection newcomer = holding(9, null, 60 * KIB);

    assertThat(isOpen(newcomer)).isTrue();
    assertThat(ofTenants).filteredOn(each -> !isOpen(each)).hasSize(1);
    assertThat(closed("unread_in_all")).isEqualTo(1);
  }

  @Test
  void a_tenant_has_half_and_loses_connections_of_the_address_that_holds_most() {
    Connection lonely = holding(1, "acme", 60 * KIB);
    Connection other = holding(2, "globex", 60 * KIB);
    List<Connection> many = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      many.add(holding(3, "acme", 60 * KIB));
      many.add(holding(4, "acme", 50 * KIB));
    }

    assertThat(closed("unread_of_tenant")).isEqualTo(1);
    assertThat(many).filteredOn(each -> !isOpen(each)).hasSize(1);
    assertThat(isOpen(many.get(0)) && isOpen(many.get(2))).isFalse();
    assertThat(isOpen(lonely)).isTrue();
    assertThat(isOpen(other)).isTrue();
  }

  @Test
  void without_a_key_an_address_has_an_eighth_and_its_newest_connection_is_closed_first() {
    Connection first = holding(1, null, 40 * KIB);
    Connection second = holding(1, null, 40 * KIB);
    assertThat(isOpen(first)).isTrue();
    assertThat(isOpen(second)).isFalse();

    now = TimeUnit.SECONDS.toNanos(3);
    Connection third = holding(1, null, 40 * KIB);

    assertThat(isOpen(first)).as("stalled").isFalse();
    assertThat(isOpen(third)).isTrue();
    assertThat(closed("unread_of_address")).isEqualTo(2);
  }

  @Test
  void unauthenticated_connections_of_many_addresses_have_half_of_which_the_largest_is_closed() {
    List<Connection> ofTenant = new ArrayList<>();
    for (int address = 1; address <= 4; address++) {
      ofTenant.add(holding(address, "acme", 60 * KIB));
    }
    List<Connection> attacking = new ArrayList<>();
    for (int address = 10; address <= 60; address++) {
      attacking.add(holding(address, null, 30 * KIB));
      channels.forEach(EmbeddedChannel::runPendingTasks);
    }
    Connection modest = holding(99, null, 10 * KIB);

    assertThat(ofTenant).allMatch(this::isOpen);
    assertThat(isOpen(modest)).isTrue();
    assertThat(attacking).filteredOn(this::isOpen).hasSizeBetween(5, 8);
    assertThat(closed("unread_unauthenticated")).isGreaterThan(40);
  }

  @Test
  void an_ordinary_request_is_served_while_closed_connections_still_hold_their_bytes() {
    Connection known = holding(1, "acme", 5 * KIB);
    for (int address = 2; address <= 15; address++) {
      connections.shares().evict(holding(address, null, 30 * KIB));
    }

    Connection modest = holding(121, null, 10 * KIB);
    Connection large = holding(122, null, 30 * KIB);
    known.begin(5 * KIB);

    assertThat(List.of(modest, known)).allMatch(this::isOpen);
    assertThat(isOpen(large)).isFalse();
  }

  @Test
  void what_a_closed_connection_holds_counts_until_its_buffers_are_free() {
    Connection connection = holding(1, null, 40 * KIB);
    EmbeddedChannel channel = channels.get(0);

    channel.eventLoop().execute(() -> connection.close("stalled"));
    channel.pipeline().addLast(new FreedLater(this::unread, 40 * KIB));
    channel.runPendingTasks();
    channel.checkException();

    assertThat(channel.isOpen()).isFalse();
    assertThat(unread()).isZero();
  }

  /** Frees its buffers when the transport is closed. */
  private static final class FreedLater extends ChannelInboundHandlerAdapter {
    private final DoubleSupplier unread;
    private final double expected;

    FreedLater(DoubleSupplier unread, double expected) {
      this.unread = unread;
      this.expected = expected;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
      assertThat(ctx.channel().isOpen()).isFalse();
      assertThat(unread.getAsDouble()).isEqualTo(expected);
    }
  }

  @Test
  void nothing_is_read_or_written_on_a_closed_connection() {
    Connection connection = holding(1, null, KIB);
    EmbeddedChannel channel = channels.get(0);
    ChannelHandlerContext ctx = channel.pipeline().firstContext();
    connection.close("stalled");
    ByteBuf in = Unpooled.buffer().writeByte(1);
    ByteBuf out = Unpooled.buffer().writeByte(1);

    connection.channelRead(ctx, in);
    connection.write(ctx, out, channel.newPromise());

    assertThat(in.refCnt()).isZero();
    assertThat(out.refCnt()).isZero();
    assertThat(connection.begin(1)).isFalse();
  }

  @Test
  void the_largest_of_many_holders_is_found_and_counts_until_it_is_free() {
    Usage all = Usage.root(100, "all");
    Usage largest = all;
    for (int i = 0; i < 10_000; i++) {
      Usage leaf = all.child("address " + i % 100, 100, "address").leaf("connection " + i);
      leaf.add(i);
      largest = leaf;
    }

    assertThat(all.largest()).isSameAs(largest);
    largest.evict();
    assertThat(all.largest()).isNotSameAs(largest);
    assertThat(all.used() - all.evictable()).isEqualTo(9_999);
    largest.add(-9_000);
    assertThat(all.used() - all.evictable()).isEqualTo(999);
    largest.detach();
    assertThat(all.used()).isEqualTo(all.evictable()).isEqualTo(9_999L * 9_998 / 2);
  }

  /** A connection with two requests of so many bytes together. */
  private Connection holding(int address, @Nullable String tenant, int bytes) {
    EmbeddedChannel channel = new From(address);
    channels.add(channel);
    connections.accept(channel.pipeline());
    Connection connection = (Connection) channel.pipeline().first();
    if (tenant != null) {
      connection.authenticated(tenant);
    }
    connection.countsStreams();
    connection.begin(bytes / 2);
    connection.begin(bytes / 2);
    return connection;
  }

  private boolean isOpen(Connection connection) {
    return channels.stream()
        .anyMatch(channel -> channel.isOpen() && channel.pipeline().first() == connection);
  }

  private double closed(String reason) {
    return registry
        .counter("postflight.http.connections.closed", "server", "test", "reason", reason)
        .count();
  }

  private double unread() {
    return registry.get("postflight.http.unread.bytes").gauge().value();
  }

  private static final class From extends EmbeddedChannel {
    private final int address;

    From(int address) {
      this.address = address;
    }

    @Override
    protected SocketAddress remoteAddress0() {
      return new InetSocketAddress("10.0.0." + address, 1);
    }
  }
}
