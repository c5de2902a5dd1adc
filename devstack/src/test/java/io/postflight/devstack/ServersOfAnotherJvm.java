package io.postflight.devstack;

import io.postflight.devstack.cql.CassandraSettings;
import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.kafka.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Starts servers in a JVM that the test kills: a broker with one acknowledged record, and a paused
 * CQL server, whose process cannot detect the exit of its parent.
 */
public final class ServersOfAnotherJvm {
  private ServersOfAnotherJvm() {}

  /**
   * Prints the process id of the CQL server once everything is ready, then waits to be killed.
   *
   * @param args the directory of the broker and that of the CQL server
   */
  public static void main(String[] args) throws Exception {
    EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(args[0]));
    kafka.createTopics(new NewTopic("kept", 1, (short) 1));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(new ProducerRecord<>("kept", "acknowledged".getBytes(StandardCharsets.UTF_8)))
          .get();
    }
    EmbeddedCassandra cassandra =
        EmbeddedCassandra.start(CassandraSettings.of(Path.of(args[1])).withQuickStart());
    cassandra.pause();
    System.out.println("ready " + cassandra.pid());
    System.out.flush();
    Thread.currentThread().join();
  }
}
