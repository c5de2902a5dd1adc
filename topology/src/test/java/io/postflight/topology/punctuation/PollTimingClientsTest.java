package io.postflight.topology.punctuation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.devstack.junit.SharedServers;
import io.postflight.topology.punctuation.PollTimingClients.PollPlan;
import io.postflight.topology.runtime.CommitPacing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;

class PollTimingClientsTest {
  private static final Duration TIMEOUT = Duration.ofMillis(100);

  @Test
  void a_poll_right_after_the_last_one_gathers_input_for_5_ms_of_its_timeout() {
    assertThat(PollPlan.of(TIMEOUT, Duration.ZERO, () -> false))
        .isEqualTo(new PollPlan(Duration.ofMillis(5), Duration.ofMillis(95)));
  }

  @Test
  void time_since_the_last_poll_counts() {
    assertThat(PollPlan.of(TIMEOUT, Duration.ofMillis(3), () -> false))
        .isEqualTo(new PollPlan(Duration.ofMillis(2), Duration.ofMillis(98)));
  }

  @Test
  void after_5_ms_a_poll_does_not_gather() {
    PollPlan atOnce = new PollPlan(Duration.ZERO, TIMEOUT);

    assertThat(PollPlan.of(TIMEOUT, Duration.ofMillis(5), () -> false)).isEqualTo(atOnce);
    assertThat(PollPlan.of(TIMEOUT, Duration.ofMinutes(1), () -> false)).isEqualTo(atOnce);
  }

  @Test
  void a_poll_does_not_gather_while_input_is_queued() {
    assertThat(PollPlan.of(TIMEOUT, Duration.ZERO, () -> true))
        .isEqualTo(new PollPlan(Duration.ZERO, TIMEOUT));
  }

  @Test
  void gathering_takes_no_longer_than_the_timeout() {
    assertThat(PollPlan.of(Duration.ofMillis(2), Duration.ZERO, () -> false))
        .isEqualTo(new PollPlan(Duration.ofMillis(2), Duration.ZERO));
  }

  @Test
  void a_poll_without_timeout_returns_at_once() {
    assertThat(PollPlan.of(Duration.ZERO, Duration.ZERO, () -> false))
        .isEqualTo(new PollPlan(Duration.ZERO, Duration.ZERO));
  }

  /** A poll of one record leaves the second queued; nothing else would end the producer's batch. */
  @Test
  void what_a_producer_holds_back_is_sent_once_no_input_is_queued() throws Exception {
    String input = SharedServers.uniqueName("input");
    String output = SharedServers.uniqueName("output");
    SharedServers.kafka()
        .createTopics(new NewTopic(input, 1, (short) 1), new NewTopic(output, 1, (short) 1));
    TopicPartition partition = new TopicPartition(input, 0);
    String servers = SharedServers.kafka().bootstrapServers();
    PollTimingClients clients =
        new PollTimingClients(
            new PunctuationBudget(System::nanoTime), new CommitPacing(System::nanoTime));
    try (Producer<byte[], byte[]> producer =
            clients.getProducer(
                Map.of(
                    CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                    servers,
                    ProducerConfig.LINGER_MS_CONFIG,
                    60_000));
        Consumer<byte[], byte[]> consumer =
            clients.getConsumer(
                Map.of(
                    CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                    servers,
                    ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                    1,
                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                    "earliest",
                    ConsumerConfig.GROUP_ID_CONFIG,
                    input))) {
      List<Future<RecordMetadata>> inputs =
          List.of(producer.send(record(input)), producer.send(record(input)));
      producer.flush();
      assertThat(inputs).allMatch(Future::isDone);
      consumer.assign(List.of(partition));
      while (consumer.position(partition) == 0) {
        consumer.poll(TIMEOUT);
      }

      Future<RecordMetadata> sent = producer.send(record(output));
      consumer.poll(TIMEOUT);
      assertThat(sent).as("while the second record is queued").isNotDone();

      consumer.poll(Duration.ZERO);
      assertThat(sent).as("once the input is read").isDone();
    }
  }

  /** The clock of the pacing stands still but for what the commits are given to take. */
  @Test
  void a_transaction_is_a_commit_from_its_flush_to_the_next_poll() {
    String output = SharedServers.uniqueName("output");
    SharedServers.kafka().createTopics(new NewTopic(output, 1, (short) 1));
    AtomicLong nanos = new AtomicLong();
    CommitPacing commits = new CommitPacing(nanos::get);
    MockProcessorContext<String, String> context = new MockProcessorContext<>();
    Processor<String, String, String, String> processor = commits.around(each -> {});
    processor.init(context);
    PollTimingClients clients =
        new PollTimingClients(new PunctuationBudget(System::nanoTime), commits);
    try (Producer<byte[], byte[]> producer =
        clients.getProducer(
            Map.of(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                SharedServers.kafka().bootstrapServers(),
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                output))) {
      producer.initTransactions();
      producer.beginTransaction();
      Future<RecordMetadata> sent = producer.send(record(output));
      producer.flush();
      nanos.addAndGet(Duration.ofMillis(20).toNanos());
      producer.commitTransaction();
      assertThat(sent).isDone();
      nanos.addAndGet(Duration.ofMillis(10).toNanos());

      processor.process(new Record<>("key", "value", 0));

      assertThat(commits.pollTimeout(Duration.ofSeconds(1))).isEqualTo(Duration.ofMillis(120));
    }
  }

  private static ProducerRecord<byte[], byte[]> record(String topic) {
    return new ProducerRecord<>(topic, "value".getBytes(UTF_8));
  }
}
