package io.postflight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postflight.devstack.kafka.EmbeddedKafka;
import io.postflight.devstack.registry.EmbeddedRegistry;
import io.postflight.schema.topic.TopicCatalogue;
import io.postflight.schema.topic.TopicSizes;
import io.postflight.schema.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands about dead letters, as a user sees them, on a real broker. */
class DeadLettersCommandTest {
  private static final byte[] BINARY = {1, 2, (byte) 0xff};

  @TempDir static Path data;
  @TempDir Path directory;
  private static EmbeddedKafka kafka;
  private static EmbeddedRegistry registry;

  @BeforeAll
  static void start() throws Exception {
    kafka = EmbeddedKafka.start(data.resolve("kafka"));
    registry = EmbeddedRegistry.start(data.resolve("registry"));
  }

  @AfterAll
  static void stop() {
    registry.close();
    kafka.close();
  }

  @Test
  void list_prints_a_line_each_and_counts_by_reason() throws Exception {
    deadLetters("list.", "UNKNOWN_TENANT", "INTERNAL", "UNKNOWN_TENANT");

    CommandRun all = run("list.", "list");
    CommandRun some = run("list.", "list", "--reason", "internal", "--json");
    CommandRun newest = run("list.", "list", "--limit", "1");
    CommandRun counts = run("list.", "list", "--counts", "--json");

    assertThat(all.code()).as(all.err()).isZero();
    assertThat(all.lines()).hasSize(4);
    assertThat(all.lines().get(0))
        .startsWith("0:0  ")
        .contains("UNKNOWN_TENANT", "normalize", "acme", "whatsapp", "list.raw.webhooks-0@0");
    assertThat(all.lines().get(3)).isEqualTo("3 dead letters: INTERNAL 1, UNKNOWN_TENANT 2");
    assertThat(all.out()).doesNotContain("\u001b");
    assertThat(some.lines()).hasSize(1);
    assertThat(json(some).path("id").asText()).isEqualTo("0:1");
    assertThat(json(some).path("redriven").asBoolean(true)).isFalse();
    assertThat(newest.lines()).hasSize(2);
    assertThat(newest.lines().get(0)).startsWith("0:2  ");
    assertThat(json(counts).path("deadLetters").asInt()).isEqualTo(3);
    assertThat(json(counts).path("byReason").path("UNKNOWN_TENANT").asInt()).isEqualTo(2);
  }

  @Test
  void a_dead_letter_is_selected_and_counted_by_each_of_its_reasons() throws Exception {
    deadLetters("any.", "UNKNOWN_STATUS,MALFORMED_BODY", "MALFORMED_BODY");

    CommandRun list = run("any.", "list", "--limit", "2");
    CommandRun json = run("any.", "list", "--json");
    CommandRun counts = run("any.", "list", "--counts", "--reason", "malformed_body");
    CommandRun one = run("any.", "list", "--counts", "--reason", "UNKNOWN_STATUS");
    CommandRun redrive = run("any.", "redrive", "--json", "--reason", "MALFORMED_BODY");

    assertThat(list.lines().get(0)).contains("  UNKNOWN_STATUS,MALFORMED_BODY  normalize  ");
    assertThat(json(json).path("reasons"))
        .extracting(JsonNode::asText)
        .containsExactly("UNKNOWN_STATUS", "MALFORMED_BODY");
    assertThat(one.out().strip()).isEqualTo("1 dead letter: MALFORMED_BODY 1, UNKNOWN_STATUS 1");
    assertThat(counts.out().strip())
        .isEqualTo("2 dead letters: MALFORMED_BODY 2, UNKNOWN_STATUS 1");
    assertThat(json(redrive).path("redriven").asInt()).isEqualTo(2);
  }

  @Test
  void a_reason_that_no_dead_letter_has_is_refused() throws Exception {
    CommandRun run = run("none.", "list", "--reason", "UNSUPPORTED_EVENT");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("--reason UNSUPPORTED_EVENT is not known; allowed: MALFORMED_BODY, ")
        .hasLineCount(1);
  }

  @Test
  void show_gives_the_original_bytes() throws Exception {
    deadLetters("show.", "INTERNAL");

    CommandRun shown = run("show.", "show", "0:0", "--json");
    CommandRun text = run("show.", "show", "0:0");
    CommandRun file = run("show.", "show", "0:0", "--raw", "--out", "body.bin");
    CommandRun missing = run("show.", "show", "0:7");

    assertThat(shown.code()).as(shown.err()).isZero();
    assertThat(json(shown).path("bodyBase64").asText()).isEqualTo("AQL/");
    assertThat(json(shown).path("headers").path("provider").asText()).isEqualTo("whatsapp");
    assertThat(json(shown).path("detail").asText()).contains("red");
    assertThat(text.out()).contains("base64 AQL/", "source-topic").doesNotContain("\u001b");
    assertThat(file.code()).isZero();
    assertThat(Files.readAllBytes(directory.resolve("body.bin"))).isEqualTo(BINARY);
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.err()).contains("0:7").hasLineCount(1);
  }

  @Test
  void redrive_reports_its_result_and_ends_with_1_if_a_dead_letter_remains() throws Exception {
    deadLetters("go.", "INTERNAL", "UNKNOWN_TENANT");

    CommandRun dry = run("go.", "redrive", "--dry-run");
    CommandRun first = run("go.", "redrive", "--reason", "INTERNAL", "--json");
    CommandRun second = run("go.", "redrive", "--json", "--rate", "100");
    CommandRun pending = run("go.", "list", "--pending");
    deadLetter("go.", "INTERNAL", "somewhere.else", 0);
    CommandRun stays = run("go.", "redrive");

    assertThat(dry.code()).as(dry.err()).isZero();
    assertThat(dry.out()).contains("2 would be redriven");
    assertThat(first.out().strip())
        .isEqualTo(
            "{\"dryRun\":false,\"read\":2,\"matched\":1,\"redriven\":1,\"skippedErased\":0,\"skippedDone\":0,"
                + "\"failed\":0}");
    assertThat(json(second).path("redriven").asInt()).isEqualTo(1);
    assertThat(json(second).path("skippedDone").asInt()).isEqualTo(1);
    assertThat(pending.lines()).containsExactly("0 dead letters");
    assertThat(stays.code()).isEqualTo(1);
    assertThat(stays.err())
        .contains("not redriven: 'somewhere.else' is not a topic")
        .hasLineCount(1);
  }

  @Test
  void missing_topics_are_named_with_the_command_that_creates_them() throws Exception {
    CommandRun run = run("nothing.", "list");

    assertThat(run.code()).as(run.out()).isEqualTo(2);
    assertThat(run.err()).contains("nothing.dead.letters", "topics apply").hasLineCount(1);
  }

  @Test
  void a_ledger_with_several_partitions_is_refused() throws Exception {
    kafka.createTopics(List.of(new NewTopic("wide.erasures", 2, (short) 1)));
    deadLetters("wide.", "INTERNAL");

    CommandRun run = run("wide.", "redrive");

    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains("wide.erasures", "exactly one").hasLineCount(1);
  }

  private CommandRun run(String prefix, String... command) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "dead-letters",
                "--set",
                "kafka.bootstrap=" + kafka.bootstrapServers(),
                "--set",
                "kafka.topicPrefix=" + prefix,
                "--set",
                "registry.url=" + registry.url()));
    arguments.addAll(List.of(command));
    return CommandRun.of(directory, arguments.toArray(String[]::new));
  }

  private static JsonNode json(CommandRun run) throws Exception {
    return JsonMapper.builder().build().readTree(run.lines().get(0));
  }

  private static void deadLetters(String prefix, String... reasons) throws Exception {
    kafka.createTopics(
        TopicCatalogue.of(new Topics(prefix), Set.of("30d"), TopicSizes.of(1, 1)).stream()
            .map(TopicCatalogue.Spec::newTopic)
            .toList());
    for (int i = 0; i < reasons.length; i++) {
      deadLetter(prefix, reasons[i], prefix + "raw.webhooks", i);
    }
  }

  private static void deadLetter(String prefix, String reason, String source, int offset)
      throws Exception {
    ProducerRecord<byte[], byte[]> deadLetter =
        new ProducerRecord<>(prefix + "dead.letters", BINARY);
    Map.of(
            "reason",
            reason.split(",", 2)[0],
            "reasons",
            reason,
            "detail",
            "a \u001b[31mred\n detail",
            "stage",
            "normalize",
            "source-topic",
            source,
            "source-partition",
            "0",
            "source-offset",
            Integer.toString(offset),
            "provider",
            "whatsapp",
            "tenant",
            "acme",
            "received-at",
            Long.toString(System.currentTimeMillis()))
        .forEach(
            (name, value) ->
                deadLetter.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(deadLetter).get();
    }
  }
}
