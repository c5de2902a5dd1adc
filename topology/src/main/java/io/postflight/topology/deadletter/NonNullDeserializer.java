package io.postflight.topology.deadletter;

import io.postflight.schema.serde.PoisonRecordException;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Rejects a record without a value. The topics contain no tombstones, so such a record is an error
 * of its producer; {@link DeadLetterExceptionHandler} preserves its key and headers.
 */
public final class NonNullDeserializer<T> implements Deserializer<T> {
  private final Deserializer<T> values;

  /**
   * @param values deserializes non-null values; closed with this deserializer
   */
  public NonNullDeserializer(Deserializer<T> values) {
    this.values = values;
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    values.configure(configs, isKey);
  }

  @Override
  public T deserialize(String topic, byte[] value) {
    return values.deserialize(topic, present(value));
  }

  @Override
  public T deserialize(String topic, Headers headers, byte[] value) {
    return values.deserialize(topic, headers, present(value));
  }

  private static byte[] present(byte[] value) {
    if (value == null) {
      throw new PoisonRecordException("the record has no value");
    }
    return value;
  }

  @Override
  public void close() {
    values.close();
  }
}
