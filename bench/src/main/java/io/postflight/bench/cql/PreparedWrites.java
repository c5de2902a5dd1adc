package io.postflight.bench.cql;

import com.datastax.oss.driver.internal.core.protocol.ByteBufPrimitiveCodec;
import com.datastax.oss.protocol.internal.Compressor;
import com.datastax.oss.protocol.internal.Frame;
import com.datastax.oss.protocol.internal.FrameCodec;
import com.datastax.oss.protocol.internal.ProtocolConstants;
import com.datastax.oss.protocol.internal.request.Prepare;
import com.datastax.oss.protocol.internal.response.result.Prepared;
import com.datastax.oss.protocol.internal.response.result.Void;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which prepared statements are writes, and so acknowledged without being executed. Its methods are
 * called by the event loop of one connection.
 */
final class PreparedWrites {
  /** The subject of a sink's probe, which has to find its row again. */
  private static final ByteBuf CANARY =
      Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("~canary", StandardCharsets.UTF_8));

  /** A probe's row has no facts; other rows of a message are larger. */
  private static final int LARGEST_CANARY = 400;

  private static final int HEADER = 9;
  private static final List<String> WRITES = List.of("insert ", "update ", "delete ");

  private final FrameCodec<ByteBuf> requests;
  private final FrameCodec<ByteBuf> responses;
  private final Set<ByteBuffer> ids;
  private final Set<Short> preparing = new HashSet<>();
  private final ByteBuf acknowledgement;

  /**
   * Of a connection.
   *
   * @param ids of the writes that any connection has prepared; concurrent
   */
  PreparedWrites(ByteBufAllocator allocator, Set<ByteBuffer> ids) {
    this.ids = ids;
    ByteBufPrimitiveCodec primitives = new ByteBufPrimitiveCodec(allocator);
    requests = FrameCodec.defaultServer(primitives, Compressor.none());
    responses = FrameCodec.defaultClient(primitives, Compressor.none());
    acknowledgement =
        requests.encode(
            Frame.forResponse(
                ProtocolConstants.Version.V4, 0, null, Frame.NO_PAYLOAD, List.of(), Void.INSTANCE));
  }

  /** Notes a request to prepare a statement if the statement is a write. */
  void preparing(ByteBuf frame) {
    Prepare prepare = (Prepare) requests.decode(frame.duplicate()).message;
    String query = prepare.cqlQuery.strip().toLowerCase(Locale.ROOT);
    if (WRITES.stream().anyMatch(query::startsWith)) {
      preparing.add(VoidDatabase.streamId(frame));
    }
  }

  /** Notes the id of a write that has been prepared. */
  void prepared(ByteBuf frame) {
    if (preparing.remove(VoidDatabase.streamId(frame))
        && responses.decode(frame.duplicate()).message instanceof Prepared prepared) {
      ids.add(ByteBuffer.wrap(prepared.preparedQueryId));
    }
  }

  /** Whether a request to execute a statement is a write other than that of a probe. */
  boolean isWrite(ByteBuf frame) {
    int start = frame.readerIndex() + HEADER;
    int length = frame.getUnsignedShort(start);
    ByteBuffer id = frame.nioBuffer(start + 2, length);
    return ids.contains(id) && !isCanary(frame);
  }

  private static boolean isCanary(ByteBuf frame) {
    return frame.readableBytes() < LARGEST_CANARY && ByteBufUtil.indexOf(CANARY, frame) >= 0;
  }

  /** The response to a write. */
  ByteBuf acknowledgement(short streamId) {
    return acknowledgement.copy().setShort(2, streamId);
  }

  void release() {
    acknowledgement.release();
  }
}
