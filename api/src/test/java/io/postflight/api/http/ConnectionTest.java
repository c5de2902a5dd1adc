package io.postflight.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class ConnectionTest {
  /** Logging it may terminate the process; the server does not log it. */
  @Test
  void an_out_of_memory_error_is_logged_and_passed_on() {
    Logger log = (Logger) LoggerFactory.getLogger(Connection.class);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    log.addAppender(logged);
    DecoderException error = new DecoderException(new OutOfMemoryError("direct buffer"));
    IOException ordinary = new IOException("reset");
    EmbeddedChannel channel = new EmbeddedChannel();
    try (Connections connections =
        new Connections("test", HttpLimits.DEFAULTS, new SimpleMeterRegistry(), () -> 0)) {
      connections.accept(channel.pipeline());
      assertThat(passedOn(channel, ordinary)).isSameAs(ordinary);
      assertThat(passedOn(channel, error)).isSameAs(error);
    } finally {
      var unused = channel.close();
      log.detachAppender(logged);
    }

    assertThat(logged.list)
        .singleElement()
        .extracting(event -> ((ThrowableProxy) event.getThrowableProxy()).getThrowable())
        .isSameAs(error);
  }

  @Test
  void the_end_of_the_output_is_not_passed_on_and_so_not_logged_as_unexpected() {
    List<Object> passedOn = new ArrayList<>();
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                passedOn.add(event);
              }
            });
    try (Connections connections =
        new Connections("test", HttpLimits.DEFAULTS, new SimpleMeterRegistry(), () -> 0)) {
      connections.accept(channel.pipeline());
      channel.pipeline().fireUserEventTriggered(ChannelOutputShutdownEvent.INSTANCE);
      channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    } finally {
      var unused = channel.close();
    }

    assertThat(passedOn).containsExactly(ChannelInputShutdownEvent.INSTANCE);
  }

  @Test
  void each_kib_of_a_response_of_unknown_length_allows_a_frame() {
    EmbeddedChannel channel =
        new EmbeddedChannel() {
          @Override
          protected SocketAddress remoteAddress0() {
            return new InetSocketAddress("10.0.0.1", 1);
          }
        };
    try (Connections connections =
        new Connections("test", HttpLimits.DEFAULTS, new SimpleMeterRegistry(), () -> 0)) {
      connections.accept(channel.pipeline());
      Connection connection = (Connection) channel.pipeline().first();
      connection.answer(0, false);
      for (int i = 0; i < 2 * FrameBudget.AT_ONCE; i++) {
        channel.writeOutbound(Unpooled.wrappedBuffer(new byte[512]));
        channel.writeOutbound(Unpooled.wrappedBuffer(new byte[512]));
        connection.frames(1);
      }
      assertThat(channel.isOpen()).isTrue();
      assertThat(connection.frames(FrameBudget.AT_ONCE + 5)).isFalse();
    } finally {
      var unused = channel.finishAndReleaseAll();
    }
  }

  private static Throwable passedOn(EmbeddedChannel channel, Throwable cause) {
    channel.pipeline().fireExceptionCaught(cause);
    try {
      channel.checkException();
    } catch (Throwable passedOn) {
      return passedOn;
    }
    throw new AssertionError("nothing is passed on");
  }
}
