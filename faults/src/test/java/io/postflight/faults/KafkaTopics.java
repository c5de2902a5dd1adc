package io.postflight.faults;

import io.postflight.schema.topic.TopicCatalogue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What stands in topics, asked for from outside. */
final class KafkaTopics {
  private KafkaTopics() {}

  static void create(String bootstrap, Collection<TopicCatalogue.Spec> topics)
      throws ExecutionException, InterruptedException {
    try (Admin admin = admin(bootstrap)) {
      admin.createTopics(topics.stream().map(TopicCatalogue.Spec::newTopic).toList()).all().get();
    }
  }

  static Admin admin(String bootstrap) {
    return Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrap));
  }

  /** All committed records up to the present end. */
  static List<ConsumerRecord<byte[], byte[]>> read(String bootstrap, String topic) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", bootstrap);
    config.put("isolation.level", "read_committed");
    config.put("enable.auto.commit", false);
    config.put("fetch.max.wait.ms", 50);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = partitions(consumer, topic);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
      return records;
    }
  }

  /** Records of a topic that a group has not committed, markers of transactions among them. */
  static long lag(String bootstrap, String topic, String group)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, Long> committed = committed(bootstrap, group);
    return ends(bootstrap, topic).entrySet().stream()
        .mapToLong(end -> end.getValue() - committed.getOrDefault(end.getKey(), 0L))
        .sum();
  }

  /** Ends of a topic's partitions, as a reader of committed records sees them. */
  static Map<TopicPartition, Long> ends(String bootstrap, String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      return consumer.endOffsets(partitions(consumer, topic));
    }
  }

  /** What a group has committed. */
  static Map<TopicPartition, Long> committed(String bootstrap, String group)
      throws ExecutionException, InterruptedException {
    try (Admin admin = admin(bootstrap)) {
      return admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get()
          .entrySet()
          .stream()
          .filter(each -> each.getValue() != null)
          .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().offset()));
    }
  }

  private static List<TopicPartition> partitions(
      KafkaConsumer<byte[], byte[]> consumer, String topic) {
    return consumer.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .toList();
  }
}
