package io.postflight.api.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.RawReference;
import io.postflight.schema.event.Status;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.topic.RecordKeys;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Deliveries of a message in a topic of several partitions, of a real broker. */
class KafkaEventLogTest {
  private static final int PARTITIONS = 3;
  private static final long T = System.currentTimeMillis() - 3_600_000;

  private final Map<String, Object> kafka =
      Map.of("bootstrap.servers", SharedServers.kafka().bootstrapServers());
  private final String topic = SharedServers.uniqueName("explain");
  private final AvroSerdes serdes = AvroSerdes.mock(topic);
  private final Serializer<MessageEvent> values = serdes.value(MessageEvent.class).serializer();
  private KafkaProducer<String, byte[]> producer;
  private Admin admin;
  private KafkaEventLog log;

  @BeforeEach
  @SuppressWarnings("NullAway.Init")
  void start() throws Exception {
    admin = Admin.create(kafka);
    admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1))).all().get();
    producer = new KafkaProducer<>(kafka, new StringSerializer(), new ByteArraySerializer());
    log = new KafkaEventLog(kafka, topic, serdes, Duration.ofSeconds(10));
  }

  @AfterEach
  void stop() {
    log.close();
    producer.close();
    admin.close();
  }

  @Test
  void all_deliveries_are_found_in_the_order_of_arrival() throws Exception {
    for (int i = 0; i < 20; i++) {
      send("m-" + i, Status.SENT, T + i, i);
    }
    send("m-3", Status.DELIVERED, T + 100, 50);
    send("m-3", Status.SENT, T + 200, 51);
    send("m-3", Status.SENT, T + 200, 51); // written twice by the normalizer

    EventLog.Deliveries found = log.of("acme", "m-3", T).get();

    assertThat(found.complete()).isTrue();
    assertThat(found.events())
        .extracting(MessageEvent::getStatus)
        .containsExactly(Status.SENT, Status.DELIVERED, Status.SENT);
    assertThat(log.of("globex", "m-3", T).get().events()).isEmpty();
  }

  @Test
  void a_record_that_is_no_event_is_skipped() throws Exception {
    String key = RecordKeys.ofMessage("acme", "m-1");
    producer.send(new ProducerRecord<>(topic, null, T, key, new byte[] {9, 9})).get();
    send("m-1", Status.SENT, T, 1);

    assertThat(log.of("acme", "m-1", T).get().events()).hasSize(1);
  }

  @Test
  void deliveries_that_kafka_has_deleted_are_missing_and_it_is_known() throws Exception {
    send("m-1", Status.SENT, T, 1);
    send("m-1", Status.DELIVERED, T + 100, 2);
    for (int partition = 0; partition < PARTITIONS; partition++) {
      TopicPartition each = new TopicPartition(topic, partition);
      if (end(each) > 1) {
        admin.deleteRecords(Map.of(each, RecordsToDelete.beforeOffset(1))).all().get();
      }
    }

    EventLog.Deliveries found = log.of("acme", "m-1", T).get();

    assertThat(found.complete()).isFalse();
    assertThat(found.events())
        .extracting(MessageEvent::getStatus)
        .containsExactly(Status.DELIVERED);
  }

  private long end(TopicPartition partition) throws Exception {
    return admin
        .listOffsets(Map.of(partition, OffsetSpec.latest()))
        .partitionResult(partition)
        .get()
        .offset();
  }

  private void send(String message, Status status, long time, int webhook) throws Exception {
    MessageEvent event =
        MessageEvent.newBuilder()
            .setTenant("acme")
            .setMessageId(message)
            .setEventId(message + '-' + status)
            .setUserId("u-1")
            .setType("message.any")
            .setProvider("events")
            .setChannel("SMS")
            .setDirection(Direction.OUTBOUND)
            .setStatus(status)
            .setEventTime(time)
            .setEventTimeSource(EventTimeSource.PROVIDER)
            .setReceivedAt(time)
            .setAttributes(Map.of())
            .setRaw(new RawReference(0, (long) webhook, 0))
            .build();
    producer
        .send(
            new ProducerRecord<>(
                topic, null, time, RecordKeys.ofEvent(event), values.serialize(topic, event)))
        .get();
  }
}
