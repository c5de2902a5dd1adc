package io.postflight.api.http;

import com.linecorp.armeria.common.util.EventLoopGroups;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.AbstractEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/**
 * The event loop that accepts a server's connections, which ends when it is told to. Netty's own
 * stays two seconds longer, for work that might still come; to one whose server has closed its
 * sockets, none does.
 */
public final class AcceptLoop extends AbstractEventExecutorGroup implements EventLoopGroup {
  private static final long MOST_SECONDS = 15;

  private final EventLoopGroup loop;

  /**
   * Creates it.
   *
   * @param threadName name of its thread, as {@code ServerBuilder.bossGroupFactory} gives it
   */
  public AcceptLoop(String threadName) {
    this.loop = EventLoopGroups.newEventLoopGroup(1, threadName, false);
  }

  @Override
  public Future<?> shutdownGracefully() {
    return shutdownGracefully(0, MOST_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
    return loop.shutdownGracefully(quietPeriod, timeout, unit);
  }

  @Override
  public EventLoop next() {
    return loop.next();
  }

  @Override
  public Iterator<EventExecutor> iterator() {
    return loop.iterator();
  }

  @Override
  public ChannelFuture register(Channel channel) {
    return loop.register(channel);
  }

  @Override
  public ChannelFuture register(ChannelPromise promise) {
    return loop.register(promise);
  }

  @Deprecated
  @Override
  public ChannelFuture register(Channel channel, ChannelPromise promise) {
    return loop.register(channel, promise);
  }

  @Override
  public boolean isShuttingDown() {
    return loop.isShuttingDown();
  }

  @Override
  public Future<?> terminationFuture() {
    return loop.terminationFuture();
  }

  @Deprecated
  @Override
  public void shutdown() {
    loop.shutdown();
  }

  @Override
  public boolean isShutdown() {
    return loop.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return loop.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return loop.awaitTermination(timeout, unit);
  }
}
