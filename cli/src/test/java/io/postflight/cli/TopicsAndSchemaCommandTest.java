package io.postflight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postflight.operations.CqlSessions;
import io.postflight.operations.KafkaSettings;
import io.postflight.operations.admin.KafkaAdmin;
import io.postflight.operations.admin.KafkaTopics;
import io.postflight.runtime.TestDeployment;
import io.postflight.settings.DeploymentSettings;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** Topics and schema as configured, on real servers. */
class TopicsAndSchemaCommandTest {
  @Test
  void topics_are_created_once_and_then_as_configured() throws Exception {
    TestDeployment deployment = TestDeployment.of("topics");

    CommandRun before = CommandRun.on(deployment, "topics", "diff", "--json");
    CommandRun made = CommandRun.on(deployment, "topics", "apply");
    CommandRun after = CommandRun.on(deployment, "topics", "diff", "--json");
    CommandRun again = CommandRun.on(deployment, "topics", "apply", "--json");

    assertThat(before.code()).isEqualTo(1);
    assertThat(differences(before))
        .allSatisfy(each -> assertThat(each.path("kind").asText()).isEqualTo("missing"))
        .extracting(each -> each.path("topic").asText().replaceFirst(".*?\\.", ""))
        .contains(
            "raw.webhooks", "events", "store.30d", "tenants", "erasures", "lifecycle.commands");
    assertThat(made.code()).as(made.err()).isZero();
    assertThat(after.code()).isZero();
    assertThat(differences(after)).isEmpty();
    assertThat(again.code()).isZero();
    assertThat(differences(again)).isEmpty();
  }

  @Test
  void more_partitions_are_added_but_never_to_events() {
    TestDeployment deployment = TestDeployment.of("partitions");
    CommandRun.done(deployment, "topics", "apply");

    CommandRun apply =
        CommandRun.on(
            deployment,
            "topics",
            "apply",
            "--set",
            "kafka.partitions.store=3",
            "--set",
            "kafka.partitions.events=3");

    assertThat(apply.code()).isEqualTo(1);
    assertThat(apply.lines())
        .anyMatch(line -> line.startsWith("done") && line.contains("store.30d: 2 partitions"))
        .anyMatch(line -> line.matches("\\S+\\.events: 2 partitions; wanted: 3 \\(this count is.*"))
        .anyMatch(
            line -> line.matches("\\S+\\.lifecycle.commands: 2 partitions; wanted: 3 \\(this.*"));
    assertThat(partitions(deployment, "store.30d")).isEqualTo(3);
    assertThat(partitions(deployment, "events")).isEqualTo(2);
  }

  @Test
  void a_shorter_retention_is_set_only_with_the_option_for_it() {
    TestDeployment deployment = TestDeployment.of("shorten");
    CommandRun.done(deployment, "topics", "apply");
    String[] shorter = {"topics", "apply", "--set", "kafka.retention.store=2d"};

    CommandRun refused = CommandRun.on(deployment, shorter);
    CommandRun agreed =
        CommandRun.on(deployment, "topics", "apply", "--set", shorter[3], "--shorten");
    CommandRun longer =
        CommandRun.on(deployment, "topics", "apply", "--set", "kafka.retention.store=9d");

    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.out()).contains("retention.ms", "pass --shorten");
    assertThat(agreed.code()).isZero();
    assertThat(longer.code()).isZero();
    assertThat(longer.out()).contains("retention.ms is 172800000; wanted: 777600000");
  }

  @Test
  void an_existing_topic_gets_the_configured_settings() throws Exception {
    TestDeployment deployment = TestDeployment.of("foreign");
    DeploymentSettings settings = deployment.settings();
    try (KafkaAdmin admin = KafkaAdmin.open(settings.kafka())) {
      NewTopic plain = new NewTopic(settings.kafka().topics().store("30d"), 2, (short) 1);
      admin.client().createTopics(List.of(plain)).all().get();
    }

    CommandRun apply = CommandRun.on(deployment, "topics", "apply", "--shorten");

    assertThat(apply.code()).as(apply.out()).isZero();
    assertThat(apply.out()).contains("message.timestamp.type is CreateTime; wanted: LogAppendTime");
    assertThat(CommandRun.on(deployment, "topics", "diff").code()).isZero();
  }

  @Test
  void topics_of_another_format_are_refused() throws Exception {
    TestDeployment deployment = TestDeployment.of("format");
    CommandRun.done(deployment, "topics", "apply");
    CommandRun.done(deployment, "topics", "apply");
    KafkaSettings kafka = deployment.settings().kafka();
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.copyOf(kafka.clientProperties()), new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(kafka.topics().recoveries(), "format/topics", "9")).get();
    }

    CommandRun apply = CommandRun.on(deployment, "topics", "apply");

    assertThat(apply.code()).as(apply.err()).isEqualTo(2);
    assertThat(apply.err())
        .contains("have format 9; this version requires format 1", "kafka.topicPrefix")
        .hasLineCount(1);
    assertThat(CommandRun.on(deployment, "tiers", "list").out()).doesNotContain("IN RECOVERY");
    assertThat(CommandRun.on(deployment, "doctor", "--before-start").lines())
        .anyMatch(line -> line.matches("fail +topics +format: the topics .* have format 9;.*"));
  }

  @Test
  void tables_are_created_once_and_a_new_gc_grace_is_set() throws Exception {
    TestDeployment deployment = TestDeployment.of("schema");

    CommandRun before = CommandRun.on(deployment, "schema", "diff");
    CommandRun made = CommandRun.on(deployment, "schema", "apply", "--tier", "30d");
    CommandRun after = CommandRun.on(deployment, "schema", "diff", "--json");
    CommandRun other =
        CommandRun.on(deployment, "schema", "diff", "--set", "tierDefaults.gcGrace=3d");

    assertThat(before.code()).isEqualTo(1);
    assertThat(before.out()).contains("30d: CREATE KEYSPACE", "CREATE TABLE");
    assertThat(made.code()).as(made.err()).isZero();
    assertThat(made.out()).contains("30d: done  CREATE KEYSPACE");
    assertThat(after.code()).isZero();
    assertThat(json(after).path("statements")).isEmpty();
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.out()).contains("gc_grace_seconds = 259200");
  }

  @Test
  void a_column_and_a_field_that_are_missing_are_added() {
    TestDeployment deployment = TestDeployment.of("columns");
    CommandRun.done(deployment, "schema", "apply");
    DeploymentSettings settings = deployment.settings();
    String keyspace = settings.tiers().get(0).cluster().keyspace();
    try (CqlSession session = CqlSessions.open(settings.tiers().get(0).cluster())) {
      session.execute("ALTER TABLE " + keyspace + ".message DROP texts");
      session.execute("CREATE TYPE " + keyspace + ".old_price (amount text)");
    }

    CommandRun diff = CommandRun.on(deployment, "schema", "diff");
    CommandRun apply = CommandRun.on(deployment, "schema", "apply");

    assertThat(diff.lines())
        .containsExactly(
            "30d: ALTER TABLE " + keyspace + ".message ADD texts frozen<map<text, text>>");
    assertThat(apply.code()).as(apply.err()).isZero();
    assertThat(CommandRun.on(deployment, "schema", "diff").code()).isZero();
  }

  @Test
  void unavailable_servers_end_with_3_and_are_named() {
    TestDeployment deployment = TestDeployment.of("away");

    CommandRun kafka =
        CommandRun.on(deployment, "topics", "diff", "--set", "kafka.bootstrap=127.0.0.1:9");
    CommandRun cql =
        CommandRun.on(
            deployment, "schema", "diff", "--set", "tierDefaults.contactPoints=127.0.0.1:9");
    CommandRun registry =
        CommandRun.on(
            deployment.created(), "tenants", "list", "--set", "registry.url=http://127.0.0.1:9");

    assertThat(List.of(kafka.code(), cql.code(), registry.code())).containsOnly(3);
    assertThat(kafka.err()).contains("127.0.0.1:9").hasLineCount(1);
    assertThat(cql.err()).contains("30d").hasLineCount(1);
    assertThat(registry.err()).contains("http://127.0.0.1:9").hasLineCount(1);
  }

  @Test
  void an_unknown_tier_is_named_with_the_configured_ones() {
    CommandRun run = CommandRun.on(TestDeployment.of("tier"), "schema", "diff", "--tier", "31d");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("31d", "30d").hasLineCount(1);
  }

  private static int partitions(TestDeployment deployment, String topic) {
    DeploymentSettings settings = deployment.settings();
    String name = settings.kafka().topicPrefix() + topic;
    try (KafkaAdmin admin = KafkaAdmin.open(settings.kafka())) {
      return new KafkaTopics(admin).read(List.of(name)).values().iterator().next().partitions();
    }
  }

  private static List<JsonNode> differences(CommandRun run) throws Exception {
    return json(run).path("differences").valueStream().toList();
  }

  private static JsonNode json(CommandRun run) throws Exception {
    return JsonMapper.builder().build().readTree(run.out());
  }
}
