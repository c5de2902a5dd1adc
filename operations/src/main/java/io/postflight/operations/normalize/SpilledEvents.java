package io.postflight.operations.normalize;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Sorts more events than fit into memory by their time of arrival: a bucket sort in temporary
 * files. A file that is larger than a limit is distributed over files of shorter ranges of time,
 * until one fits or all of its events arrived in the same millisecond. Each event is written once
 * per level, of which there are few: a level divides the range by {@value #FAN_OUT}.
 *
 * <p>The files have no name in the file system where it allows that, so that nothing remains of
 * them if the process is killed. Not thread-safe.
 */
final class SpilledEvents implements AutoCloseable {
  /** Bytes of events that are held in memory at a time; as objects they take several times that. */
  static final long IN_MEMORY_BYTES = 16 << 20;

  private static final int FAN_OUT = 16;
  private static final int BUFFER = 1 << 16;

  private final long limit;
  private final FileChannel file;
  private final DataOutputStream out;
  private long bytes;
  private long count;
  private long first = Long.MAX_VALUE;
  private long last = Long.MIN_VALUE;

  /** Receives all events of a range of time, in the order in which they were added. */
  interface RangeListener {
    void range(List<ComparedEvent> events) throws IOException, InterruptedException;
  }

  /**
   * Creates an empty file.
   *
   * @param limit bytes of events that are held in memory
   */
  SpilledEvents(long limit) throws IOException {
    this.limit = limit;
    Path path = Files.createTempFile("postflight-events-", ".tmp");
    file =
        FileChannel.open(
            path,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(file), BUFFER));
  }

  void add(ComparedEvent event) throws IOException {
    add(event.event().getReceivedAt(), event.encoded());
  }

  private void add(long receivedAt, byte[] event) throws IOException {
    out.writeLong(receivedAt);
    out.writeInt(event.length);
    out.write(event);
    bytes += event.length;
    count++;
    first = Math.min(first, receivedAt);
    last = Math.max(last, receivedAt);
  }

  /** The number of events. */
  long count() {
    return count;
  }

  /** Passes on all events, range by range in the order of time, and closes the file. */
  void drain(RangeListener listener) throws IOException, InterruptedException {
    if (bytes <= limit || first == last) {
      List<ComparedEvent> events = new ArrayList<>();
      forEach((receivedAt, event) -> events.add(ComparedEvent.decoded(event)));
      close();
      listener.range(events);
      return;
    }
    List<SpilledEvents> parts = new ArrayList<>();
    try {
      long width = (last - first) / FAN_OUT + 1;
      for (int i = 0; i < FAN_OUT; i++) {
        parts.add(new SpilledEvents(limit));
      }
      forEach(
          (receivedAt, event) ->
              parts.get((int) ((receivedAt - first) / width)).add(receivedAt, event));
      close();
      for (SpilledEvents part : parts) {
        part.drain(listener);
      }
    } finally {
      for (SpilledEvents part : parts) {
        part.close();
      }
    }
  }

  private interface EncodedEventListener {
    void event(long receivedAt, byte[] event) throws IOException;
  }

  private void forEach(EncodedEventListener each) throws IOException {
    out.flush();
    file.position(0);
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(Channels.newInputStream(file), BUFFER));
    for (long left = count; left > 0; left--) {
      long receivedAt = in.readLong();
      byte[] event = new byte[in.readInt()];
      in.readFully(event);
      each.event(receivedAt, event);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
