package io.postflight.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Sends requests byte for byte, since clients normalize targets. */
final class RawConnection implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final int port;
  private Socket socket;
  private InputStream in;

  RawConnection(int port) {
    this.port = port;
    try {
      socket = connected(port);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  record RawResponse(int status, String head, String body) {
    JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (IOException notJson) {
        throw new UncheckedIOException("not JSON: " + body, notJson);
      }
    }
  }

  /** One request without a body. */
  RawResponse send(String method, String target, String key) {
    return exchange(
        method
            + ' '
            + target
            + " HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer "
            + key
            + "\r\n\r\n");
  }

  /** Sends bytes, each the low half of a character; returns the next response. */
  RawResponse exchange(String request) {
    try {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return answer();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private RawResponse answer() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    String head = "";
    while (!head.endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the connection ended within the answer: " + head);
      }
      bytes.write(next);
      head = bytes.toString(StandardCharsets.ISO_8859_1);
    }
    int length = 0;
    for (String line : head.toLowerCase(Locale.ROOT).split("\r\n")) {
      if (line.startsWith("content-length:")) {
        length = Integer.parseInt(line.substring("content-length:".length()).strip());
      }
    }
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    if (head.toLowerCase(Locale.ROOT).contains("connection: close")) {
      close();
      socket = connected(port);
      in = new BufferedInputStream(socket.getInputStream());
    }
    return new RawResponse(Integer.parseInt(head.substring(9, 12)), head, body);
  }

  private static Socket connected(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
