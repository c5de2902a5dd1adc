package io.postflight.sink.write;

import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A record as it was read, with all that a dead letter has to keep.
 *
 * @param topic its topic
 * @param partition its partition
 * @param offset its offset
 * @param key its key's bytes
 * @param value its value's bytes
 * @param headers its headers
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record SourceRecord(
    String topic,
    int partition,
    long offset,
    byte @Nullable [] key,
    byte @Nullable [] value,
    Headers headers) {
  /** Size of its value. */
  int size() {
    return value == null ? 0 : value.length;
  }

  /** Its topic, partition and offset, human-readable. */
  String describe() {
    return topic + '-' + partition + '@' + offset;
  }
}
