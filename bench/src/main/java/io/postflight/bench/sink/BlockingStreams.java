package io.postflight.bench.sink;

import io.postflight.bench.process.RoundMeter;
import io.postflight.bench.process.Variant;
import io.postflight.settings.DeploymentSettings;
import io.postflight.store.Row;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;

/**
 * Kafka Streams as it is first written: {@code foreach} with a blocking {@code execute} per row,
 * and as many threads as the sink has.
 */
final class BlockingStreams implements Variant<SinkRound, SinkResult> {
  private static final Duration CLOSE = Duration.ofSeconds(20);

  @Override
  public SinkResult run(SinkRound round) throws InterruptedException {
    DeploymentSettings settings = round.deployment().settings();
    RoundMeter meter = new RoundMeter(round.servers());
    AtomicLong left = new AtomicLong(round.records());
    CountDownLatch done = new CountDownLatch(1);
    try (PlainStore store = PlainStore.open(settings, meter)) {
      StreamsBuilder builder = new StreamsBuilder();
      builder.stream(
              PlainStore.topic(settings), Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
          .foreach(
              (key, value) -> {
                for (Row row : store.rows(value)) {
                  store.execute(store.bind(row));
                }
                if (left.decrementAndGet() == 0) {
                  done.countDown();
                }
              });
      try (KafkaStreams streams = new KafkaStreams(builder.build(), config(settings, round))) {
        streams.start();
        done.await();
        SinkResult result = store.end();
        streams.close(CLOSE);
        return result;
      }
    }
  }

  private static Properties config(DeploymentSettings settings, SinkRound round) {
    Properties config = new Properties();
    config.putAll(settings.kafka().clientProperties());
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.sinkId());
    config.put(StreamsConfig.STATE_DIR_CONFIG, round.deployment().directory());
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.sink().threads());
    config.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
    config.put(StreamsConfig.consumerPrefix("isolation.level"), "read_committed");
    return config;
  }
}
