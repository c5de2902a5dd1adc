package io.postflight.bench.cql;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Passes the real server's responses and events on to the client. */
@SuppressWarnings("FutureReturnValueIgnored") // a connection that fails is closed
final class ResponseForwarder extends ChannelInboundHandlerAdapter {
  private final Channel client;
  private final PreparedWrites writes;

  ResponseForwarder(Channel client, PreparedWrites writes) {
    this.client = client;
    this.writes = writes;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf frame = (ByteBuf) message;
    writes.prepared(frame);
    client.writeAndFlush(frame, client.voidPromise());
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    client.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
    ctx.close();
  }
}
