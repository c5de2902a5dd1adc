package io.postflight.bench.topology;

import io.postflight.bench.process.RoundMeter;
import io.postflight.bench.process.Variant;
import io.postflight.bench.workload.BenchTenants;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.topic.TopicLog;
import io.postflight.schema.topic.Topics;
import io.postflight.settings.DeploymentSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;

/**
 * The ceiling: a transactional loop that consumes the webhooks and produces the records that the
 * topology made of them in an earlier run, each decoded and encoded once. It neither parses a
 * webhook nor keeps state.
 */
final class PlainLoop implements Variant<TopologyRound, RoundMeter.Usage> {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** A record that the topology has produced. */
  private record Output(
      String topic, ProducerRecord<byte[], byte[]> record, Serde<? extends SpecificRecord> serde) {}

  @Override
  public RoundMeter.Usage run(TopologyRound round) {
    DeploymentSettings settings = round.deployment().settings();
    List<Output> outputs = outputs(round);
    RoundMeter meter = new RoundMeter(round.servers());
    long commitNanos = settings.topology().streams().commitInterval().toNanos();
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(settings);
        KafkaProducer<byte[], byte[]> producer = producer(settings)) {
      producer.initTransactions();
      consumer.subscribe(List.of(settings.kafka().topics().rawWebhooks()));
      long consumed = 0;
      int produced = 0;
      while (consumed < round.webhooks()) {
        producer.beginTransaction();
        long commitAt = System.nanoTime() + commitNanos;
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        while (System.nanoTime() < commitAt && consumed < round.webhooks()) {
          ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
          if (records.isEmpty()) {
            continue;
          }
          meter.begin();
          consumed += records.count();
          offsets.putAll(records.nextOffsets());
          long due = consumed * outputs.size() / round.webhooks();
          for (; produced < due; produced++) {
            send(outputs.get(produced), producer);
          }
        }
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        producer.commitTransaction();
      }
      return meter.end();
    }
  }

  private static void send(Output output, KafkaProducer<byte[], byte[]> producer) {
    ProducerRecord<byte[], byte[]> record = output.record();
    byte[] value = recode(output.serde(), output.topic(), record.value());
    // The commit of a transaction with a failed send fails.
    Future<RecordMetadata> unused =
        producer.send(new ProducerRecord<>(output.topic(), record.key(), value));
  }

  private static <T extends SpecificRecord> byte[] recode(
      Serde<T> serde, String topic, byte[] value) {
    return serde.serializer().serialize(topic, serde.deserializer().deserialize(topic, value));
  }

  /** What the topology made of the same webhooks, the topics mixed. */
  private static List<Output> outputs(TopologyRound round) {
    DeploymentSettings reference = round.reference().settings();
    Topics from = reference.kafka().topics();
    Topics to = round.deployment().settings().kafka().topics();
    AvroSerdes serdes = AvroSerdes.of(reference.registry().serdeProperties());
    List<Output> outputs = new ArrayList<>();
    try (TopicLog log = TopicLog.open(reference.kafka().clientProperties(), TIMEOUT)) {
      read(log, from.events(), to.events(), serdes.value(MessageEvent.class), outputs);
      read(
          log,
          from.store(BenchTenants.TIER),
          to.store(BenchTenants.TIER),
          serdes.value(TierRecord.class),
          outputs);
      read(log, from.postflight(), to.postflight(), serdes.value(MessageRevision.class), outputs);
    }
    Collections.shuffle(outputs, new Random(round.events()));
    return outputs;
  }

  private static void read(
      TopicLog log,
      String from,
      String to,
      Serde<? extends SpecificRecord> serde,
      List<Output> outputs) {
    log.seek(log.ranges(log.partitions(from), 0, Long.MAX_VALUE));
    log.readToEnd(
        record ->
            outputs.add(
                new Output(to, new ProducerRecord<>(to, record.key(), record.value()), serde)));
  }

  private static KafkaConsumer<byte[], byte[]> consumer(DeploymentSettings settings) {
    Map<String, Object> config = new HashMap<>(settings.kafka().clientProperties());
    config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.normalizerId());
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static KafkaProducer<byte[], byte[]> producer(DeploymentSettings settings) {
    Map<String, Object> config = new HashMap<>(settings.kafka().clientProperties());
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.normalizerId());
    config.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    config.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
