package io.postflight.devstack.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * Listening sockets that are bound before the broker's configuration is written, and passed to the
 * broker when it opens its listeners. A port that is found, released and bound again may be taken
 * by another process in between, and a broker that cannot bind exits the JVM.
 */
final class PreboundSockets implements ServerSocketFactory, AutoCloseable {
  private final Map<String, ServerSocketChannel> unclaimed = new ConcurrentHashMap<>();

  /**
   * Binds a free port of the loopback address for a listener, or the preferred one if it is free.
   */
  int bind(String listener, int preferredPort) {
    ServerSocketChannel channel = null;
    try {
      channel = open(preferredPort);
      unclaimed.put(listener, channel);
      return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no port of 127.0.0.1 could be bound", e);
    }
  }

  @Override
  public ServerSocketChannel openServerSocket(
      String listener, InetSocketAddress address, int backlog, int receiveBufferSize)
      throws IOException {
    ServerSocketChannel channel = unclaimed.remove(listener);
    if (channel == null) {
      throw new IOException("listener " + listener + " has no bound socket, or was opened twice");
    }
    return channel;
  }

  /** Closes the sockets that no listener has claimed. */
  @Override
  public void close() {
    for (ServerSocketChannel channel : unclaimed.values()) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    unclaimed.clear();
  }

  private static ServerSocketChannel open(int preferredPort) throws IOException {
    if (preferredPort != 0) {
      try {
        return openAt(preferredPort);
      } catch (BindException taken) {
        // The port is in use: fall back to any free port.
      }
    }
    return openAt(0);
  }

  private static ServerSocketChannel openAt(int port) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.configureBlocking(false);
      channel.bind(
          new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }
}
