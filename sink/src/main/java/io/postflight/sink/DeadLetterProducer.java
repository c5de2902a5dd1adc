package io.postflight.sink;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** Configuration of the producer of dead letters. */
final class DeadLetterProducer {
  /** A dead letter may be as large as the largest record, with a few headers more. */
  private static final int MAX_REQUEST_BYTES = 8 << 20;

  private DeadLetterProducer() {}

  static Map<String, Object> config(Properties streams, String sink) {
    Map<String, Object> config =
        new HashMap<>(
            new StreamsConfig(streams).getProducerConfigs("sink-" + sink + "-dead-letters"));
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    return config;
  }
}
