package io.postflight.api.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpExpectationFailedEvent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.Iterator;
import java.util.Map;

/**
 * Rejects HTTP/1 requests that two servers in a chain could interpret differently (request
 * smuggling), before routing: more than one {@code Host} or none, one that is a list or folded over
 * lines, and a {@code Transfer-Encoding} other than {@code chunked}, which the decoder would ignore
 * in favour of {@code Content-Length}. A body announced with {@code Expect: 100-continue} that
 * exceeds the maximum size is rejected with 417, and a head of more than {@value
 * Http1Heads#MAX_LINES} lines like one that is too large.
 *
 * <p>The server adds its decoder after the first four bytes of a connection, which determine the
 * protocol. So the first handler passes four bytes, then adds the others around the decoder. Of an
 * HTTP/2 connection, also after an upgrade, the streams are counted instead.
 */
public final class Http1Framing {
  private static final int PROTOCOL_BYTES = 4;
  private static final String DECODER = "HttpServerCodec";

  private Http1Framing() {}

  /**
   * Whether a {@code Host} contains more than one name: a comma or white space, by which the
   * decoder replaces a line break within a value.
   */
  public static boolean isList(String host) {
    for (int i = 0; i < host.length(); i++) {
      if (",\t\n\u000b\f\r ".indexOf(host.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }

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

    private void addBehindDecoder(ChannelPipeline pipeline) {
      countStreams(pipeline);
      Http1Heads heads = new Http1Heads();
      for (Map.Entry<String, ChannelHandler> each : pipeline.toMap().entrySet()) {
        if (each.getValue().getClass().getSimpleName().equals(DECODER)) {
          pipeline.addBefore(each.getKey(), null, heads);
          pipeline.addAfter(each.getKey(), null, new Check(maxBodyBytes, heads));
          Connections.countInput(pipeline.channel(), heads);
        } else if (each.getValue() instanceof HttpServerUpgradeHandler) {
          pipeline.addAfter(each.getKey(), null, new Upgrade(heads));
        }
      }
    }
  }

  private static void countStreams(ChannelPipeline pipeline) {
    Http2ConnectionHandler handler = pipeline.get(Http2ConnectionHandler.class);
    if (handler != null) {
      Connections.countStreams(pipeline.channel(), handler);
    }
  }

  private static final class Upgrade extends ChannelInboundHandlerAdapter {
    private final Http1Heads heads;

    Upgrade(Http1Heads heads) {
      this.heads = heads;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof HttpServerUpgradeHandler.UpgradeEvent) {
        heads.stop();
        countStreams(ctx.pipeline());
      }
      ctx.fireUserEventTriggered(event);
    }
  }

  private static final class Check extends ChannelInboundHandlerAdapter {
    private final long maxBodyBytes;
    private final Http1Heads heads;

    Check(long maxBodyBytes, Http1Heads heads) {
      this.maxBodyBytes = maxBodyBytes;
      this.heads = heads;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      heads.onTooManyLines(() -> channelRead(ctx, tooManyLines()));
    }

    /** As the decoder reports a head that is too large. */
    private static HttpRequest tooManyLines() {
      HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
      request.setDecoderResult(
          DecoderResult.failure(
              new TooLongHttpHeaderException(
                  "the head has more than " + Http1Heads.MAX_LINES + " lines")));
      return request;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (!ctx.channel().isActive()) {
        // Pipelined behind a request that closed the connection.
        ReferenceCountUtil.release(message);
        return;
      }
      if (message instanceof LastHttpContent) {
        heads.bodyCompleted();
      } else if (message instanceof HttpContent) {
        heads.completed();
      }
      if (message instanceof HttpRequest request && request.decoderResult().isSuccess()) {
        heads.completed(request);
        HttpHeaders headers = request.headers();
        if (isAmbiguous(request, headers)) {
          request.setDecoderResult(
              DecoderResult.failure(new IllegalArgumentException("ambiguous framing")));
        } else if (announcesTooMuch(headers)) {
          // The server rejects any other expectation with 417.
          headers.set(HttpHeaderNames.EXPECT, "a-smaller-body");
        }
      }
      if (message instanceof HttpObject object && object.decoderResult().isFailure()) {
        // The rest is discarded.
        heads.refuse();
        Connections.answersEarly(ctx.channel());
      }
      ctx.fireChannelRead(message);
    }

    /** The decoder has handled it; the server would log it as unexpected. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof HttpExpectationFailedEvent) {
        heads.bodyRefused();
      } else {
        ctx.fireUserEventTriggered(event);
      }
    }

    private static boolean isAmbiguous(HttpRequest request, HttpHeaders headers) {
      Iterator<String> hosts = headers.valueStringIterator(HttpHeaderNames.HOST);
      if (hosts.hasNext()) {
        if (isList(hosts.next()) || hosts.hasNext()) {
          return true;
        }
      } else if (request.protocolVersion().minorVersion() > 0) {
        return true;
      }
      Iterator<String> encodings = headers.valueStringIterator(HttpHeaderNames.TRANSFER_ENCODING);
      return encodings.hasNext()
          && (!HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(encodings.next().strip())
              || encodings.hasNext());
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
