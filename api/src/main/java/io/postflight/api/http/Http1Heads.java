package io.postflight.api.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import org.jspecify.annotations.Nullable;

/**
 * Counts what HTTP/1 input that is not a message yet occupies: the head of a request, or trailers,
 * whose end the peer may never send. Each of their lines becomes objects of the decoder, many times
 * as large as a short line.
 *
 * <p>In front of the decoder. Input is passed on in parts that end where a head or a body ends, so
 * that the bytes and lines since the last message are known exactly, whatever the peer sends in one
 * packet.
 */
final class Http1Heads extends ChannelInboundHandlerAdapter implements UnfinishedInput {
  /** Of a head, the request line included. */
  static final int MAX_LINES = 128;

  private Runnable refusal = () -> {};
  private boolean refused;
  private @Nullable Http1Chunks chunks;
  private long bodyBytes;
  private boolean blankLine;
  private long bytes;
  private long lines;
  private boolean stopped;

  /** Runs this instead of passing on a head that has too many lines. */
  void onTooManyLines(Runnable action) {
    refusal = action;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof ByteBuf input)) {
      ctx.fireChannelRead(message);
      return;
    }
    try {
      while (input.isReadable() && !refused) {
        long before = lines;
        int size = next(input);
        if (chunks != null
            && !Connections.countFrames(ctx.channel(), chunks.takeSmall() + lines - before)) {
          refused = true;
          return;
        }
        if (!stopped && chunks == null && lines > MAX_LINES) {
          // Before the decoder makes objects of them.
          refused = true;
          refusal.run();
          return;
        }
        ByteBuf part = input.readRetainedSlice(size);
        bytes += part.readableBytes();
        ctx.fireChannelRead(part);
      }
    } finally {
      input.release();
    }
  }

  /** The bytes up to the end of the head or body, or all. */
  private int next(ByteBuf input) {
    int all = input.readableBytes();
    if (stopped) {
      return all;
    }
    if (bodyBytes > 0) {
      int ofBody = (int) Math.min(bodyBytes, all);
      bodyBytes -= ofBody;
      return ofBody;
    }
    if (chunks != null && !chunks.ended()) {
      int ofChunks = chunks.read(input);
      blankLine = chunks.ended();
      return ofChunks;
    }
    int start = input.readerIndex();
    for (int i = 0; i < all; i++) {
      byte next = input.getByte(start + i);
      if (next == '\n') {
        lines++;
        if (blankLine || (chunks == null && lines > MAX_LINES)) {
          return i + 1;
        }
        blankLine = true;
      } else if (next != '\r') {
        blankLine = false;
      }
    }
    return all;
  }

  /** The decoder has completed a head. */
  void completed(HttpRequest request) {
    chunks = HttpUtil.isTransferEncodingChunked(request) ? new Http1Chunks() : null;
    bodyBytes = chunks == null ? length(request) : 0;
    completed();
  }

  /** The decoder has completed a body, with its trailers. */
  void bodyCompleted() {
    chunks = null;
    completed();
  }

  /** The announced body will not be sent: the decoder expects the next head. */
  void bodyRefused() {
    bodyBytes = 0;
    chunks = null;
  }

  /** The decoder has completed a message, or a part of a body. */
  void completed() {
    bytes = chunks == null ? 0 : chunks.unfinished();
    lines = 0;
    // The body ends with an empty line, which may follow the last chunk at once.
    blankLine = chunks != null && chunks.ended();
  }

  /** What follows is discarded. */
  void refuse() {
    stop();
    refused = true;
  }

  /** What follows is of another protocol. */
  void stop() {
    chunks = null;
    completed();
    stopped = true;
  }

  @Override
  public long size() {
    // An incomplete line keeps the buffer that it was read into.
    return bytes == 0 || stopped
        ? 0
        : Connections.READ_BUFFER + bytes + lines * Connections.HEADER_OVERHEAD;
  }

  private static long length(HttpRequest request) {
    try {
      return HttpUtil.getContentLength(request, 0L);
    } catch (NumberFormatException refusedByDecoder) {
      return 0;
    }
  }
}
