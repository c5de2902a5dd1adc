package io.postflight.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.sink.SinkStatus.State;
import io.postflight.sink.commit.ClampingClientSupplier;
import io.postflight.sink.commit.ConsumerLag;
import io.postflight.sink.commit.PartitionOffsets;
import io.postflight.sink.commit.TaskGeneration;
import io.postflight.sink.write.ScriptedWriter;
import io.postflight.sink.write.SinkMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A sink whose Kafka clients cannot be created, without any server. */
class SinkStartTest {
  private final ScriptedWriter database = new ScriptedWriter();
  private final Clients clients = new Clients();

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void a_failed_construction_leaves_no_client_behind() {
    clients.consumerFailure = new KafkaException("no consumer can be created");
    SinkSettings settings = settings();

    assertThatThrownBy(
            () ->
                new SinkRuntime(
                    settings,
                    SinkStreamsConfig.of(settings),
                    database,
                    database,
                    deserializer(),
                    new SinkMetrics(new SimpleMeterRegistry(), "30d", () -> 0),
                    clients,
                    why -> {}))
        .hasMessageContaining("no consumer can be created");

    assertThat(clients.created).hasSizeGreaterThan(2);
    clients.created.forEach((client, closed) -> assertThat(closed).as(client).isTrue());
  }

  @Test
  void invalid_client_settings_fail_the_sink_and_are_named() {
    clients.adminFailure =
        new KafkaException(
            "Failed to create new KafkaAdminClient",
            new ConfigException("ssl.keystore.type", "JKZ", "is unknown"));

    try (TierSink sink = start()) {
      await().until(() -> sink.status().state() == State.FAILED);
      assertThat(sink.status().reason())
          .contains("cannot be used with these settings")
          .contains("ssl.keystore.type");
    }
  }

  @Test
  void rejected_credentials_are_not_reported_as_unavailable() {
    clients.adminFailure = new SaslAuthenticationException("no such user");

    try (TierSink sink = start()) {
      await().until(() -> String.valueOf(sink.status().reason()).contains("no such user"));
      assertThat(sink.status().state()).isEqualTo(State.STARTING);
      assertThat(sink.status().reason()).contains("rejects this client");
    }
  }

  @Test
  void the_consumer_of_a_dead_thread_is_not_awaited() {
    PartitionOffsets partitionOffsets =
        new PartitionOffsets(Thread::currentThread, TaskGeneration.Limits.ofBytes(100));
    ClampingClientSupplier supplier =
        new ClampingClientSupplier(
            clients, partitionOffsets, () -> {}, new ConsumerLag(partitionOffsets), () -> 0);
    Consumer<byte[], byte[]> dead = supplier.getConsumer(Map.of());
    Consumer<byte[], byte[]> alive = supplier.getConsumer(Map.of());

    dead.close(
        CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.DEFAULT));

    assertThat(supplier.settle()).hasSize(1);
    alive.close();
  }

  @Test
  void partitions_that_were_revoked_do_not_count_as_lag_when_they_come_back() {
    PartitionOffsets partitionOffsets =
        new PartitionOffsets(Thread::currentThread, TaskGeneration.Limits.ofBytes(100));
    ConsumerLag lag = new ConsumerLag(partitionOffsets);
    TopicPartition partition = new TopicPartition("store.30d", 0);
    partitionOffsets.read(partition, 0);
    lag.ends(Thread.currentThread(), Map.of(partition, 10L));
    assertThat(lag.records()).isEqualTo(10);

    lag.ends(Thread.currentThread(), Map.of());
    lag.ends(Thread.currentThread(), Map.of(partition, 1_000L));

    assertThat(lag.records()).isZero();
  }

  @Test
  void records_committed_by_a_dead_thread_do_not_count_as_lag_of_its_replacement() {
    PartitionOffsets partitionOffsets =
        new PartitionOffsets(Thread::currentThread, TaskGeneration.Limits.ofBytes(100));
    ConsumerLag lag = new ConsumerLag(partitionOffsets);
    TopicPartition partition = new TopicPartition("store.30d", 0);
    partitionOffsets.begin(partition, () -> 0);
    partitionOffsets.read(partition, 0);

    TaskGeneration replacement = partitionOffsets.begin(partition, () -> 0);
    partitionOffsets.read(partition, 990);
    lag.ends(Thread.currentThread(), Map.of(partition, 1_000L));

    assertThat(replacement.closed()).isFalse();
    assertThat(lag.records()).isEqualTo(10);
  }

  private TierSink start() {
    return TierSink.start(settings(), database, deserializer(), new SimpleMeterRegistry(), clients);
  }

  private static SinkSettings settings() {
    return SinkSettings.of(
        Fixtures.TIER,
        new SinkSettings.Source("store.30d", "dead.letters", "sink-start"),
        Path.of("target", "sink-start"),
        "127.0.0.1:1");
  }

  private static Deserializer<TierRecord> deserializer() {
    return AvroSerdes.mock("start").value(TierRecord.class).deserializer();
  }

  private static final class Clients implements KafkaClientSupplier {
    /** Clients by kind and number, and whether they are closed. */
    private final Map<String, Boolean> created = new TreeMap<>();

    private @Nullable RuntimeException consumerFailure;
    private @Nullable RuntimeException adminFailure;

    @Override
    public Admin getAdmin(Map<String, Object> config) {
      if (adminFailure != null) {
        throw adminFailure;
      }
      String name = name("admin");
      return new ForwardingAdmin(new HashMap<>(config)) {
        @Override
        public void registerMetricForSubscription(KafkaMetric metric) {}

        @Override
        public void unregisterMetricFromSubscription(KafkaMetric metric) {}

        @Override
        public void close(Duration timeout) {
          created.put(name, true);
          super.close(timeout);
        }
      };
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
      String name = name("producer");
      return new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
        @Override
        public void close(Duration timeout) {
          created.put(name, true);
          super.close(timeout);
        }
      };
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
      if (consumerFailure != null) {
        throw consumerFailure;
      }
      return consumer("main consumer");
    }

    private Consumer<byte[], byte[]> consumer(String kind) {
      String name = name(kind);
      return new MockConsumer<>("earliest") {
        @Override
        public void close(CloseOptions option) {
          created.put(name, true);
          super.close(option);
        }
      };
    }

    private String name(String kind) {
      String name = kind + ' ' + created.size();
      created.put(name, false);
      return name;
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
      return consumer("restore consumer");
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
      return consumer("global consumer");
    }
  }
}
