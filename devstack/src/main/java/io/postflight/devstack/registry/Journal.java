package io.postflight.devstack.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An append-only file of JSON lines, synced to disk before an append returns.
 *
 * <p>A crash can leave an incomplete last line. It was never acknowledged, so it is truncated when
 * the journal is opened. Any other invalid line means that the file is corrupt, and is an error.
 */
final class Journal implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Journal.class);

  private final JsonMapper json;
  private final FileChannel channel;
  private final List<JsonNode> entries;

  private Journal(JsonMapper json, FileChannel channel, List<JsonNode> entries) {
    this.json = json;
    this.channel = channel;
    this.entries = entries;
  }

  static Journal open(Path file, JsonMapper json) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    List<JsonNode> entries = new ArrayList<>();
    int start = 0;
    for (int end = indexOfNewline(bytes, start); end >= 0; end = indexOfNewline(bytes, start)) {
      String line = new String(bytes, start, end - start, StandardCharsets.UTF_8);
      try {
        entries.add(json.readTree(line));
      } catch (IOException damaged) {
        if (indexOfNewline(bytes, end + 1) >= 0) {
          throw new IOException(
              "line " + (entries.size() + 1) + " of " + file + " is damaged", damaged);
        }
        break;
      }
      start = end + 1;
    }
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (start < bytes.length) {
      log.warn("truncating {} bytes of an incomplete line of {}", bytes.length - start, file);
      channel.truncate(start);
      channel.force(true);
    }
    channel.position(start);
    return new Journal(json, channel, entries);
  }

  /** The entries of the journal when it was opened. */
  List<JsonNode> entries() {
    return entries;
  }

  void append(JsonNode entry) throws IOException {
    long before = channel.position();
    ByteBuffer line =
        ByteBuffer.wrap((json.writeValueAsString(entry) + '\n').getBytes(StandardCharsets.UTF_8));
    try {
      while (line.hasRemaining()) {
        channel.write(line);
      }
      channel.force(false);
    } catch (IOException e) {
      // An incomplete line must not precede the next one.
      channel.truncate(before);
      channel.position(before);
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static int indexOfNewline(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    return -1;
  }
}
