package io.postflight.api.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpExpectationFailedEvent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import java.util.Map;

/**
 * Rejects HTTP/1 requests that two servers in a chain could interpret differently (request
 * smuggling), before routing: more than one {@code Host} or none, and a {@code Transfer-Encoding}
 * other than {@code chunked}, which the decoder would ignore in favour of {@code Content-Length}. A
 * body announced with {@code Expect: 100-continue} that exceeds the maximum size is rejected with
 * 417.
 *
 * <p>The server adds its decoder after the first four bytes of a connection, which determine the
 * protocol. So the first handler passes four bytes, then adds the second behind the decoder.
 */
public final class Http1Framing {
  private static final int PROTOCOL_BYTES = 4;
  private static final String DECODER = "HttpServerCodec";

  private Http1Framing() {}

  /** Adds the checks to the pipeline of a new connection. */
  public static void addTo(ChannelPipeline pipeline, long maxBodyBytes) {
    pipeline.addFirst(new Start(maxBodyBytes));
  }

  private static final class Start extends ChannelInboundHandlerAdapter {
    private final long maxBodyBytes;
    private int passed;

    Start(long maxBodyBytes) {
      this.maxBodyBytes = maxBodyBytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (!(message instanceof ByteBuf bytes)) {
        ctx.fireChannelRead(message);
        return;
      }
      int first = Math.min(PROTOCOL_BYTES - passed, bytes.readableBytes());
      ByteBuf begin = bytes.readRetainedSlice(first);
      passed += first;
      ctx.fireChannelRead(begin);
      if (passed == PROTOCOL_BYTES) {
        addBehindDecoder(ctx.pipeline());
        ctx.fireChannelRead(bytes);
        ctx.pipeline().remove(this);
      } else {
        bytes.release();
      }
    }

    /** An HTTP/2 connection has no such decoder. */
    private void addBehindDecoder(ChannelPipeline pipeline) {
      for (Map.Entry<String, ChannelHandler> each : pipeline) {
        if (each.getValue().getClass().getSimpleName().equals(DECODER)) {
          pipeline.addAfter(each.getKey(), null, new Check(maxBodyBytes));
          return;
        }
      }
    }
  }

  private static final class Check extends ChannelInboundHandlerAdapter {
    private final long maxBodyBytes;

    Check(long maxBodyBytes) {
      this.maxBodyBytes = maxBodyBytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof HttpRequest request && request.decoderResult().isSuccess()) {
        HttpHeaders headers = request.headers();
        if (isAmbiguous(request, headers)) {
          request.setDecoderResult(
              DecoderResult.failure(new IllegalArgumentException("ambiguous framing")));
        } else if (announcesTooMuch(headers)) {
          // The server rejects any other expectation with 417.
          headers.set(HttpHeaderNames.EXPECT, "a-smaller-body");
        }
      }
      ctx.fireChannelRead(message);
    }

    /** The decoder has handled it; the server would log it as unexpected. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (!(event instanceof HttpExpectationFailedEvent)) {
        ctx.fireUserEventTriggered(event);
      }
    }

    private static boolean isAmbiguous(HttpRequest request, HttpHeaders headers) {
      int hosts = headers.getAll(HttpHeaderNames.HOST).size();
      if (hosts > 1 || (hosts == 0 && request.protocolVersion().minorVersion() > 0)) {
        return true;
      }
      List<String> encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
      return !encodings.isEmpty()
          && !(encodings.size() == 1
              && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(encodings.get(0).strip()));
    }

    private boolean announcesTooMuch(HttpHeaders headers) {
      String expected = headers.get(HttpHeaderNames.EXPECT);
      String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
      if (expected == null || length == null) {
        return false;
      }
      try {
        return Long.parseLong(length.strip()) > maxBodyBytes;
      } catch (NumberFormatException leftToServer) {
        return false;
      }
    }
  }
}
