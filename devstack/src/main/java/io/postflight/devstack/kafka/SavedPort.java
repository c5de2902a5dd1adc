package io.postflight.devstack.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The client port of a broker's last start, saved in its data directory.
 *
 * <p>A restart on another port loses transaction markers (Kafka 4.3.1). A transaction coordinator
 * that was killed between the decision to commit and the markers sends them after it has loaded, to
 * the address of the broker's last registration. If the connection is refused, it looks up the
 * partition's leader again, and while the broker registers again a partition has none; {@code
 * KRaftMetadataCache.getPartitionLeaderEndpoint} returns the same result as for a deleted topic, so
 * the marker is skipped and the transaction is declared complete. The offsets of the transaction
 * then stay pending indefinitely, and no consumer of the group can start. On the same port the
 * socket is bound before the broker starts, and the markers are queued in it until requests are
 * served.
 */
final class SavedPort {
  private static final String FILE = "postflight.port";
  private static final int LARGEST = 65535;

  private SavedPort() {}

  /** The port of the last start; 0 if there is none. */
  static int of(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      return 0;
    }
    try {
      int port = Integer.parseInt(Files.readString(file).strip());
      return port > 0 && port <= LARGEST ? port : 0;
    } catch (NumberFormatException torn) {
      return 0;
    }
  }

  /** Saves the port for the next start. */
  static void save(Path directory, int port) throws IOException {
    Files.writeString(directory.resolve(FILE), Integer.toString(port));
  }
}
