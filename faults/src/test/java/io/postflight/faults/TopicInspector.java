package io.postflight.faults;

import io.postflight.devstack.junit.TopicReader;
import io.postflight.schema.topic.TopicCatalogue;
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

/** What stands in topics, asked for from outside. */
final class TopicInspector implements AutoCloseable {
  private final String bootstrap;
  private final Admin admin;
  private final Map<String, List<TopicPartition>> partitions = new ConcurrentHashMap<>();

  /** For a broker at an address, which may go and come back. */
  TopicInspector(String bootstrap) {
    this.bootstrap = bootstrap;
    this.admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrap));
  }

  void create(Collection<TopicCatalogue.Spec> topics)
      throws ExecutionException, InterruptedException {
    admin.createTopics(topics.stream().map(TopicCatalogue.Spec::newTopic).toList()).all().get();
  }

  /** All committed records up to the present end. */
  List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    try (TopicReader reader = new TopicReader(bootstrap)) {
      return reader.read(topic);
    }
  }

  /** Records of a topic that a group has not committed, markers of transactions among them. */
  long lag(String topic, String group) throws ExecutionException, InterruptedException {
    Map<TopicPartition, Long> committed = committed(group);
    return ends(topic).entrySet().stream()
        .mapToLong(end -> end.getValue() - committed.getOrDefault(end.getKey(), 0L))
        .sum();
  }

  /** Ends of a topic's partitions, as a reader of committed records sees them. */
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

  /** What a group has committed. */
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

  /** Asked once: no test here adds partitions. */
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
