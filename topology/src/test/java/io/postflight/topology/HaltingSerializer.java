package io.postflight.topology;

import io.postflight.devstack.junit.TopicReader;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.PostflightAvroSerializer;
import java.util.Map;
import org.apache.avro.generic.GenericContainer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Halts the process, as kill -9 does, when a certain record is about to be written: the first
 * completed message, after its state and its deadline were written to their changelogs; or the
 * event of the message {@value #LAST}, after events before it were written to their topic.
 */
public final class HaltingSerializer implements Serializer<GenericContainer> {
  /** Address of Kafka; if it is configured, the process halts at the event. */
  static final String SERVERS = "halt.servers";

  /** How many events were written before. */
  static final String EVENTS = "halt.events";

  static final String LAST = "last";
  static final int EXIT_CODE = 137;

  private final PostflightAvroSerializer<GenericContainer> real = new PostflightAvroSerializer<>();
  private @Nullable String servers;
  private int events;

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    real.configure(configs, isKey);
    if (configs.get(SERVERS) instanceof String given) {
      servers = given;
      events = Integer.parseInt(String.valueOf(configs.get(EVENTS)));
    }
  }

  @Override
  public byte @Nullable [] serialize(String topic, GenericContainer data) {
    if (servers == null ? isCompletion(data) : isLastEvent(data, topic, servers)) {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
    return real.serialize(topic, data);
  }

  private static boolean isCompletion(GenericContainer data) {
    return data instanceof TierRecord record
        && record.getMessage() != null
        && record.getMessage().getListedAt() != null;
  }

  /** Of the last event, awaits those before it. */
  private boolean isLastEvent(GenericContainer data, String topic, String kafka) {
    if (!(data instanceof MessageEvent event) || !LAST.equals(event.getMessageId())) {
      return false;
    }
    try (TopicReader reader = new TopicReader(kafka)) {
      while (reader.read(topic).size() < events) {
        Thread.onSpinWait();
      }
    }
    return true;
  }

  @Override
  public void close() {
    real.close();
  }
}
