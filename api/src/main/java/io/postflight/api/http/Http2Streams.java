package io.postflight.api.http;

import com.linecorp.armeria.common.ClosedSessionException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.Map;

/**
 * Counts the streams of an HTTP/2 connection from their headers to their end, when flow control has
 * released what waited in it. A stream above the limit is refused before the server creates a
 * request for it, and nothing more is read from the connection, nor from its buffer.
 */
final class Http2Streams extends Http2FrameListenerDecorator {
  private final Connection connection;
  private final Http2Connection http2;
  private final Http2Connection.PropertyKey counted;

  private Http2Streams(Http2FrameListener listener, Connection connection, Http2Connection http2) {
    super(listener);
    this.connection = connection;
    this.http2 = http2;
    this.counted = http2.newKey();
  }

  static void count(Http2ConnectionHandler handler, Connection connection) {
    Http2Connection http2 = handler.connection();
    Http2Streams streams = new Http2Streams(handler.decoder().frameListener(), connection, http2);
    handler.decoder().frameListener(streams);
    connection.countsStreams();
    http2.addListener(
        new Http2ConnectionAdapter() {
          @Override
          public void onStreamClosed(Http2Stream stream) {
            Long bytes = stream.removeProperty(streams.counted);
            if (bytes != null) {
              connection.end(bytes);
            }
          }
        });
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
    Http2Stream stream = http2.stream(streamId);
    if (stream == null || stream.getProperty(counted) != null) {
      return;
    }
    long bytes = Connections.REQUEST_OVERHEAD;
    for (Map.Entry<CharSequence, CharSequence> header : headers) {
      bytes += header.getKey().length() + (long) header.getValue().length();
    }
    if (!connection.begin(bytes)) {
      // The server logs this exception of a reader at TRACE; any other at WARN.
      throw ClosedSessionException.get();
    }
    stream.setProperty(counted, bytes);
  }
}
