package io.postflight.bench.sink;

import io.postflight.settings.DeploymentSettings;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Consumers of the tier's topic that commit nothing by themselves. */
final class PlainKafka {
  private PlainKafka() {}

  static Map<String, Object> consumer(DeploymentSettings settings) {
    Map<String, Object> config = new HashMap<>(settings.kafka().clientProperties());
    config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.sinkId());
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    return config;
  }

  static KafkaConsumer<byte[], byte[]> open(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
