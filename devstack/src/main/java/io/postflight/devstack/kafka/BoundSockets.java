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
 * Listening sockets that are bound before the broker's configuration is written, and handed to it
 * when it opens its listeners. A port that is looked up, released and bound again may be taken in
 * between, and a broker that cannot bind ends the whole JVM; a socket that stays bound cannot be
 * lost.
 */
final class BoundSockets implements ServerSocketFactory, AutoCloseable {
  private final Map<String, ServerSocketChannel> waiting = new ConcurrentHashMap<>();

  /** Binds a free port of the loopback address for a listener, or the wished one if it is free. */
  int bind(String listener, int wishedPort) {
    ServerSocketChannel channel = null;
    try {
      channel = open(wishedPort);
      waiting.put(listener, channel);
      return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no port of 127.0.0.1 could be bound", e);
    }
  }

  @Override
  public ServerSocketChannel openServerSocket(
      String listener, InetSocketAddress address, int backlog, int receiveBufferSize)
      throws IOException {
    ServerSocketChannel channel = waiting.remove(listener);
    if (channel == null) {
      throw new IOException("listener " + listener + " has no bound socket, or asks twice");
    }
    return channel;
  }

  /** Releases the sockets that were not handed over. */
  @Override
  public void close() {
    for (ServerSocketChannel channel : waiting.values()) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    waiting.clear();
  }

  private static ServerSocketChannel open(int wishedPort) throws IOException {
    if (wishedPort != 0) {
      try {
        return openAt(wishedPort);
      } catch (BindException taken) {
        // Another process has it: any free port will do.
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
