package io.postflight.faults;

import io.postflight.devstack.junit.TopicReader;
import io.postflight.schema.topic.DeadLetterHeaders;
import io.postflight.schema.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Inspects topics from outside. */
final class TopicInspector implements AutoCloseable {
  private final String bootstrap;
  private final Admin admin;
  private final Map<String, List<TopicPartition>> partitions = new ConcurrentHashMap<>();

  /** For a broker at an address, which may restart. */
  TopicInspector(String bootstrap) {
    this.bootstrap = bootstrap;
    this.admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrap));
  }

  void create(Collection<TopicCatalogue.Spec> topics)
      throws ExecutionException, InterruptedException {
    admin.createTopics(topics.stream().map(TopicCatalogue.Spec::newTopic).toList()).all().get();
  }

  /** All committed records up to the current end. */
  List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    try (TopicReader reader = new TopicReader(bootstrap)) {
      return reader.read(topic);
    }
  }

  /** Number of dead letters of a stage. */
  long deadLetters(String topic, String stage) {
    return read(topic).stream()
        .map(letter -> letter.headers().lastHeader(DeadLetterHeaders.STAGE))
        .filter(
            header ->
                header != null && new String(header.value(), StandardCharsets.UTF_8).equals(stage))
        .count();
  }

  /** Lag of a group, including transaction markers. */
  long lag(String topic, String group) throws ExecutionException, InterruptedException {
    Map<TopicPartition, Long> committed = committed(group);
    return ends(topic).entrySet().stream()
        .mapToLong(end -> end.getValue() - committed.getOrDefault(end.getKey(), 0L))
        .sum();
  }

  /** End offsets of a topic's partitions for read_committed consumers. */
  Map<TopicPartition, Long> ends(String topic) throws ExecutionException, InterruptedException {
    return admin
        .listOffsets(
            partitions(topic).stream()
                .collect(Collectors.toMap(each -> each, each -> OffsetSpec.latest())),
            new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
        .all()
        .get()
        .entrySet()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().offset()));
  }

  /** Committed offsets of a group. */
  Map<TopicPartition, Long> committed(String group)
      throws ExecutionException, InterruptedException {
    return admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get()
        .entrySet()
        .stream()
        .filter(each -> each.getValue() != null)
        .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().offset()));
  }

  /** Cached, since no test adds partitions. */
  private List<TopicPartition> partitions(String topic)
      throws ExecutionException, InterruptedException {
    List<TopicPartition> known = partitions.get(topic);
    if (known == null) {
      known =
          admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
              .flatMap(description -> description.partitions().stream())
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      partitions.put(topic, known);
    }
    return known;
  }

  @Override
  public void close() {
    admin.close();
  }
}
