package io.postflight.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.store.Rows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringSerializer;

/** A tier's topic on a real broker, written in transactions as by the topology. */
public final class TierTopic implements AutoCloseable {
  private static final int PARTITIONS = 4;

  public final String name = SharedServers.uniqueName("store");
  public final String deadLetters = name + ".dead";
  public final String group = name + "-sink";
  public final Serde<TierRecord> serde = AvroSerdes.mock("sink-tests").value(TierRecord.class);
  private final Admin admin = SharedServers.kafka().admin();
  private final Producer<String, byte[]> producer;

  public TierTopic() {
    SharedServers.kafka()
        .createTopics(
            new NewTopic(name, PARTITIONS, (short) 1), new NewTopic(deadLetters, 1, (short) 1));
    Properties config = new Properties();
    config.put("bootstrap.servers", SharedServers.kafka().bootstrapServers());
    config.put("transactional.id", name);
    producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
    producer.initTransactions();
  }

  /** Writes delivered messages of some users, in transactions of up to a hundred. */
  public void produce(CommitOracle oracle, int from, int to, int users) throws Exception {
    synchronized (oracle) {
      for (int begin = from; begin < to; begin += 100) {
        producer.beginTransaction();
        Map<TierRecord, Future<RecordMetadata>> sent = new HashMap<>();
        for (int i = begin; i < Math.min(begin + 100, to); i++) {
          String user = "u" + i % users;
          TierRecord record = Fixtures.delivered(user, "m" + i);
          sent.put(record, send(Fixtures.TENANT + '|' + user, bytes(record)));
        }
        producer.commitTransaction();
        for (Map.Entry<TierRecord, Future<RecordMetadata>> each : sent.entrySet()) {
          RecordMetadata at = each.getValue().get();
          oracle.produced(
              new TopicPartition(name, at.partition()),
              at.offset(),
              Rows.of(each.getKey(), Fixtures.TIER));
        }
      }
    }
  }

  /** Writes values as they are. */
  public List<RecordMetadata> produce(List<ProducerRecord<String, byte[]>> records)
      throws Exception {
    producer.beginTransaction();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (ProducerRecord<String, byte[]> record : records) {
      sent.add(producer.send(record));
    }
    producer.commitTransaction();
    List<RecordMetadata> at = new ArrayList<>();
    for (Future<RecordMetadata> each : sent) {
      at.add(each.get());
    }
    return at;
  }

  public byte[] bytes(TierRecord record) {
    return serde.serializer().serialize(name, record);
  }

  private Future<RecordMetadata> send(String key, byte[] value) {
    return producer.send(new ProducerRecord<>(name, key, value));
  }

  /** Committed offsets of the sink's group. */
  public Map<TopicPartition, Long> committed() throws ExecutionException, InterruptedException {
    return admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get()
        .entrySet()
        .stream()
        .filter(each -> each.getValue() != null)
        .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().offset()));
  }

  /** End offsets of all partitions that are not empty. */
  public Map<TopicPartition, Long> ends() throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> all = new HashMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      all.put(new TopicPartition(name, partition), OffsetSpec.latest());
    }
    return admin.listOffsets(all).all().get().entrySet().stream()
        .filter(each -> each.getValue().offset() > 0)
        .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().offset()));
  }

  /** End offset of the only partition of another topic. */
  public long ends(String other) throws ExecutionException, InterruptedException {
    TopicPartition partition = new TopicPartition(other, 0);
    return admin
        .listOffsets(Map.of(partition, OffsetSpec.latest()))
        .partitionResult(partition)
        .get()
        .offset();
  }

  public void assertAllCommitted() throws ExecutionException, InterruptedException {
    assertThat(committed()).containsAllEntriesOf(ends());
  }

  @Override
  public void close() {
    producer.close();
  }
}
