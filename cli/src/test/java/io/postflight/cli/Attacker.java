package io.postflight.cli;

import io.postflight.devstack.junit.RawHttp2Client;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Does to a gateway what somebody does who can reach its port, knows a tenant's name and wants it
 * down. Nothing that the server sends is read; what it closes is left.
 */
final class Attacker implements AutoCloseable {
  private static final int NO_WINDOW = 0;

  private final int port;
  private final List<AutoCloseable> open = new ArrayList<>();

  Attacker(int port) {
    this.port = port;
  }

  /** Many requests on one connection of HTTP/2, whose responses may not be sent. */
  void streams(int number, String method, String path) throws IOException {
    RawHttp2Client client = new RawHttp2Client(port, NO_WINDOW);
    open.add(client);
    try {
      for (int i = 0; i < number; i++) {
        client.request(method, path, method.equals("GET"), Map.of());
      }
      client.flush();
    } catch (IOException closed) {
      // As it should be.
    }
  }

  /** Many requests on one connection of HTTP/1, whose responses are not read. */
  void pipelined(int number, String path) throws IOException {
    String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    write(request.repeat(number).getBytes(StandardCharsets.US_ASCII));
  }

  /** A webhook without its last byte. */
  void stalledBody(String path, int length) throws IOException {
    String head = "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n";
    byte[] start = head.formatted(path, length).getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[start.length + length - 1];
    System.arraycopy(start, 0, all, 0, start.length);
    write(all);
  }

  private void write(byte[] bytes) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    open.add(socket);
    Thread writing =
        new Thread(
            () -> {
              try {
                socket.getOutputStream().write(bytes);
              } catch (IOException closed) {
                // As it should be.
              }
            },
            "attacker");
    writing.setDaemon(true);
    writing.start();
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }
}
