package io.postflight.topology;

import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.PostflightAvroSerializer;
import java.util.Map;
import org.apache.avro.generic.GenericContainer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Halts the process, as kill -9 does, when the first completed message is about to be written:
 * after its state and its deadline were written to their changelogs, before its output.
 */
public final class HaltingSerializer implements Serializer<GenericContainer> {
  static final int EXIT_CODE = 137;

  private final PostflightAvroSerializer<GenericContainer> real = new PostflightAvroSerializer<>();

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    real.configure(configs, isKey);
  }

  @Override
  public byte @Nullable [] serialize(String topic, GenericContainer data) {
    if (data instanceof TierRecord record
        && record.getMessage() != null
        && record.getMessage().getListedAt() != null) {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
    return real.serialize(topic, data);
  }

  @Override
  public void close() {
    real.close();
  }
}
