package io.postflight.devstack.junit;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A low-level HTTP/2 client for tests of protocol violations: it writes arbitrary frames, reads
 * only on request, and acknowledges nothing.
 */
public final class RawHttp2Client implements AutoCloseable {
  /** Types of frames. */
  public static final int DATA = 0;

  /** Headers of a request or response. */
  public static final int HEADERS = 1;

  /** The end of a stream. */
  public static final int RST_STREAM = 3;

  /** Settings of the peer. */
  public static final int SETTINGS = 4;

  /** Requests a response. */
  public static final int PING = 6;

  /** The end of the connection. */
  public static final int GOAWAY = 7;

  /** More may be sent. */
  public static final int WINDOW_UPDATE = 8;

  /** More headers. */
  public static final int CONTINUATION = 9;

  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private final Socket socket;
  private final OutputStream out;
  private final DataInputStream in;
  private int nextStream = 1;

  /** A frame that was received. */
  public record Frame(int type, int flags, int stream, ByteBuffer payload) {
    /** The value of a setting, unsigned; -1 if the frame does not have it. */
    public long setting(int id) {
      ByteBuffer settings = payload.duplicate();
      while (settings.remaining() >= 6) {
        int found = settings.getShort();
        long value = settings.getInt() & 0xFFFF_FFFFL;
        if (found == id) {
          return value;
        }
      }
      return -1;
    }
  }

  /** Connects with this flow-control window for responses. */
  public RawHttp2Client(int port, int initialWindow) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port), initialWindow);
  }

  /** Uses a connection that is already open. */
  public RawHttp2Client(Socket connected, int initialWindow) throws IOException {
    socket = connected;
    socket.setSoTimeout(10_000);
    out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
    in = new DataInputStream(socket.getInputStream());
    out.write(PREFACE.getBytes(StandardCharsets.US_ASCII));
    frame(
        SETTINGS,
        0,
        0,
        ByteBuffer.allocate(6).putShort((short) INITIAL_WINDOW_SIZE).putInt(initialWindow).array());
    flush();
  }

  /** Starts a request on a new stream, and returns the stream's id. */
  public int request(String method, String path, boolean whole, Map<String, String> headers)
      throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    literal(block, ":method", method);
    literal(block, ":scheme", "http");
    literal(block, ":path", path);
    literal(block, ":authority", "localhost");
    headers.forEach((name, value) -> literal(block, name, value));
    int stream = nextStream;
    nextStream += 2;
    frame(HEADERS, END_HEADERS | (whole ? END_STREAM : 0), stream, block.toByteArray());
    return stream;
  }

  /** Writes any frame; {@link #flush} sends it. */
  public void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    out.write(
        ByteBuffer.allocate(9)
            .put((byte) (payload.length >> 16))
            .putShort((short) payload.length)
            .put((byte) type)
            .put((byte) flags)
            .putInt(stream)
            .array());
    out.write(payload);
  }

  /** Sends what was written. */
  public void flush() throws IOException {
    out.flush();
  }

  /** The next frame of a type; others are skipped. */
  public Frame await(int type) throws IOException {
    while (true) {
      Frame frame = read();
      if (frame.type() == type) {
        return frame;
      }
    }
  }

  /** The next frame. */
  public Frame read() throws IOException {
    int first = in.readInt();
    byte[] payload = new byte[first >>> 8];
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    in.readFully(payload);
    return new Frame(first & 0xFF, flags, stream, ByteBuffer.wrap(payload));
  }

  /** Whether the server closes the connection within a time, ignoring its frames. */
  public boolean isClosedWithin(int millis) {
    try {
      socket.setSoTimeout(millis);
      while (true) {
        read();
      }
    } catch (EOFException closed) {
      return true;
    } catch (java.net.SocketTimeoutException open) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A header field without indexing and Huffman coding. */
  private static void literal(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    for (String text : new String[] {name, value}) {
      byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
      if (bytes.length < 127) {
        block.write(bytes.length);
      } else {
        block.write(127);
        int rest = bytes.length - 127;
        while (rest >= 128) {
          block.write(rest % 128 + 128);
          rest /= 128;
        }
        block.write(rest);
      }
      block.writeBytes(bytes);
    }
  }
}
