package io.postflight.devstack.cql;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Sends a CQL server an OPTIONS request: the first request that it answers once it is ready. */
final class ReadyProbe {
  /** CQL v4 request, no flags, stream 0, OPTIONS, empty body. */
  private static final byte[] OPTIONS = {4, 0, 0, 0, 5, 0, 0, 0, 0};

  private static final int OPCODE_INDEX = 4;
  private static final int SUPPORTED = 6;
  private static final int TIMEOUT_MILLIS = 1_000;

  private ReadyProbe() {}

  static boolean answers(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address, TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write(OPTIONS);
      byte[] header = socket.getInputStream().readNBytes(OPTIONS.length);
      return header.length == OPTIONS.length && header[OPCODE_INDEX] == SUPPORTED;
    } catch (IOException notYet) {
      return false;
    }
  }
}
