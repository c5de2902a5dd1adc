package io.postflight.bench.cql;

import com.datastax.oss.protocol.internal.ProtocolConstants;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Acknowledges writes, and passes other requests on to the real server. */
@SuppressWarnings("FutureReturnValueIgnored") // a connection that fails is closed
final class RequestHandler extends ChannelInboundHandlerAdapter {
  private final Channel upstream;
  private final PreparedWrites writes;

  RequestHandler(Channel upstream, PreparedWrites writes) {
    this.upstream = upstream;
    this.writes = writes;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf frame = (ByteBuf) message;
    int opcode = VoidDatabase.opcode(frame);
    if (opcode == ProtocolConstants.Opcode.BATCH
        || (opcode == ProtocolConstants.Opcode.EXECUTE && writes.isWrite(frame))) {
      ctx.write(writes.acknowledgement(VoidDatabase.streamId(frame)), ctx.voidPromise());
      frame.release();
      return;
    }
    if (opcode == ProtocolConstants.Opcode.PREPARE) {
      writes.preparing(frame);
    }
    upstream.writeAndFlush(frame, upstream.voidPromise());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.flush();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    upstream.close();
    writes.release();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
    ctx.close();
  }
}
