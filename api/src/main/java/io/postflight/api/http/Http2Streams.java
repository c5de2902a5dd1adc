package io.postflight.api.http;

import com.linecorp.armeria.common.ClosedSessionException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.Map;

/**
 * Counts the streams of an HTTP/2 connection from their headers to their end, when flow control has
 * released what waited in it. A stream above the limit is refused before the server creates a
 * request for it, and nothing more is read from the connection, nor from its buffer.
 *
 * <p>Counts also the input since the last whole frame: a frame or a header block whose end the peer
 * may never send; and frames that are neither a request nor its body, which cost the server more
 * than the peer.
 */
final class Http2Streams extends Http2FrameListenerDecorator implements UnfinishedInput {
  private static final int IGNORED_BYTES = 2048;

  /** A frame's head, of which the type is the fourth byte, and an error code. */
  private static final int RESET_BYTES = Http2CodecUtil.FRAME_HEADER_LENGTH + Integer.BYTES;

  private static final int TYPE_AT = 3;

  private final Connection connection;
  private final Http2Connection http2;
  private final Http2Connection.PropertyKey counted;

  /** Its response has ended, or its reset is counted. */
  private final Http2Connection.PropertyKey settled;

  /** Owned by the decoder. */
  private ByteBuf buffered = Unpooled.EMPTY_BUFFER;

  private long unfinished;

  private Http2Streams(Http2FrameListener listener, Connection connection, Http2Connection http2) {
    super(listener);
    this.connection = connection;
    this.http2 = http2;
    this.counted = http2.newKey();
    this.settled = http2.newKey();
  }

  static void count(Http2ConnectionHandler handler, Connection connection) {
    Http2Connection http2 = handler.connection();
    Http2Streams streams = new Http2Streams(handler.decoder().frameListener(), connection, http2);
    handler.decoder().frameListener(streams);
    handler.setCumulator(streams::buffer);
    connection.countsStreams();
    connection.counts(streams);
    http2.addListener(
        new Http2ConnectionAdapter() {
          @Override
          public void onStreamHalfClosed(Http2Stream stream) {
            if (stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL) {
              stream.setProperty(streams.settled, true);
            }
          }

          @Override
          public void onStreamClosed(Http2Stream stream) {
            Long bytes = stream.removeProperty(streams.counted);
            if (bytes != null) {
              connection.end(bytes);
              if (stream.isResetSent() && stream.getProperty(streams.settled) == null) {
                // An error of the client, such as a WINDOW_UPDATE of 0.
                connection.reset();
              }
            }
          }
        });
  }

  /** Whether a written frame is a RST_STREAM; each frame is written alone. */
  static boolean isReset(ByteBuf frame) {
    return frame.readableBytes() == RESET_BYTES
        && frame.getByte(frame.readerIndex() + TYPE_AT) == Http2FrameTypes.RST_STREAM;
  }

  /** Netty's would grow by what is read already, up to 16 reads, if no read ends with a frame. */
  private ByteBuf buffer(ByteBufAllocator allocator, ByteBuf before, ByteBuf input) {
    unfinished += input.readableBytes();
    buffered = input;
    try {
      if (before.isReadable()) {
        buffered = allocator.buffer(before.readableBytes() + input.readableBytes());
        buffered.writeBytes(before).writeBytes(input);
        input.release();
      }
      return buffered;
    } finally {
      before.release();
    }
  }

  /** What is no longer buffered is a header block, in a buffer of up to twice its size. */
  @Override
  public long size() {
    return buffered.refCnt() == 0
        ? 2 * unfinished
        : 2 * (unfinished - buffered.readableBytes()) + buffered.capacity();
  }

  private void frameRead() {
    frameRead(0, 1);
  }

  /**
   * A whole frame was read.
   *
   * @param ofRequest bytes that belong to a request
   * @param cost of the frame; frames before it that the decoder ignored cost one per {@link
   *     #IGNORED_BYTES}
   */
  private void frameRead(long ofRequest, int cost) {
    long read = unfinished - buffered.readableBytes();
    unfinished = buffered.readableBytes();
    if (!connection.frames(cost + Math.max(0, read - ofRequest) / IGNORED_BYTES)) {
      // The server logs this exception of a reader at TRACE; any other at WARN.
      throw ClosedSessionException.get();
    }
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings)
      throws Http2Exception {
    frameRead();
    super.onSettingsRead(ctx, settings);
  }

  @Override
  public void onSettingsAckRead(ChannelHandlerContext ctx) throws Http2Exception {
    frameRead();
    super.onSettingsAckRead(ctx);
  }

  @Override
  public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
    frameRead();
    super.onPingRead(ctx, data);
  }

  @Override
  public void onPingAckRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
    frameRead();
    super.onPingAckRead(ctx, data);
  }

  @Override
  public void onPriorityRead(
      ChannelHandlerContext ctx, int streamId, int dependency, short weight, boolean exclusive)
      throws Http2Exception {
    frameRead();
    super.onPriorityRead(ctx, streamId, dependency, weight, exclusive);
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long error)
      throws Http2Exception {
    connection.reset();
    Http2Stream stream = http2.stream(streamId);
    if (stream != null) {
      stream.setProperty(settled, true);
    }
    frameRead();
    super.onRstStreamRead(ctx, streamId, error);
  }

  @Override
  public void onPushPromiseRead(
      ChannelHandlerContext ctx, int streamId, int promised, Http2Headers headers, int padding)
      throws Http2Exception {
    frameRead();
    super.onPushPromiseRead(ctx, streamId, promised, headers, padding);
  }

  @Override
  public void onGoAwayRead(ChannelHandlerContext ctx, int lastStream, long error, ByteBuf debug)
      throws Http2Exception {
    frameRead();
    super.onGoAwayRead(ctx, lastStream, error, debug);
  }

  @Override
  public void onUnknownFrame(
      ChannelHandlerContext ctx, byte type, int streamId, Http2Flags flags, ByteBuf payload)
      throws Http2Exception {
    frameRead();
    super.onUnknownFrame(ctx, type, streamId, flags, payload);
  }

  @Override
  public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int increment)
      throws Http2Exception {
    frameRead();
    super.onWindowUpdateRead(ctx, streamId, increment);
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean end)
      throws Http2Exception {
    frameRead(data.readableBytes(), end || data.readableBytes() >= FrameBudget.LEAST_DATA ? 0 : 1);
    return super.onDataRead(ctx, streamId, data, padding, end);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean end)
      throws Http2Exception {
    admit(streamId, headers);
    super.onHeadersRead(ctx, streamId, headers, padding, end);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int streamDependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean end)
      throws Http2Exception {
    admit(streamId, headers);
    super.onHeadersRead(ctx, streamId, headers, streamDependency, weight, exclusive, padding, end);
  }

  private void admit(int streamId, Http2Headers headers) {
    long bytes = Connections.REQUEST_OVERHEAD;
    for (Map.Entry<CharSequence, CharSequence> header : headers) {
      bytes +=
          header.getKey().length()
              + (long) header.getValue().length()
              + Connections.HEADER_OVERHEAD;
    }
    Http2Stream stream = http2.stream(streamId);
    boolean isRequest = stream != null && stream.getProperty(counted) == null;
    frameRead(bytes, isRequest ? 0 : 1);
    if (!isRequest) {
      return;
    }
    if (!connection.begin(bytes)) {
      throw ClosedSessionException.get();
    }
    stream.setProperty(counted, bytes);
  }
}
