package io.postflight.operations.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postflight.operations.OperationsSettings;
import io.postflight.operations.TestSettings;
import io.postflight.operations.admin.KafkaAdmin;
import io.postflight.operations.admin.KafkaTopics;
import io.postflight.operations.admin.Provisioning;
import io.postflight.operations.admin.TopicState;
import io.postflight.operations.doctor.Finding.Level;
import io.postflight.schema.topic.TopicCatalogue;
import io.postflight.schema.topic.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The checks of Kafka, before and after faults are introduced. */
class KafkaChecksTest {
  private OperationsSettings settings;
  private Topics names;
  @AutoClose private KafkaAdmin admin;

  @BeforeEach
  void make() {
    settings = TestSettings.of("doctor");
    names = settings.kafka().topics();
    admin = KafkaAdmin.open(settings.kafka());
    new KafkaTopics(admin).create(Provisioning.topics(settings));
  }

  @Test
  void created_topics_pass() {
    assertThat(topics()).extracting(Finding::level).containsExactly(Level.OK);
    assertThat(new RetentionCheck(settings).findings(read()))
        .hasSize(3)
        .allMatch(each -> each.level() == Level.OK);
  }

  @Test
  void a_topic_that_is_missing_fails() throws Exception {
    admin.client().deleteTopics(List.of(names.deadLetters())).all().get();

    failing(topics(), names.deadLetters(), "missing", "topics apply");
  }

  @Test
  void another_partition_count_of_events_fails() throws Exception {
    admin
        .client()
        .createPartitions(Map.of(names.events(), NewPartitions.increaseTo(3)))
        .all()
        .get();

    failing(topics(), names.events(), "3 partitions; wanted: 2", "configure 3");
  }

  @Test
  void several_partitions_of_a_topic_that_must_have_one_fail() throws Exception {
    admin
        .client()
        .createPartitions(Map.of(names.recoveries(), NewPartitions.increaseTo(2)))
        .all()
        .get();

    failing(topics(), names.recoveries(), "2 partitions; wanted: 1", "exactly one partition");
  }

  @Test
  void a_tiers_topic_without_append_time_fails() throws Exception {
    set(names.store("30d"), "message.timestamp.type", "CreateTime");

    failing(topics(), names.store("30d"), "message.timestamp.type is CreateTime", "topics apply");
  }

  @Test
  void a_topic_with_unclean_leader_election_fails() throws Exception {
    set(names.rawWebhooks(), "unclean.leader.election.enable", "true");

    failing(topics(), names.rawWebhooks(), "acknowledged records are lost", "false");
  }

  @Test
  void a_retention_below_the_backup_interval_fails_and_below_twice_of_it_warns() throws Exception {
    set(names.store("30d"), "retention.ms", Long.toString(Duration.ofHours(20).toMillis()));
    failing(
        retention(), names.store("30d"), "for 20h, the backup interval is 1d", "backupInterval");

    set(names.store("30d"), "retention.ms", Long.toString(Duration.ofHours(40).toMillis()));
    assertThat(retention())
        .filteredOn(each -> each.subject().equals(names.store("30d")))
        .singleElement()
        .matches(one -> one.level() == Level.WARN && one.detail().contains("one failed backup"));
  }

  @Test
  void a_size_limit_of_a_tiers_topic_warns() throws Exception {
    set(names.store("30d"), "retention.bytes", "1000000");

    assertThat(retention())
        .filteredOn(each -> each.subject().equals(names.store("30d")))
        .singleElement()
        .matches(one -> one.level() == Level.WARN && one.detail().contains("retention.bytes"));
  }

  @Test
  void an_erasure_ledger_with_too_short_a_retention_fails() throws Exception {
    set(names.erasures(), "retention.ms", Long.toString(Duration.ofDays(59).toMillis()));
    failing(
        retention(),
        names.erasures(),
        "retained for 59d; affected rows and backups",
        "topics apply");

    set(names.erasures(), "cleanup.policy", "compact");
    failing(retention(), names.erasures(), "compacted", "topics apply");
  }

  @Test
  void events_with_a_shorter_retention_than_webhooks_fail() throws Exception {
    set(names.events(), "retention.ms", Long.toString(Duration.ofDays(2).toMillis()));

    failing(
        retention(),
        names.events(),
        "webhooks are retained for 14d, events for 2d",
        "kafka.retention");
  }

  @Test
  void roles_without_a_process_fail() {
    failing(lag(InstantSource.system()), "topology", "no process", "run --roles topology");
    failing(lag(InstantSource.system()), "sink:30d", "no process", "run --roles sink:30d");
  }

  @Test
  void lag_warns_and_fails_when_records_are_about_to_be_deleted() throws Exception {
    produce(names.store("30d"), 5);
    InstantSource inAnHour = () -> InstantSource.system().instant().plusSeconds(3_600);

    assertThat(lag(inAnHour))
        .anyMatch(
            each ->
                each.subject().equals("sink:30d")
                    && each.level() == Level.WARN
                    && each.detail().contains("oldest unprocessed record"));
    set(names.store("30d"), "retention.ms", Long.toString(Duration.ofMinutes(90).toMillis()));
    failing(lag(inAnHour), "sink:30d", "is deleted after 90m", "raise the topic's retention");
  }

  @Test
  void records_deleted_before_they_were_stored_fail() throws Exception {
    produce(names.store("30d"), 5);
    TopicPartition partition = new TopicPartition(names.store("30d"), 0);
    admin
        .client()
        .alterConsumerGroupOffsets(
            settings.roles().sinkId() + "-30d", Map.of(partition, new OffsetAndMetadata(1)))
        .all()
        .get();
    admin.client().deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(3))).all().get();

    failing(lag(InstantSource.system()), "sink:30d", "records 1 to 2 of", "backup");
  }

  private void produce(String topic, int records) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", settings.kafka().bootstrapServers(), "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < records; i++) {
        producer.send(new ProducerRecord<>(topic, 0, null, new byte[] {1})).get();
      }
    }
  }

  private void set(String topic, String key, String value) throws Exception {
    admin
        .client()
        .incrementalAlterConfigs(
            Map.of(
                new ConfigResource(ConfigResource.Type.TOPIC, topic),
                List.of(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET))))
        .all()
        .get();
    // The broker applies an acknowledged change a moment later.
    await()
        .until(
            () ->
                read().values().stream()
                    .anyMatch(
                        state -> state.name().equals(topic) && state.config(key).equals(value)));
  }

  private Map<String, TopicState> read() {
    return new KafkaTopics(admin)
        .read(Provisioning.topics(settings).stream().map(TopicCatalogue.Spec::name).toList());
  }

  private List<Finding> topics() {
    return new TopicsCheck(names).findings(Provisioning.topics(settings), read());
  }

  private List<Finding> retention() {
    return new RetentionCheck(settings).findings(read());
  }

  private List<Finding> lag(InstantSource clock) {
    return new LagCheck(settings, admin, clock).findings(read());
  }

  private static void failing(
      List<Finding> findings, String subject, String detail, String advice) {
    assertThat(findings)
        .filteredOn(each -> each.level() == Level.FAIL)
        .anyMatch(
            each ->
                each.subject().equals(subject)
                    && each.detail().contains(detail)
                    && each.advice().contains(advice));
  }
}
