package io.postflight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  private static final String DELIVERED =
      """
      {"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":
      {"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550001111","phone_number_id":"7"},
      "statuses":[{"id":"wamid.A","status":"%s","timestamp":"1763800000","recipient_id":"593990000001"}]}}]}]}
      """;

  @TempDir Path directory;

  @Test
  void without_arguments_the_commands_are_listed() {
    CommandRun run = CommandRun.of(directory);

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("demo", "dev", "normalize", "ingest", "message", "timeline");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void normalize_prints_one_json_line_per_event() throws IOException {
    Files.writeString(directory.resolve("a.json"), DELIVERED.formatted("delivered"));

    CommandRun run = CommandRun.of(directory, "normalize", "--provider", "whatsapp", "a.json");

    assertThat(run.code()).isZero();
    assertThat(run.lines()).hasSize(1);
    JsonNode event = JsonMapper.builder().build().readTree(run.lines().get(0));
    assertThat(event.path("status").asText()).isEqualTo("DELIVERED");
    assertThat(event.path("messageId").asText()).isEqualTo("wamid.A");
    assertThat(event.path("tenant").asText()).isEqualTo("acme");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void normalize_ends_with_1_when_something_is_rejected() {
    CommandRun run =
        CommandRun.of(
            directory,
            DELIVERED.formatted("in_orbit"),
            Map.of(),
            "normalize",
            "--provider",
            "whatsapp",
            "-");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains("\"rejected\":true", "UNKNOWN_STATUS", "in_orbit");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-", "/dev/stdin"})
  void standard_input_may_be_a_pipe(String file) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.postflight.cli.Postflight",
                "normalize",
                "--provider",
                "whatsapp",
                file)
            .redirectErrorStream(true)
            .start();
    process
        .getOutputStream()
        .write(DELIVERED.formatted("delivered").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(printed).isZero();
    assertThat(printed).contains("\"status\":\"DELIVERED\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          message show --tenat acme m-1       | unknown option '--tenat'; did you mean --tenant?
          dev --prot 1                        | unknown option '--prot'; did you mean --port?
          mesage show                         | unknown command 'mesage'; did you mean message?
          help mesage                         | unknown command 'mesage'; did you mean message?
          message shwo m-1                    | unknown command 'message shwo'; did you mean show?
          timeline show --tenant a --limit b u | --limit b is not a whole number; allowed: 1 to 1000
          message show --tenant a --api-key-file none m | --api-key-file none: there is no such file
          normalize --provider whatsapp .     | . is a directory: name its files
          timeline show --tenant a --since 1h --until 2h u | --until 2h is before --since 1h
          message show --tenant a --url http://u:pw@h m | --url http://***@h is not allowed; allowed: a URL without a user
          bench pigeon                        | there is no benchmark 'pigeon'; allowed: e2e, gateway, persons, query, restore, sink, topology, scale-partitions, scale-state, scale-tenants, scale-tiers, scale-instances, scale-users
          bench scale-tiers --variants sink-3 | --variants sink-3 is not allowed; allowed: topology-1, topology-2, topology-4, topology-8, sink-1, sink-2
          bench sink --variants pigeon        | --variants pigeon is not allowed; allowed: postflight, ceiling
          bench sink --database pigeon        | --database pigeon is not allowed; allowed: embedded, void
          bench topology --json /none/x.json  | --json /none/x.json cannot be written
          demo --messages 0                   | --messages 0 is not allowed; allowed: 1 to 100000000
          demo --messages 99999999999999999999 | --messages 99999999999999999999 is not allowed; allowed: 1 to 100000000
          demo --seed x                       | --seed x is not a whole number; allowed: whole numbers
          demo --port 1 --set http.port=2     | --set http.port would have no effect: --port is given
          dev --servers-only --port 1         | --port has no effect with --servers-only
          verify --tier 30d --from 1h --late-seconds x | --late-seconds x is not a whole number; allowed: 0 to 86400
          restore --tier 30d --resume A       | --resume: id is 'A'; allowed is
          keys                                | missing: COMMAND; allowed: create, rotate, revoke
          tiers recovery                      | missing: COMMAND; allowed: start, finish
          erase --tenant acme                 | missing: --message or --user
          """)
  void a_missing_or_misspelled_word_is_reported_with_what_is_allowed(String line, String message) {
    CommandRun run = CommandRun.of(directory, line.split(" "));

    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains(message).hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"mesage", "timeline|show|--tenant|a|--limit|1", "dev|--set|a=b", "keys|create"})
  void an_error_that_quotes_line_breaks_is_one_line(String command) {
    String[] arguments = (command + "\n\u001b[2J").split("\\|");

    CommandRun run = CommandRun.of(directory, arguments);

    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains("\\n\\u001b[2J").hasLineCount(1);
  }

  @Test
  void a_key_that_is_not_utf8_is_refused_in_plain_words() throws IOException {
    Files.write(directory.resolve("key"), new byte[] {(byte) 0xff});

    CommandRun run =
        CommandRun.of(
            directory, "message", "show", "--tenant", "a", "--api-key-file", "key", "m-1");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--api-key-file key: it is not valid UTF-8").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"topics diff", "dev", "demo", "run --roles api"})
  void a_configuration_with_a_syntax_error_is_named_with_its_line(String command)
      throws IOException {
    Files.writeString(directory.resolve("own.conf"), "http.port = 1\nkafka {\n  a = ]\n");

    CommandRun run = CommandRun.of(directory, (command + " --config own.conf").split(" "));

    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err())
        .contains("--config", "own.conf: 3")
        .doesNotContain("a fault of postflight")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({"-, standard input", "empty.json, empty.json"})
  void an_empty_webhook_is_named(String file, String name) throws IOException {
    Files.createFile(directory.resolve("empty.json"));

    CommandRun run = CommandRun.of(directory, "normalize", "--provider", "whatsapp", file);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("normalize: " + name + " is empty").hasLineCount(1);
  }

  @Test
  void a_missing_file_is_named_and_nothing_is_printed() throws IOException {
    Files.writeString(directory.resolve("a.json"), DELIVERED.formatted("delivered"));

    CommandRun run =
        CommandRun.of(directory, "normalize", "--provider", "whatsapp", "a.json", "none.json");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("none.json").hasLineCount(1);
  }

  @Test
  void an_unknown_provider_is_named_with_those_that_there_are() {
    CommandRun run = CommandRun.of(directory, "normalize", "--provider", "pigeon", "-");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("pigeon", "whatsapp", "twilio").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "normalise",
        "dev --prot 1",
        "message show --tenant acme",
        "bench",
        "bench --rounds 0 sink",
        "demo --messages many",
        "demo --messages -1",
        "dev --port 70000",
        "timeline show --tenant acme --limit 0 u",
        "timeline show --tenant acme --since yesterday u",
        "run --roles topology,poet",
        "run --roles api --set http.trustedProxies=10.0.0.0/40",
        "run --roles api --set http.operatorKeyHash=secret",
        // That of dev, which is public.
        "run --roles api --set http.operatorKeyHash="
            + "86a723cc3d811ff742f9d59422fce679e981e58938acb93898d7fd35529edf99",
        "tenants add acme",
        "tenants add Acme! --tier 30d",
        "tenants add acme --tier 30d --scopes fly",
        "tenants add acme --tier 30d --secret twilio=x",
        "tenants apply none.conf",
        "keys revoke",
        "dev --set gateway.publicURL=x",
        "dev --set http.port=eighty",
        "dev --config none.conf",
        "ingest --provider pigeon --tenant acme x.json",
        "erase --tenant acme",
        "erase --message m-1",
        "erase --tenant acme --message m-1 --user u-1",
        "erase --tenant acme --user u-1 --redact body",
        "erase --tenant acme --message=",
        "dead-letters list --reason TIRED",
        "dead-letters list --stage attic",
        "dead-letters list --limit 0",
        "dead-letters list --from yesterday",
        "dead-letters show 12",
        "dead-letters show --raw --json 0:12",
        "dead-letters redrive --rate -1",
        "dead-letters redrive --from 1h --to 2h"
      })
  void a_wrong_command_line_ends_with_2_and_one_line(String line) {
    CommandRun run = CommandRun.of(directory, line.split(" "));

    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).hasLineCount(1).doesNotContain("\tat ");
  }

  @Test
  void without_a_running_stack_reading_ends_with_3_and_advice() {
    CommandRun run = CommandRun.of(directory, "message", "show", "--tenant", "acme", "wamid.A");

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("postflight dev", "--url").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"list", "show 0:1", "redrive"})
  void dead_letters_end_with_3_when_kafka_is_unavailable(String command) {
    CommandRun run =
        CommandRun.of(
            directory,
            ("dead-letters --set kafka.bootstrap=127.0.0.1:9"
                    + " --set kafka.client.default.api.timeout.ms=300 "
                    + command)
                .split(" "));

    assertThat(run.code()).as(run.err()).isEqualTo(3);
    assertThat(run.err()).contains("127.0.0.1:9").hasLineCount(1);
  }

  @Test
  void a_variable_that_is_no_setting_stops_the_command() {
    CommandRun run =
        CommandRun.of(
            directory, "", Map.of("POSTFLIGHT_KAFKA_BOOTSTRP", "x"), "dead-letters", "list");

    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err())
        .contains("POSTFLIGHT_KAFKA_BOOTSTRP", "did you mean POSTFLIGHT_KAFKA_BOOTSTRAP?")
        .hasLineCount(1);
  }

  @Test
  void a_deployment_that_does_not_answer_ends_with_3() {
    CommandRun run =
        CommandRun.of(
            directory,
            "message",
            "show",
            "--tenant",
            "acme",
            "--url",
            "http://127.0.0.1:9",
            "--api-key",
            "pf_a_b",
            "wamid.A");

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("http://127.0.0.1:9");
  }

  @Test
  void webhook_check_reports_whether_a_signature_would_be_accepted() throws IOException {
    Files.writeString(directory.resolve("a.json"), "{\"a\":1}");
    String[] check = {
      "webhook",
      "check",
      "--provider",
      "whatsapp",
      "--tenant",
      "acme",
      "--secret",
      "s3cret",
      "--url",
      "https://hooks.example.com",
      "--json",
      "a.json"
    };

    CommandRun refused = CommandRun.of(directory, check);
    JsonNode answer = JsonMapper.builder().build().readTree(refused.out());
    String expected = answer.path("expected").path(0).asText();
    check[check.length - 1] = "--header=X-Hub-Signature-256: " + expected;
    String[] signed = java.util.Arrays.copyOf(check, check.length + 1);
    signed[check.length] = "a.json";
    CommandRun accepted = CommandRun.of(directory, signed);

    assertThat(refused.code()).isEqualTo(1);
    assertThat(answer.path("accepted").asBoolean()).isFalse();
    assertThat(answer.path("url").asText())
        .isEqualTo("https://hooks.example.com/webhooks/whatsapp/acme");
    assertThat(expected).startsWith("sha256=");
    assertThat(accepted.code()).isZero();
  }

  @Test
  void version_is_json_if_requested() throws IOException {
    CommandRun run = CommandRun.of(directory, "version", "--json");

    assertThat(run.code()).isZero();
    assertThat(JsonMapper.builder().build().readTree(run.out()).path("version").asText())
        .isNotBlank();
  }
}
