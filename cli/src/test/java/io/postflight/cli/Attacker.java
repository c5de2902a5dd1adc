package io.postflight.cli;

import io.postflight.devstack.junit.RawHttp2Client;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Simulates an attacker who can reach the port of a gateway and knows the name of a tenant.
 * Responses are not read; sockets that the server closes stay open here, until so many later
 * connections have been opened that this process would run out of descriptors.
 */
final class Attacker implements AutoCloseable {
  private static final int NO_WINDOW = 0;
  private static final int DEFAULT_WINDOW = 65_535;
  private static final byte CANCEL = 8;

  /** As many as a connection may have. */
  private static final int STREAMS = 100;

  /** Far more than the server lets one address have. */
  private static final int MAX_OPEN = 4_000;

  private final InetAddress from;
  private final int port;
  private final BlockingQueue<Socket> open = new LinkedBlockingQueue<>();

  /** From an address of this machine. */
  Attacker(InetAddress from, int port) {
    this.from = from;
    this.port = port;
  }

  /** Many requests on one connection of HTTP/2, whose responses may not be sent. */
  void streams(int number, String method, String path) {
    try {
      RawHttp2Client client = new RawHttp2Client(connect(), NO_WINDOW);
      for (int i = 0; i < number; i++) {
        client.request(method, path, method.equals("GET"), Map.of());
      }
      client.flush();
    } catch (IOException closed) {
      // As it should be.
    }
  }

  /** The same on many connections, as fast as they can be opened. */
  void flood(int connections, String method, String path) {
    for (int i = 0; i < connections; i++) {
      streams(STREAMS, method, path);
    }
  }

  /** Requests that are reset at once, on each of many connections. */
  void resets(int connections, int each) {
    for (int i = 0; i < connections; i++) {
      try {
        RawHttp2Client client = new RawHttp2Client(connect(), DEFAULT_WINDOW);
        for (int k = 0; k < each; k++) {
          int stream = client.request("GET", "/docs", true, Map.of());
          client.frame(RawHttp2Client.RST_STREAM, 0, stream, new byte[] {0, 0, 0, CANCEL});
        }
        client.flush();
      } catch (IOException closed) {
        // As it should be.
      }
    }
  }

  /**
   * The beginning of a request on each of many connections, which stay open.
   *
   * @param start each character is a byte
   */
  void unfinished(int connections, String start) {
    for (int i = 0; i < connections; i++) {
      try {
        connect().getOutputStream().write(start.getBytes(StandardCharsets.ISO_8859_1));
      } catch (IOException closed) {
        // As it should be.
      }
    }
  }

  /** A header block without an end. */
  void endlessHeaders() {
    try {
      RawHttp2Client client = new RawHttp2Client(connect(), NO_WINDOW);
      client.frame(RawHttp2Client.HEADERS, 0, 1, new byte[0]);
      for (int i = 0; i < 1_000; i++) {
        client.frame(RawHttp2Client.CONTINUATION, 0, 1, new byte[0]);
      }
      client.flush();
    } catch (IOException closed) {
      // As it should be.
    }
  }

  /** Many requests on one connection of HTTP/1, whose responses are not read. */
  void pipelined(int number, String path) {
    String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    write(request.repeat(number).getBytes(StandardCharsets.US_ASCII));
  }

  /** A webhook without its last byte. */
  void stalledBody(String path, int length) {
    String head = "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n";
    byte[] start = head.formatted(path, length).getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[start.length + length - 1];
    System.arraycopy(start, 0, all, 0, start.length);
    write(all);
  }

  private void write(byte[] bytes) {
    Thread writing =
        new Thread(
            () -> {
              try {
                connect().getOutputStream().write(bytes);
              } catch (IOException closed) {
                // As it should be.
              }
            },
            "attacker");
    writing.setDaemon(true);
    writing.start();
  }

  private Socket connect() throws IOException {
    Socket oldest = open.size() < MAX_OPEN ? null : open.poll();
    if (oldest != null) {
      oldest.close();
    }
    Socket socket = new Socket();
    open.add(socket);
    socket.bind(new InetSocketAddress(from, 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return socket;
  }

  @Override
  public void close() throws IOException {
    for (Socket each : open) {
      each.close();
    }
  }
}
