package io.postflight.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.devstack.cql.CassandraSettings;
import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.devstack.kafka.EmbeddedKafka;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class KilledParentTest {
  @Test
  void after_kill_9_the_servers_start_again_on_their_data() throws Exception {
    Path kafkaDirectory = SharedServers.newDirectory("killed_kafka");
    Path cassandraDirectory = SharedServers.newDirectory("killed_cassandra");
    Process parent = start(kafkaDirectory, cassandraDirectory);
    ProcessHandle lingering;
    try {
      lingering = ProcessHandle.of(processIdWhenReady(parent)).orElseThrow();
    } finally {
      parent.destroyForcibly();
    }
    assertThat(parent.waitFor()).isNotZero();
    assertThat(lingering.isAlive()).isTrue();

    try (EmbeddedKafka kafka = EmbeddedKafka.start(kafkaDirectory)) {
      assertThat(valuesOf(kafka)).containsExactly("acknowledged");
    }
    try (EmbeddedCassandra cassandra =
        EmbeddedCassandra.start(CassandraSettings.of(cassandraDirectory).withQuickStart())) {
      assertThat(lingering.isAlive()).isFalse();
      assertThat(cassandra.running()).isTrue();
    }
  }

  private static Process start(Path kafka, Path cassandra) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:TieredStopAtLevel=1",
            "-Dpostflight.root=" + System.getProperty("postflight.root"),
            "-cp",
            System.getProperty("java.class.path"),
            ServersOfAnotherJvm.class.getName(),
            kafka.toString(),
            cassandra.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static long processIdWhenReady(Process parent) throws Exception {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("ready ")) {
        return Long.parseLong(line.substring("ready ".length()));
      }
    }
    throw new AssertionError("the other JVM ended before its servers were ready");
  }

  private static List<String> valuesOf(EmbeddedKafka kafka) {
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      TopicPartition partition = new TopicPartition("kept", 0);
      consumer.assign(List.of(partition));
      return Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  consumer.poll(Duration.ofMillis(500)).records(partition).stream()
                      .map(ConsumerRecord::value)
                      .toList(),
              values -> !values.isEmpty());
    }
  }
}
