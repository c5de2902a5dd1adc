package io.postflight.api.http;

import com.linecorp.armeria.common.Flags;
import com.linecorp.armeria.common.util.EventLoopGroups;
import com.linecorp.armeria.common.util.ThreadFactories;
import com.linecorp.armeria.common.util.TransportType;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * An event loop of one server, without Netty's quiet period of two seconds at shutdown, which
 * serves no purpose after the server has closed its sockets.
 */
public final class ServerEventLoop extends MultiThreadIoEventLoopGroup {
  private static final long MAX_SECONDS = 15;

  private ServerEventLoop(String threadName, IoHandlerFactory io) {
    super(1, ThreadFactories.newThreadFactory(threadName, false), io);
  }

  /** Creates one; for transports other than epoll and NIO, a default event loop. */
  public static EventLoopGroup of(String threadName) {
    TransportType transport = Flags.transportType();
    if (transport == TransportType.EPOLL) {
      return new ServerEventLoop(threadName, EpollIoHandler.newFactory());
    }
    return transport == TransportType.NIO
        ? new ServerEventLoop(threadName, NioIoHandler.newFactory())
        : EventLoopGroups.newEventLoopGroup(1, threadName, false);
  }

  @Override
  public Future<?> shutdownGracefully() {
    return shutdownGracefully(0, MAX_SECONDS, TimeUnit.SECONDS);
  }
}
