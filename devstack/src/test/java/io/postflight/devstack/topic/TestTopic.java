package io.postflight.devstack.topic;

import io.postflight.devstack.junit.SharedServers;
import io.postflight.devstack.kafka.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;

/** A topic of one test. */
record TestTopic(EmbeddedKafka broker, String name) {
  static TestTopic named(String prefix) {
    return new TestTopic(SharedServers.kafka(), SharedServers.uniqueName(prefix));
  }

  Map<String, Object> client() {
    return Map.of("bootstrap.servers", broker.bootstrapServers());
  }

  TestTopic create(int partitions) throws Exception {
    try (Admin admin = Admin.create(client())) {
      admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
    }
    return this;
  }

  TestTopic delete() throws Exception {
    try (Admin admin = Admin.create(client())) {
      admin.deleteTopics(List.of(name)).all().get();
    }
    return this;
  }

  TopicPartition partition(int number) {
    return new TopicPartition(name, number);
  }

  void append(String... values) throws Exception {
    append(0, values);
  }

  void append(int partition, String... values) throws Exception {
    try (KafkaProducer<String, String> producer = producer(Map.of())) {
      send(producer, partition, values);
    }
  }

  /** Appends values in a transaction; its marker is there when this returns. */
  void appendInTransaction(int partition, boolean commit, String... values) throws Exception {
    Map<String, Object> transactional = Map.of("transactional.id", UUID.randomUUID().toString());
    try (KafkaProducer<String, String> producer = producer(transactional)) {
      producer.initTransactions();
      producer.beginTransaction();
      send(producer, partition, values);
      if (commit) {
        producer.commitTransaction();
      } else {
        producer.abortTransaction();
      }
    }
    try (KafkaProducer<String, String> successor = producer(transactional)) {
      successor.initTransactions(); // awaits the markers
    }
  }

  private KafkaProducer<String, String> producer(Map<String, Object> settings) {
    Map<String, Object> config = new HashMap<>(client());
    config.putAll(settings);
    return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
  }

  private void send(KafkaProducer<String, String> producer, int partition, String... values)
      throws Exception {
    for (String value : values) {
      producer.send(new ProducerRecord<>(name, partition, null, value)).get();
    }
  }

  static String value(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.value(), StandardCharsets.UTF_8);
  }
}
