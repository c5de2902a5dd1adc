package io.postflight.sink.simulation;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.message.TierRecord;
import java.nio.ByteBuffer;

/**
 * Where a record stands, and for whom it was read. A record's bytes carry it, and a command's id,
 * so that the database knows which record it is asked to apply, though it is told the command only.
 *
 * @param partition its partition
 * @param offset its offset
 * @param stay for which stay of the partition with a task it was read
 */
public record Address(int partition, long offset, int stay) {
  private static final String SEPARATOR = "@";

  /** A record's value: its content and its address. */
  public byte[] bytes(int content) {
    return ByteBuffer.allocate(20)
        .putInt(content)
        .putInt(partition)
        .putLong(offset)
        .putInt(stay)
        .array();
  }

  /** What a record's value says. */
  public static TierRecord read(TierRecord content, byte[] value) {
    Erasure command = content.getCommand();
    if (command == null) {
      return content;
    }
    ByteBuffer bytes = ByteBuffer.wrap(value, 4, 16);
    String id = command.getId();
    for (long part : new long[] {bytes.getInt(), bytes.getLong(), bytes.getInt()}) {
      id += SEPARATOR + part;
    }
    return TierRecord.newBuilder(content)
        .setCommand(Erasure.newBuilder(command).setId(id).build())
        .build();
  }

  /** The address that a command carries. */
  static Address of(Erasure command) {
    String[] parts = command.getId().split(SEPARATOR, -1);
    return new Address(
        Integer.parseInt(parts[1]), Long.parseLong(parts[2]), Integer.parseInt(parts[3]));
  }

  /** Which content a record's value tells of. */
  public static int content(byte[] value) {
    return ByteBuffer.wrap(value).getInt();
  }
}
