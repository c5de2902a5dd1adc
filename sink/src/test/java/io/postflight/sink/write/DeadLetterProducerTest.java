package io.postflight.sink.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.RegistryUnavailableException;
import io.postflight.schema.topic.DeadLetterHeaders;
import io.postflight.sink.CommitOracle;
import io.postflight.sink.Fixtures;
import io.postflight.sink.SinkSettings;
import io.postflight.sink.SinkStatus.State;
import io.postflight.sink.TierSink;
import io.postflight.sink.TierTopic;
import io.postflight.sink.commit.RecordingClients;
import io.postflight.store.MessageRow;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Records that cannot be stored become dead letters and stop nothing; all others never do. */
class DeadLetterProducerTest {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.postflight.sink");
  private static final Duration LONG = Duration.ofSeconds(60);

  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  private final SinkLimits limits =
      new SinkLimits(
          new SinkLimits.Window(2_048, 32 << 20, 4 << 20),
          new SinkLimits.Batch(20, 128 << 10, Duration.ofMillis(5), Duration.ofMillis(300), 16),
          90_000,
          128);

  private final ScriptedWriter database = new ScriptedWriter();
  private final CommitOracle oracle = new CommitOracle(database.stored);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<TierSink> sinks = new ArrayList<>();
  private TierTopic topic;

  @BeforeEach
  void make_a_topic() {
    topic = new TierTopic();
    logged.start();
    LOG.addAppender(logged);
  }

  @AfterEach
  void stop() {
    sinks.forEach(sink -> sink.close(Duration.ofSeconds(1)));
    LOG.detachAppender(logged);
    topic.close();
    database.close();
  }

  @Test
  void bytes_that_do_not_decode_keep_key_value_and_headers() throws Exception {
    byte[] poison = "not avro".getBytes(StandardCharsets.UTF_8);
    ProducerRecord<String, byte[]> bad = new ProducerRecord<>(topic.name, "acme|u1", poison);
    bad.headers().add("trace", new byte[] {7});
    topic.produce(oracle, 0, 50, 5);
    RecordMetadata at = topic.produce(List.of(bad)).get(0);
    topic.produce(oracle, 50, 100, 5);
    start(topic.serde.deserializer());

    ConsumerRecord<byte[], byte[]> deadLetter = deadLetters(1).get(0);

    assertThat(deadLetter.key()).isEqualTo("acme|u1".getBytes(StandardCharsets.UTF_8));
    assertThat(deadLetter.value()).isEqualTo(poison);
    assertThat(deadLetter.headers().lastHeader("trace").value()).containsExactly(7);
    assertThat(header(deadLetter, DeadLetterHeaders.REASON)).isEqualTo("MALFORMED_BODY");
    assertThat(header(deadLetter, DeadLetterHeaders.STAGE)).isEqualTo("sink");
    assertThat(header(deadLetter, DeadLetterHeaders.SOURCE_TOPIC)).isEqualTo(topic.name);
    assertThat(header(deadLetter, DeadLetterHeaders.SOURCE_PARTITION))
        .isEqualTo("" + at.partition());
    assertThat(header(deadLetter, DeadLetterHeaders.SOURCE_OFFSET)).isEqualTo("" + at.offset());
    assertAllDone();
  }

  @Test
  void a_row_too_large_to_be_sent_is_a_dead_letter() throws Exception {
    byte[] large = topic.bytes(Fixtures.delivered("u1", "large", "x".repeat(100_000)));
    topic.produce(List.of(new ProducerRecord<>(topic.name, "acme|u1", large)));
    topic.produce(oracle, 0, 20, 5);
    start(topic.serde.deserializer());

    ConsumerRecord<byte[], byte[]> deadLetter = deadLetters(1).get(0);

    assertThat(deadLetter.value()).isEqualTo(large);
    assertThat(header(deadLetter, DeadLetterHeaders.REASON)).isEqualTo("TOO_LARGE");
    assertAllDone();
  }

  @Test
  void a_row_that_the_database_rejects_is_a_dead_letter_and_its_batch_is_not() throws Exception {
    byte[] rejected = topic.bytes(Fixtures.delivered("u1", "bad-of-a-person"));
    database.reject(row -> row instanceof MessageRow && row.describe().contains("bad"));
    topic.produce(List.of(new ProducerRecord<>(topic.name, "acme|u1", rejected)));
    topic.produce(oracle, 0, 200, 3);
    start(topic.serde.deserializer());

    ConsumerRecord<byte[], byte[]> deadLetter = deadLetters(1).get(0);

    assertThat(deadLetter.value()).isEqualTo(rejected);
    assertThat(header(deadLetter, DeadLetterHeaders.REASON)).isEqualTo("INTERNAL");
    assertThat(header(deadLetter, DeadLetterHeaders.DETAIL))
        .contains("rejected")
        .contains("bad-of-a-person");
    assertAllDone();
    assertThat(
            meters
                .get("postflight.sink.writes")
                .tags("table", "message", "outcome", "dead_lettered")
                .counter()
                .count())
        .isEqualTo(1);
    sinks.forEach(TierSink::close);
    assertThat(logged.list)
        .isNotEmpty()
        .extracting(ILoggingEvent::getFormattedMessage)
        .noneMatch(line -> line.contains("bad-of-a-person"));
  }

  @Test
  void while_the_registry_is_unavailable_records_wait_and_none_is_a_dead_letter() throws Exception {
    topic.produce(oracle, 0, 300, 20);
    AtomicBoolean unavailable = new AtomicBoolean(true);
    TierSink sink = start(unlessUnavailable(unavailable));

    await().atMost(LONG).until(() -> "registry is unavailable".equals(sink.status().reason()));
    assertThat(database.stored).isEmpty();
    unavailable.set(false);

    assertAllDone();
    assertThat(topic.ends(topic.deadLetters)).isZero();
  }

  @Test
  void a_permanent_failure_stops_this_sink_only() throws Exception {
    topic.produce(oracle, 0, 20, 5);
    database.fatal("password rejected");
    TierSink sink = start(topic.serde.deserializer());
    TierTopic other = new TierTopic();
    ScriptedWriter healthy = new ScriptedWriter();
    CommitOracle otherOracle = new CommitOracle(healthy.stored);
    other.produce(otherOracle, 0, 100, 5);
    TierSink otherSink = start(other, healthy, otherOracle, other.serde.deserializer());

    await().atMost(LONG).until(() -> sink.status().state() == State.FAILED);
    await().atMost(LONG).until(otherOracle::allStored);

    assertThat(sink.status().reason()).isEqualTo("password rejected");
    assertThat(sink.healthy()).isFalse();
    assertThat(otherSink.status().state()).isEqualTo(State.RUNNING);
    assertThat(topic.committed().values()).allMatch(offset -> offset == 0);
    otherSink.close();
    healthy.close();
    other.close();
  }

  @Test
  void a_permanent_failure_of_the_first_probe_stops_the_sink() {
    database.fatalProbe("keyspace is missing");
    TierSink sink = start(topic.serde.deserializer());

    await().atMost(LONG).until(() -> sink.status().state() == State.FAILED);
    assertThat(sink.status().reason()).isEqualTo("keyspace is missing");
  }

  @Test
  void missing_topics_are_awaited_and_named() {
    SinkSettings settings =
        SinkSettings.of(
            Fixtures.TIER,
            new SinkSettings.Source(topic.name + "-missing", topic.deadLetters, topic.group),
            SharedServers.newDirectory("state"),
            SharedServers.kafka().bootstrapServers());
    TierSink sink =
        TierSink.start(settings, database, topic.serde.deserializer(), new SimpleMeterRegistry());
    sinks.add(sink);

    await()
        .atMost(LONG)
        .until(() -> String.valueOf(sink.status().reason()).contains(topic.name + "-missing"));
    assertThat(sink.status().state()).isEqualTo(State.STARTING);
  }

  private TierSink start(Deserializer<TierRecord> deserializer) {
    return start(topic, database, oracle, deserializer);
  }

  private TierSink start(
      TierTopic of,
      ScriptedWriter writer,
      CommitOracle verify,
      Deserializer<TierRecord> deserializer) {
    SinkSettings settings =
        SinkSettings.of(
                Fixtures.TIER,
                new SinkSettings.Source(of.name, of.deadLetters, of.group),
                SharedServers.newDirectory("state"),
                SharedServers.kafka().bootstrapServers())
            .withLimits(limits);
    TierSink sink =
        TierSink.start(
            settings,
            writer,
            deserializer,
            writer == database ? meters : new SimpleMeterRegistry(),
            new RecordingClients("a", verify));
    sinks.add(sink);
    return sink;
  }

  private Deserializer<TierRecord> unlessUnavailable(AtomicBoolean unavailable) {
    Deserializer<TierRecord> inner = topic.serde.deserializer();
    return (name, bytes) -> {
      if (unavailable.get()) {
        throw new RegistryUnavailableException("registry is unavailable");
      }
      return inner.deserialize(name, bytes);
    };
  }

  private void assertAllDone() {
    await().atMost(LONG).untilAsserted(() -> assertThat(oracle.missing()).isZero());
    await().atMost(LONG).untilAsserted(topic::assertAllCommitted);
    oracle.assertNoViolation();
  }

  private List<ConsumerRecord<byte[], byte[]>> deadLetters(int count) {
    Map<String, Object> config =
        Map.of("bootstrap.servers", SharedServers.kafka().bootstrapServers());
    List<ConsumerRecord<byte[], byte[]>> deadLetters = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition(topic.deadLetters, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      await()
          .atMost(LONG)
          .pollInSameThread()
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(100)).forEach(deadLetters::add);
                return deadLetters.size() >= count;
              });
    }
    assertThat(deadLetters).hasSize(count);
    return deadLetters;
  }

  private static @Nullable String header(ConsumerRecord<byte[], byte[]> deadLetter, String name) {
    var header = deadLetter.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }
}
