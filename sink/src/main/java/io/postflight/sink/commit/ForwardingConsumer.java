package io.postflight.sink.commit;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.KafkaMetric;

/**
 * Passes everything on to another consumer except polling and committing, which are left to the
 * subclass to decide about.
 */
abstract class ForwardingConsumer implements Consumer<byte[], byte[]> {
  private final Consumer<byte[], byte[]> inner;

  ForwardingConsumer(Consumer<byte[], byte[]> inner) {
    this.inner = inner;
  }

  @Override
  public Set<TopicPartition> assignment() {
    return inner.assignment();
  }

  @Override
  public Set<String> subscription() {
    return inner.subscription();
  }

  @Override
  public void subscribe(Collection<String> topics) {
    inner.subscribe(topics);
  }

  @Override
  public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
    inner.subscribe(topics, listener);
  }

  @Override
  public void assign(Collection<TopicPartition> partitions) {
    inner.assign(partitions);
  }

  @Override
  public void subscribe(Pattern pattern, ConsumerRebalanceListener listener) {
    inner.subscribe(pattern, listener);
  }

  @Override
  public void subscribe(Pattern pattern) {
    inner.subscribe(pattern);
  }

  @Override
  public void subscribe(SubscriptionPattern pattern, ConsumerRebalanceListener listener) {
    inner.subscribe(pattern, listener);
  }

  @Override
  public void subscribe(SubscriptionPattern pattern) {
    inner.subscribe(pattern);
  }

  @Override
  public void unsubscribe() {
    inner.unsubscribe();
  }

  @Override
  public void registerMetricForSubscription(KafkaMetric metric) {
    inner.registerMetricForSubscription(metric);
  }

  @Override
  public void unregisterMetricFromSubscription(KafkaMetric metric) {
    inner.unregisterMetricFromSubscription(metric);
  }

  @Override
  public void seek(TopicPartition partition, long offset) {
    inner.seek(partition, offset);
  }

  @Override
  public void seek(TopicPartition partition, OffsetAndMetadata offset) {
    inner.seek(partition, offset);
  }

  @Override
  public void seekToBeginning(Collection<TopicPartition> partitions) {
    inner.seekToBeginning(partitions);
  }

  @Override
  public void seekToEnd(Collection<TopicPartition> partitions) {
    inner.seekToEnd(partitions);
  }

  @Override
  public long position(TopicPartition partition) {
    return inner.position(partition);
  }

  @Override
  public long position(TopicPartition partition, Duration timeout) {
    return inner.position(partition, timeout);
  }

  @Override
  public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
    return inner.committed(partitions);
  }

  @Override
  public Map<TopicPartition, OffsetAndMetadata> committed(
      Set<TopicPartition> partitions, Duration timeout) {
    return inner.committed(partitions, timeout);
  }

  @Override
  public Uuid clientInstanceId(Duration timeout) {
    return inner.clientInstanceId(timeout);
  }

  @Override
  public Map<MetricName, ? extends Metric> metrics() {
    return inner.metrics();
  }

  @Override
  public List<PartitionInfo> partitionsFor(String topic) {
    return inner.partitionsFor(topic);
  }

  @Override
  public List<PartitionInfo> partitionsFor(String topic, Duration timeout) {
    return inner.partitionsFor(topic, timeout);
  }

  @Override
  public Map<String, List<PartitionInfo>> listTopics() {
    return inner.listTopics();
  }

  @Override
  public Map<String, List<PartitionInfo>> listTopics(Duration timeout) {
    return inner.listTopics(timeout);
  }

  @Override
  public Set<TopicPartition> paused() {
    return inner.paused();
  }

  @Override
  public void pause(Collection<TopicPartition> partitions) {
    inner.pause(partitions);
  }

  @Override
  public void resume(Collection<TopicPartition> partitions) {
    inner.resume(partitions);
  }

  @Override
  public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> times) {
    return inner.offsetsForTimes(times);
  }

  @Override
  public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
      Map<TopicPartition, Long> times, Duration timeout) {
    return inner.offsetsForTimes(times, timeout);
  }

  @Override
  public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
    return inner.beginningOffsets(partitions);
  }

  @Override
  public Map<TopicPartition, Long> beginningOffsets(
      Collection<TopicPartition> partitions, Duration timeout) {
    return inner.beginningOffsets(partitions, timeout);
  }

  @Override
  public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
    return inner.endOffsets(partitions);
  }

  @Override
  public Map<TopicPartition, Long> endOffsets(
      Collection<TopicPartition> partitions, Duration timeout) {
    return inner.endOffsets(partitions, timeout);
  }

  @Override
  public OptionalLong currentLag(TopicPartition partition) {
    return inner.currentLag(partition);
  }

  @Override
  public ConsumerGroupMetadata groupMetadata() {
    return inner.groupMetadata();
  }

  @Override
  public void enforceRebalance() {
    inner.enforceRebalance();
  }

  @Override
  public void enforceRebalance(String reason) {
    inner.enforceRebalance(reason);
  }

  @Override
  public void close() {
    inner.close();
  }

  @Deprecated
  @Override
  public void close(Duration timeout) {
    inner.close(timeout);
  }

  @Override
  public void close(CloseOptions options) {
    inner.close(options);
  }

  @Override
  public void wakeup() {
    inner.wakeup();
  }
}
