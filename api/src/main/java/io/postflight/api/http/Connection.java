package io.postflight.api.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection and what it holds. It is the first handler of the pipeline, so it sees the bytes
 * that are written, and it closes the transport without a GOAWAY, which would wait behind what the
 * peer does not read. All but {@link #close(String)}, {@link #release}, {@link #authenticated} and
 * the getters runs on the connection's event loop.
 */
final class Connection extends ChannelDuplexHandler implements Connections.Peer {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  /** Room for what is written besides responses: SETTINGS, PING, RST_STREAM, interim responses. */
  private static final long CONTROL_BYTES = 256 << 10;

  /** A response is given a second more for each of these. */
  private static final long BYTES_PER_SECOND = 64 << 10;

  private static final long LINGER_MILLIS = 1_000;
  private static final int MAX_CAUSES = 20;

  private final Connections connections;
  private final Channel channel;
  private final @Nullable Object address;
  private final AtomicLong held = new AtomicLong();
  private int requests;
  private boolean lingers;
  private final AtomicInteger responses = new AtomicInteger();
  private volatile long progressAt;
  private volatile long busySince;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile @Nullable String tenant;

  Connection(Connections connections, Channel channel, @Nullable Object address) {
    this.connections = connections;
    this.channel = channel;
    this.address = address;
  }

  @Override
  public @Nullable Object address() {
    return address;
  }

  /** The tenant that it has authenticated as first. */
  @Nullable String tenant() {
    return tenant;
  }

  /** Bytes of its requests and responses that are not finished. */
  long held() {
    return held.get();
  }

  /** When its only or oldest request began. */
  long busySince() {
    return busySince;
  }

  void authenticated(String asTenant) {
    if (tenant == null) {
      connections.promote(this, asTenant);
    }
  }

  void isOf(String itsTenant) {
    tenant = itsTenant;
  }

  /** How long it has read nothing of what waits for it. */
  long stalledFor(long now) {
    return responses.get() == 0 ? 0 : now - progressAt;
  }

  /** A request begins; false if the connection is closed, or has just been for having too many. */
  boolean begin(long bytes) {
    if (closed.get()) {
      return false;
    }
    requests++;
    if (requests > connections.limits().maxStreams()) {
      close("requests");
      // Without waiting for the buffer that is being decoded: it may hold hundreds more.
      channel.unsafe().close(channel.newPromise());
      return false;
    }
    if (requests == 1) {
      busySince = connections.now();
      if (tenant == null) {
        connections.moved(this, true);
      }
    }
    hold(bytes);
    return true;
  }

  /**
   * Whether a request or a response of so many bytes more is too much for a trusted proxy's
   * connection, which is others' too: then it is refused by itself.
   */
  boolean refuses(long bytes) {
    return address == null
        && requests > 1
        && held.get() + bytes > connections.limits().maxUnreadPerConnection();
  }

  /** The response to a request is written from here on. */
  void answer(long bytes, boolean early) {
    if (responses.getAndIncrement() == 0) {
      progressAt = connections.now();
    }
    lingers |= early;
    hold(bytes);
  }

  /** A response is written whole, or never will be. */
  void end(long bytes, boolean answered) {
    requests--;
    if (answered) {
      responses.decrementAndGet();
      progressAt = connections.now();
    }
    hold(-bytes);
    if (requests == 0 && tenant == null) {
      connections.moved(this, false);
    }
  }

  private void hold(long bytes) {
    if (closed.get()) {
      return;
    }
    long now = held.addAndGet(bytes);
    connections.hold(this, bytes);
    // A response that is large by itself must be readable.
    if (now > connections.limits().maxUnreadPerConnection() && requests > 1 && address != null) {
      close("unread");
    }
    if (closed.get()) {
      // Perhaps by another thread, before this was added.
      release();
    }
  }

  /** What it held counts no more. */
  void release() {
    closed.set(true);
    connections.hold(this, -held.getAndSet(0));
  }

  void closeIfStalled(long now) {
    long timeout =
        connections.limits().idleTimeout().toNanos()
            + TimeUnit.SECONDS.toNanos(held.get() / BYTES_PER_SECOND);
    if (stalledFor(now) > timeout) {
      close("stalled");
    }
  }

  /** Closes at once, for this reason. */
  void close(String reason) {
    if (closed.getAndSet(true)) {
      return;
    }
    connections.count(reason);
    LOG.debug("connection {} is closed: {}", channel.remoteAddress(), reason);
    release();
    channel.eventLoop().execute(() -> channel.unsafe().close(channel.newPromise()));
  }

  /** The server closes the connection without a word; what is logged can end the process. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable thrown) {
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
      if (cause instanceof OutOfMemoryError) {
        LOG.error("memory is exhausted", thrown);
        break;
      }
      cause = cause.getCause();
    }
    ctx.fireExceptionCaught(thrown);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    var unused = ctx.write(message, promise);
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    if (buffer != null && buffer.totalPendingWriteBytes() > held.get() * 2 + CONTROL_BYTES) {
      close("control_frames");
    }
  }

  /**
   * Closes; after an early answer only once the peer has had time to read it, since what it goes on
   * sending would make the system throw the answer away.
   */
  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (!lingers
        || closed.get()
        || !(channel instanceof DuplexChannel duplex)
        || !channel.isActive()) {
      closeNow(ctx, promise);
      return;
    }
    lingers = false;
    var unused = duplex.shutdownOutput();
    closeLater(ctx, promise);
  }

  private void closeLater(ChannelHandlerContext ctx, ChannelPromise promise) {
    var unused =
        channel
            .eventLoop()
            .schedule(() -> closeNow(ctx, promise), LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static void closeNow(ChannelHandlerContext ctx, ChannelPromise promise) {
    var unused = ctx.close(promise);
  }
}
