package io.postflight.devstack.cql;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * The two ports of a node. A restart uses those of the last start if they are free, so that clients
 * can reconnect.
 *
 * @param cql port for CQL
 * @param storage port between nodes
 */
public record NodePorts(int cql, int storage) {
  static NodePorts choose(CassandraSettings settings, Path lastPorts) throws IOException {
    Properties last = new Properties();
    if (Files.exists(lastPorts)) {
      try (Reader in = Files.newBufferedReader(lastPorts)) {
        last.load(in);
      }
    }
    InetAddress address = InetAddress.getByName(settings.network().address());
    int cql = choose(address, settings.network().ports().cql(), port(last, "cql"));
    int storage = choose(address, settings.network().ports().storage(), port(last, "storage"));
    NodePorts chosen = new NodePorts(cql, storage);
    chosen.save(lastPorts);
    return chosen;
  }

  private void save(Path file) throws IOException {
    Properties ports = new Properties();
    ports.setProperty("cql", Integer.toString(cql));
    ports.setProperty("storage", Integer.toString(storage));
    try (Writer out = Files.newBufferedWriter(file)) {
      ports.store(out, null);
    }
  }

  private static int choose(InetAddress address, int preferred, int last) throws IOException {
    if (preferred != 0) {
      return preferred;
    }
    if (last != 0 && isFree(address, last)) {
      return last;
    }
    try (ServerSocket socket = new ServerSocket(0, 1, address)) {
      return socket.getLocalPort();
    }
  }

  private static boolean isFree(InetAddress address, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      // As the server itself does: ignores connections of the last run in TIME_WAIT.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address, port), 1);
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  private static int port(Properties last, String name) {
    try {
      return Integer.parseInt(last.getProperty(name, "0"));
    } catch (NumberFormatException torn) {
      return 0;
    }
  }
}
