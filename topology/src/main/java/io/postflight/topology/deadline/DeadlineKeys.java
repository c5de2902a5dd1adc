package io.postflight.topology.deadline;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;

/**
 * Keys of the deadline index: the deadline in 8 bytes, big-endian, then the life's key in UTF-8.
 * Deadlines are not negative, so that the order of the bytes is the order of time.
 */
final class DeadlineKeys {
  private static final int TIME = Long.BYTES;

  private DeadlineKeys() {}

  static Bytes of(long deadlineMillis, String lifeKey) {
    byte[] key = lifeKey.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(TIME + key.length);
    bytes.putLong(Math.max(0, deadlineMillis)).put(key);
    return Bytes.wrap(bytes.array());
  }

  /** Before every key of this deadline, after every key of an earlier one. */
  static Bytes floor(long deadlineMillis) {
    return Bytes.wrap(ByteBuffer.allocate(TIME).putLong(Math.max(0, deadlineMillis)).array());
  }

  static long deadline(Bytes key) {
    return ByteBuffer.wrap(key.get()).getLong();
  }

  static String lifeKey(Bytes key) {
    byte[] bytes = key.get();
    return new String(Arrays.copyOfRange(bytes, TIME, bytes.length), StandardCharsets.UTF_8);
  }
}
