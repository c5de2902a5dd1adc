package io.postflight.devstack.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The client port of a broker's last start, kept beside its data.
 *
 * <p>A restart on another port loses transaction markers (Kafka 4.3.1). Killed between the decision
 * to commit and the markers, the transaction coordinator sends them once it has loaded, to the
 * address of the broker's last registration. Refused there, it asks again for the partition's
 * leader, and while the broker registers anew a partition has none; {@code
 * KRaftMetadataCache.getPartitionLeaderEndpoint} answers that as it does for a deleted topic, so
 * the marker is skipped and the transaction declared complete. The offsets it was to commit then
 * stay pending for ever, and no consumer of the group can start. On the old port the socket is
 * bound before the broker starts, and the markers wait in it until requests are served.
 */
final class KeptPort {
  private static final String FILE = "postflight.port";
  private static final int LARGEST = 65535;

  private KeptPort() {}

  /** The port of the last start; 0 when there was none. */
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

  /** Keeps the port for the next start. */
  static void keep(Path directory, int port) throws IOException {
    Files.writeString(directory.resolve(FILE), Integer.toString(port));
  }
}
