package io.postflight.sink.simulation;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.message.TierRecord;
import java.nio.ByteBuffer;

/**
 * Partition and offset of a record, and the assignment for which it was read. A record's bytes and
 * a command's id contain it, so that the simulated database knows which record a command stems
 * from.
 *
 * @param partition its partition
 * @param offset its offset
 * @param assignment number of the assignment for which it was read
 */
public record RecordAddress(int partition, long offset, int assignment) {
  private static final String SEPARATOR = "@";

  /** A record's value: its content and its address. */
  public byte[] bytes(int content) {
    return ByteBuffer.allocate(20)
        .putInt(content)
        .putInt(partition)
        .putLong(offset)
        .putInt(assignment)
        .array();
  }

  /** Decodes a record's value. */
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
  static RecordAddress of(Erasure command) {
    String[] parts = command.getId().split(SEPARATOR, -1);
    return new RecordAddress(
        Integer.parseInt(parts[1]), Long.parseLong(parts[2]), Integer.parseInt(parts[3]));
  }

  /** Number of the content of a record's value. */
  public static int content(byte[] value) {
    return ByteBuffer.wrap(value).getInt();
  }
}
