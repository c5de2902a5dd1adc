package io.postflight.api.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection in two steps after a response that preceded the end of its request: the
 * output at once, the rest with a delay, since further bytes from the peer would reset the
 * connection and discard the response. Confined to the connection's event loop.
 */
final class LingeringClose extends ChannelDuplexHandler {
  private static final long LINGER_MILLIS = 1_000;

  private boolean lingers;

  /** The next close has a delay. */
  void afterEarlyResponse() {
    lingers = true;
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (lingers && ctx.channel() instanceof DuplexChannel duplex && duplex.isActive()) {
      lingers = false;
      var unusedOutput = duplex.shutdownOutput();
      var unused =
          ctx.executor()
              .schedule(() -> closeNow(ctx, promise), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    } else {
      closeNow(ctx, promise);
    }
  }

  private static void closeNow(ChannelHandlerContext ctx, ChannelPromise promise) {
    var unused = ctx.close(promise);
  }

  /** The server would log the end of the output, which is ours, as unexpected. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (!(event instanceof ChannelOutputShutdownEvent)) {
      ctx.fireUserEventTriggered(event);
    }
  }
}
