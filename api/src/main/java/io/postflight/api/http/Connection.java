package io.postflight.api.http;

import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.RequestHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection and the bytes it holds. As the first handler of the pipeline it sees all read and
 * written bytes, and it closes the transport without a GOAWAY, which would queue behind what the
 * peer does not read. A closed connection reads and writes nothing. Its bytes count until this
 * handler, the last one, is removed: only then are its buffers released. Confined to the
 * connection's event loop, except {@link #close(String)}, {@link #authenticated} and the getters.
 */
final class Connection extends ChannelDuplexHandler implements Peer {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  /** Allowance for control frames: SETTINGS, PING, RST_STREAM, interim responses. */
  private static final long CONTROL_BYTES = 256 << 10;

  /** A response may take one second more per this many bytes. */
  private static final long BYTES_PER_SECOND = 64 << 10;

  /** The server releases pipelined responses of HTTP/1 one second after the close. */
  private static final long PIPELINED_MILLIS = 2_000;

  private static final int MAX_CAUSES = 20;

  /**
   * A request that the peer of an unauthenticated connection resets counts as so many frames, since
   * the server has created and routed it: about 50 at once.
   */
  private static final int FRAMES_PER_RESET = 20;

  private final Connections connections;
  private final Channel channel;
  private final @Nullable Object address;
  private final AtomicLong held = new AtomicLong();

  /** Guarded by the shares. */
  private Usage usage;

  private boolean countsStreams;
  private UnfinishedInput input = () -> 0;
  private long unfinished;
  private int requests;
  private boolean reading;
  private final Queue<Runnable> afterRead = new ArrayDeque<>(0);
  private boolean moved;
  private final LingeringClose lingering = new LingeringClose();
  private final FrameBudget frames;
  private final AtomicInteger responses = new AtomicInteger();
  private volatile long progressAt;
  private volatile long busySince;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile @Nullable String tenant;

  Connection(Connections connections, Channel channel, @Nullable Object address) {
    this.connections = connections;
    this.channel = channel;
    this.address = address;
    this.usage = connections.shares().unauthenticated(this);
    this.frames = new FrameBudget(connections.now());
  }

  Usage usage() {
    return usage;
  }

  void moveTo(Usage other, String itsTenant) {
    usage = other;
    tenant = itsTenant;
  }

  /** Its requests are counted as HTTP/2 streams. */
  void countsStreams() {
    countsStreams = true;
  }

  /** Its unfinished input is determined by this. */
  void counts(UnfinishedInput itsInput) {
    input = itsInput;
  }

  boolean isCountingStreams() {
    return countsStreams;
  }

  @Override
  public @Nullable Object address() {
    return address;
  }

  @Override
  public @Nullable Object client(RequestHeaders headers) {
    return address == null
        ? connections.addresses().forwardedFor(headers, channel.remoteAddress())
        : address;
  }

  @Override
  public void afterRead(Runnable task) {
    if (reading) {
      afterRead.add(task);
    } else {
      task.run();
    }
  }

  /** The tenant that it first authenticated as. */
  @Nullable String tenant() {
    return tenant;
  }

  /** Start time of its oldest request. */
  long busySince() {
    return busySince;
  }

  void authenticated(String asTenant) {
    if (tenant == null) {
      connections.promote(this, asTenant);
    }
  }

  /** Starts a request; false if the connection is closed, or was closed for exceeding a limit. */
  boolean begin(long bytes) {
    if (closed.get()) {
      return false;
    }
    requests++;
    if (requests > connections.limits().maxStreams()) {
      close("requests");
      return false;
    }
    if (requests == 1) {
      busySince = connections.now();
      moved();
    }
    hold(bytes);
    return !closed.get();
  }

  /**
   * Whether an exchange of a trusted proxy's connection exceeds its limit: then only the exchange
   * is rejected, since the connection is shared.
   */
  boolean refuses(long bytes) {
    return address == null
        && requests > 1
        && held.get() + bytes > connections.limits().maxUnreadPerConnection();
  }

  /**
   * Counts frames of HTTP/2 that are neither a request nor its body, or small parts of a body;
   * false if the connection is closed, or was closed for exceeding the limit.
   */
  boolean frames(long number) {
    if (number > 0 && address != null && !frames.spend(number, connections.now())) {
      close("frames");
    }
    return !closed.get();
  }

  /**
   * The peer, or an error of it, resets a request before its response has ended; may close the
   * connection, unless other clients of a trusted proxy share it.
   */
  void reset() {
    if (address != null) {
      if (!connections.mayReset(this)) {
        close("resets");
      }
      if (tenant == null) {
        frames(FRAMES_PER_RESET);
      }
    }
  }

  /** Requests without a response, which a close resets. */
  int requests() {
    return requests;
  }

  /** Starts the response to a request. */
  void answer(long bytes, boolean early) {
    frames.responded(tenant != null);
    if (responses.getAndIncrement() == 0) {
      progressAt = connections.now();
    }
    if (early) {
      answersEarly();
    }
    hold(bytes);
  }

  /** A response precedes the end of its request. */
  void answersEarly() {
    lingering.afterEarlyResponse();
  }

  /** Ends a response, complete or not. */
  void answered(long bytes) {
    responses.decrementAndGet();
    progressAt = connections.now();
    hold(-bytes);
  }

  /** Ends a request with its response. */
  void end(long bytes) {
    requests--;
    hold(-bytes);
    if (requests == 0) {
      moved();
    }
  }

  /**
   * Its place changes once per read at most, when what is answered at once has ended: all event
   * loops share a lock for that.
   */
  private void moved() {
    if (!moved && tenant == null) {
      moved = true;
      afterRead(this::move);
    }
  }

  private void move() {
    moved = false;
    if (tenant == null) {
      connections.moved(this, requests > 0);
    }
  }

  private void hold(long bytes) {
    if (bytes == 0) {
      return;
    }
    long now = held.addAndGet(bytes);
    connections.hold(this, bytes);
    // A single large response must be readable.
    if (now > connections.limits().maxUnreadPerConnection() && requests > 1 && address != null) {
      close("unread");
    }
  }

  void closeIfStalled(long now) {
    long timeout =
        connections.limits().idleTimeout().toNanos()
            + TimeUnit.SECONDS.toNanos(held.get() / BYTES_PER_SECOND);
    if (responses.get() > 0 && now - progressAt > timeout) {
      close("stalled");
    }
  }

  /** Closes immediately, with a reason for metrics. */
  void close(String reason) {
    if (closed.getAndSet(true)) {
      return;
    }
    connections.closing(this, reason);
    LOG.debug("closing connection {}: {}", channel.remoteAddress(), reason);
    Runnable closing = () -> channel.unsafe().close(channel.newPromise());
    if (channel.eventLoop().inEventLoop()) {
      closing.run();
    } else {
      channel.eventLoop().execute(closing);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ctx.pipeline().addAfter(ctx.name(), null, lingering);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (closed.get()) {
      ReferenceCountUtil.release(message);
    } else {
      reading = true;
      ctx.fireChannelRead(message);
      holdUnfinished();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.fireChannelReadComplete();
    reading = false;
    for (Runnable task = afterRead.poll(); task != null; task = afterRead.poll()) {
      task.run();
    }
  }

  private void holdUnfinished() {
    long size = input.size();
    if (size != unfinished) {
      if (unfinished == 0 && requests == 0) {
        busySince = connections.now();
      }
      hold(size - unfinished);
      unfinished = size;
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (countsStreams || requests == 0) {
      connections.shares().release(this);
    } else {
      Runnable release = () -> connections.shares().release(this);
      var unused = channel.eventLoop().schedule(release, PIPELINED_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /**
   * The server closes the connection without logging; an OutOfMemoryError must be logged, since it
   * may terminate the process.
   */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable thrown) {
    if (Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
        .limit(MAX_CAUSES)
        .anyMatch(OutOfMemoryError.class::isInstance)) {
      LOG.error("out of memory", thrown);
    }
    ctx.fireExceptionCaught(thrown);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (closed.get()) {
      ReferenceCountUtil.release(message);
      promise.tryFailure(ClosedSessionException.get());
      return;
    }
    if (message instanceof ByteBuf bytes) {
      frames.written(bytes.readableBytes());
      if (countsStreams && Http2Streams.isReset(bytes) && !frames(1)) {
        // Of a frame that was refused before it was counted.
        bytes.release();
        promise.tryFailure(ClosedSessionException.get());
        return;
      }
    }
    var unused = ctx.write(message, promise);
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    if (buffer != null && buffer.totalPendingWriteBytes() > held.get() * 2 + CONTROL_BYTES) {
      close("control_frames");
    }
  }
}
