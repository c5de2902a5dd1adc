package io.postflight.bench.cql;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A database that keeps nothing: it acknowledges prepared writes and batches at once, so that the
 * cost of their sender shows without that of a server. Every other request (the handshake, the
 * schema, preparations, reads) is passed on to a real server, whose schema it so has.
 *
 * <p>It speaks version 4 of the native protocol, without compression.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a connection that fails is closed
public final class VoidDatabase implements AutoCloseable {
  /** Version, flags, stream id and opcode stand before the length of a frame's body. */
  private static final int LENGTH_OFFSET = 5;

  private static final int LENGTH_BYTES = 4;
  private static final int LARGEST_FRAME = 256 * 1024 * 1024;

  private final EventLoopGroup loops;
  private final Channel server;

  private VoidDatabase(EventLoopGroup loops, Channel server) {
    this.loops = loops;
    this.server = server;
  }

  /** Listens on a free port of the loopback address. */
  public static VoidDatabase start(InetSocketAddress realServer) throws InterruptedException {
    Set<ByteBuffer> writes = ConcurrentHashMap.newKeySet();
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    ServerBootstrap listener =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.TCP_NODELAY, true)
            // Frames of a client wait until there is a connection to pass them on.
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel client) {
                    connect(client, realServer, writes);
                  }
                });
    try {
      return new VoidDatabase(loops, listener.bind("127.0.0.1", 0).sync().channel());
    } catch (RuntimeException | InterruptedException e) {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw e;
    }
  }

  /**
   * Each connection of a client has one of its own to the real server, with the same stream ids.
   */
  private static void connect(
      Channel client, InetSocketAddress realServer, Set<ByteBuffer> writeIds) {
    PreparedWrites writes = new PreparedWrites(client.alloc(), writeIds);
    new Bootstrap()
        .group(client.eventLoop())
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel upstream) {
                upstream.pipeline().addLast(frames(), new ResponseForwarder(client, writes));
                client.pipeline().addLast(frames(), new RequestHandler(upstream, writes));
              }
            })
        .connect(realServer)
        .addListener(
            connected -> {
              if (connected.isSuccess()) {
                client.config().setAutoRead(true);
              } else {
                client.close();
              }
            });
  }

  private static LengthFieldBasedFrameDecoder frames() {
    return new LengthFieldBasedFrameDecoder(LARGEST_FRAME, LENGTH_OFFSET, LENGTH_BYTES);
  }

  /** The opcode of a frame. */
  static int opcode(ByteBuf frame) {
    return frame.getUnsignedByte(frame.readerIndex() + LENGTH_OFFSET - 1);
  }

  /** The stream id of a frame, by which a response belongs to a request. */
  static short streamId(ByteBuf frame) {
    return frame.getShort(frame.readerIndex() + 2);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) server.localAddress();
  }

  @Override
  public void close() {
    server.close().awaitUninterruptibly();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
