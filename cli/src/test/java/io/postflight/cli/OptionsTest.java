package io.postflight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.demo.embedded.DevTenants;
import io.postflight.demo.embedded.Endpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.OptionSpec;

/**
 * No option is ignored silently: an option that cannot have an effect beside others is refused. Who
 * adds an option finds this test failing, and says here how it stands with the others.
 */
class OptionsTest {
  /**
   * Every command with its options (those of every command apart). What is behind a colon are the
   * options beside which it has no effect; it is refused there, which is tried.
   */
  private static final String TABLE =
      """
      dead-letters list       --counts --from --json --limit:--counts --pending --provider --reason --servers --stage --tenant --to
      dead-letters redrive    --again --dry-run --from --json --provider --rate --reason --servers --stage --tenant --to
      dead-letters show       --json:--raw --out --raw --servers
      demo                    --json --messages --port --seed --stay
      dev                     --data-dir --json --port --servers-only
      doctor                  --before-start --json --servers
      drill                   --json --messages --servers --tier
      erase                   --api-key --api-key-file:--api-key --json --message --redact:--user --tenant --url --user:--message
      ingest                  --api-key --api-key-file:--api-key --json --provider --secret --secret-file:--secret --tenant --url
      keys create             --json --scopes --servers --tenant
      keys revoke             --json --servers --tenant
      keys rotate             --json --scopes --servers --tenant
      message show            --api-key --api-key-file:--api-key --json --tenant --url
      normalize               --json --provider --received-at --tenant
      restore                 --dry-run:--resume --from:--resume --json --rate --rate-file --resume --servers --tenant:--resume --tier --to:--resume
      run                     --create --roles --servers
      schema apply            --json --servers --tier
      schema diff             --json --servers --tier
      tenants add             --json --scopes --secret --servers --tier
      tenants apply           --dry-run --json --servers
      tenants list            --json --servers
      tenants show            --json --servers
      tiers list              --json --servers
      tiers recovery finish   --json --rate --servers --tier
      tiers recovery start    --json --servers --tier
      timeline show           --api-key --api-key-file:--api-key --json --limit --since --tenant --type --until --url
      topics apply            --json --servers --shorten
      topics diff             --json --servers
      verify                  --from --json --late-seconds --recheck-seconds --rechecks --repair --servers --tenant --tier --to
      version                 --json
      webhook check           --header --json --provider --query --secret --secret-file:--secret --tenant --url
      """;

  private static final Map<String, String> VALUES =
      Map.of("--limit", "5", "--from", "2h", "--to", "1h", "--redact", "body", "--tenant", "acme");

  @TempDir Path directory;

  @Test
  void every_option_of_every_command_stands_in_the_table() {
    Map<String, String> there = new TreeMap<>();
    Commands.leaves()
        .forEach(
            command ->
                there.put(Commands.name(command), String.join(" ", Commands.options(command))));
    Map<String, String> listed = new TreeMap<>();
    rows()
        .forEach(
            (command, options) ->
                listed.put(
                    command,
                    String.join(
                        " ", new TreeSet<>(options.stream().map(o -> o.split(":")[0]).toList()))));

    assertThat(listed).isEqualTo(there);
  }

  static List<String> withoutEffect() {
    return rows().entrySet().stream()
        .flatMap(
            row ->
                row.getValue().stream()
                    .filter(option -> option.contains(":"))
                    .map(option -> row.getKey() + " " + option.replace(":", " ")))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("withoutEffect")
  void an_option_without_effect_is_refused(String row) {
    String[] parts = row.split(" --");
    String without = "--" + parts[1];
    String beside = "--" + parts[2];

    CommandRun run = CommandRun.of(directory, line(parts[0], without, beside).split(" "));

    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains(without).hasLineCount(1);
    assertThat(run.target()).isEmpty();
  }

  static List<String> withLists() {
    return Commands.leaves().stream()
        .flatMap(
            command ->
                command.options().stream()
                    .filter(OptionSpec::isMultiValue)
                    .flatMap(
                        option ->
                            (option.splitRegex().isEmpty()
                                    ? Stream.of("")
                                    : Stream.of("", ",", "a,", ",a"))
                                .map(
                                    values ->
                                        Commands.name(command)
                                            + '|'
                                            + option.longestName()
                                            + '|'
                                            + values)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("withLists")
  void a_list_without_values_is_refused(String row) {
    String[] parts = row.split("\\|", -1);

    refusesEmpty(parts[0], parts[1], parts[2]);
  }

  @ParameterizedTest
  @CsvSource({"erase, --message", "dead-letters redrive, --stage", "dev, --data-dir"})
  void an_empty_value_is_refused(String command, String option) {
    refusesEmpty(command, option, "");
  }

  private void refusesEmpty(String command, String option, String value) {
    List<String> line = new ArrayList<>(List.of(line(command).split(" ")));
    if (line.contains(option)) {
      line.subList(line.indexOf(option), line.indexOf(option) + 2).clear();
    }
    line.addAll(List.of(option, value));

    CommandRun run = CommandRun.of(directory, line.toArray(String[]::new));

    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err())
        .containsAnyOf(
            option + " '" + value + "' has an empty value",
            "Invalid value for option '" + option + '\'')
        .hasLineCount(1);
    assertThat(run.target()).isEmpty();
  }

  static List<String> withoutSettings() {
    return Commands.leaves().stream()
        .filter(
            command ->
                !Commands.has(command, "--servers")
                    && !List.of("dev", "demo").contains(Commands.name(command)))
        .map(command -> Commands.withDummies(command) + tenant(command))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("withoutSettings")
  void a_command_that_reads_no_settings_refuses_them(String command) {
    CommandRun set = CommandRun.of(directory, (command + " --set http.port=1").split(" "));
    CommandRun config = CommandRun.of(directory, ("--config none.conf " + command).split(" "));

    assertThat(List.of(set, config))
        .allMatch(run -> run.code() == 2)
        .allMatch(run -> run.err().contains("--config and --set would have no effect"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dev --set kafka.bootstrap=127.0.0.1:9",
        "demo --set tiers.30d.contactPoints=127.0.0.1:9",
        "run --roles api --servers dev --set registry.url=http://127.0.0.1:9",
        "topics diff --servers dev --set kafka.client.security.protocol=SSL",
        "dev --set topology.stateDir=state",
        "demo --set sink.stateDir=state",
        "drill --tier 30d --set sink.stateDir=state",
        "dev --set tierDefaults.replication=3",
        "dev --set kafka.replication=3",
        "dev --port 18080 --set http.port=18081",
        "dev --data-dir a --set dev.dataDir=b",
        "run --roles api --servers dev --set tiers.30d.replication=3"
      })
  void servers_are_not_named_where_others_are_meant(String command) {
    CommandRun run = CommandRun.of(directory, command.split(" "));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--set", "would have no effect").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"dev", "demo", "topics diff --servers dev", "run --roles api --servers dev"})
  void servers_of_the_environment_and_of_a_given_file_are_refused_there_too(String command)
      throws IOException {
    Files.writeString(directory.resolve("own.conf"), "kafka.bootstrap=[\"127.0.0.1:9\"]");

    CommandRun variable =
        CommandRun.of(
            directory, "", Map.of("POSTFLIGHT_KAFKA_BOOTSTRAP", "a:1"), command.split(" "));
    CommandRun file = CommandRun.of(directory, (command + " --config own.conf").split(" "));

    assertThat(List.of(variable, file)).allMatch(run -> run.code() == 2);
    assertThat(variable.err()).contains("POSTFLIGHT_KAFKA_BOOTSTRAP would have no effect");
    assertThat(file.err()).contains("--config own.conf would have no effect");
  }

  @Test
  void a_file_without_servers_is_accepted_where_the_servers_are_those_of_a_dev()
      throws IOException {
    aDevRuns();
    Files.writeString(directory.resolve("own.conf"), "kafka.topicPrefix = \"a.\"");

    CommandRun run =
        CommandRun.of(
            directory,
            "tenants add x --tier 31d --servers .postflight/dev --config own.conf".split(" "));

    assertThat(run.target()).contains("127.0.0.9:1", "dev in");
    assertThat(run.err()).contains("31d").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "message show --tenant acme m-1",
        "erase --tenant acme --message m-1",
        "normalize --provider events none.json",
        "webhook check --provider events --tenant acme none.json",
        "version"
      })
  void a_variable_that_is_no_setting_stops_every_command(String command) {
    CommandRun unknown =
        CommandRun.of(directory, "", Map.of("POSTFLIGHT_APIKEY", "x"), command.split(" "));
    CommandRun known =
        CommandRun.of(
            directory,
            "",
            Map.of(
                "POSTFLIGHT_API_KEY", "x",
                "POSTFLIGHT_TIERS_45D_KEYSPACE", "k",
                "POSTFLIGHT_KAFKA_CLIENT_CLIENT_ID", "c"),
            command.split(" "));

    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("POSTFLIGHT_APIKEY is not a setting");
    assertThat(known.err()).doesNotContain("is not a setting");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "schema diff --set tiers.30d.contactPoints=127.0.0.1:9",
        "schema diff --set tierDefaults.contactPoints=127.0.0.1:9",
        "schema diff --config own.conf",
        "topics diff --set registry.url=http://127.0.0.1:9"
      })
  void servers_that_are_named_are_not_replaced_by_those_of_a_dev(String command)
      throws IOException {
    aDevRuns();
    Files.writeString(directory.resolve("own.conf"), "tiers.30d.contactPoints=[\"127.0.0.1:9\"]");

    CommandRun run =
        CommandRun.of(
            directory,
            "",
            Map.of("POSTFLIGHT_KAFKA_CLIENT_DEFAULT_API_TIMEOUT_MS", "100"),
            (command + " --set tierDefaults.requestTimeout=100ms").split(" "));

    assertThat(run.target()).contains("127.0.0.1:9").doesNotContain("dev in", "127.0.0.9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POSTFLIGHT_KAFKA_BOOTSTRAP",
        "POSTFLIGHT_KAFKABOOTSTRAP",
        "POSTFLIGHT_KAFKA_CLIENT_CLIENT_ID"
      })
  void servers_of_the_environment_are_not_replaced_either(String variable) throws IOException {
    aDevRuns();

    CommandRun run =
        CommandRun.of(
            directory,
            "",
            Map.of(variable, "127.0.0.1:9"),
            "topics",
            "diff",
            "--set",
            "kafka.client.request.timeout.ms=100",
            "--set",
            "kafka.client.default.api.timeout.ms=100");

    assertThat(run.code()).as(run.out()).isEqualTo(3);
    assertThat(run.target()).contains(variable).doesNotContain("dev in", "127.0.0.9");
  }

  @Test
  void a_dev_is_found_where_nothing_names_servers_and_quiet_says_nothing_of_it()
      throws IOException {
    aDevRuns();

    CommandRun run = CommandRun.of(directory, "tenants", "add", "x", "--tier", "31d");
    CommandRun quiet = CommandRun.of(directory, "tenants", "add", "x", "--tier", "31d", "--quiet");

    assertThat(run.target()).contains("127.0.0.9:1", "127.0.0.1:3", "dev in");
    assertThat(quiet.target()).isEmpty();
    assertThat(quiet.err()).contains("31d").hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({
    "message show --tenant acme m-1, --url http://127.0.0.1:2",
    "tenants list, --servers"
  })
  void one_of_several_stacks_must_be_named(String command, String option) throws IOException {
    aDevRuns();
    aStackRuns("other", "http://127.0.0.1:4", true);

    CommandRun run = CommandRun.of(directory, command.split(" "));

    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err())
        .contains("2 stacks run", option, ".postflight/dev", ".postflight/other")
        .hasLineCount(1);
  }

  @Test
  void a_stack_of_servers_only_is_not_asked_for_messages() throws IOException {
    aStackRuns("servers", null, false);

    CommandRun run = CommandRun.of(directory, "message", "show", "--tenant", "acme", "m-1");

    assertThat(run.code()).as(run.err()).isEqualTo(3);
    assertThat(run.err()).contains("no running dev or demo --stay found");
  }

  private void aDevRuns() throws IOException {
    aStackRuns("dev", "http://127.0.0.1:3", true);
  }

  @Test
  void a_stack_without_a_status_port_is_found() throws IOException {
    aStackRuns("dev", null, true);

    CommandRun run = CommandRun.of(directory, "message", "show", "--tenant", "acme", "m-1");

    assertThat(run.err()).doesNotContain("no running dev");
  }

  private void aStackRuns(String name, @Nullable String status, boolean servesHttp)
      throws IOException {
    Map<String, Endpoints.Cql> cql = new TreeMap<>();
    for (String tier : List.of("15d", "30d", "60d", "90d")) {
      cql.put(tier, new Endpoints.Cql("127.0.0.1", 3, "datacenter1", "postflight_" + tier));
    }
    new Endpoints(
            "http://127.0.0.1:2",
            servesHttp,
            status,
            "127.0.0.9:1",
            "http://127.0.0.1:2",
            cql,
            List.of(),
            DevTenants.operatorKey(),
            ProcessHandle.current().pid())
        .writeTo(Files.createDirectories(directory.resolve(".postflight").resolve(name)));
  }

  private static Map<String, List<String>> rows() {
    Map<String, List<String>> rows = new TreeMap<>();
    TABLE
        .lines()
        .forEach(
            line -> {
              String command = line.split(" +--", 2)[0].strip();
              rows.put(
                  command,
                  Arrays.stream(line.substring(command.length()).strip().split(" ")).toList());
            });
    return rows;
  }

  private static String tenant(picocli.CommandLine.Model.CommandSpec command) {
    return Commands.has(command, "--tenant") ? " --tenant acme" : "";
  }

  /** The command with what it needs and both options. */
  private static String line(String command, String... options) {
    picocli.CommandLine.Model.CommandSpec spec =
        Commands.leaves().stream()
            .filter(each -> Commands.name(each).equals(command))
            .findFirst()
            .orElseThrow();
    String needed = Commands.withDummies(spec) + tenant(spec);
    if (List.of(options).contains("--user") && !List.of(options).contains("--message")) {
      needed = needed.replace(" --message m-1", "");
    }
    StringBuilder line = new StringBuilder(needed);
    for (String option : options) {
      if (line.indexOf(option + " ") < 0) {
        line.append(' ').append(option);
        if (spec.findOption(option).arity().max() > 0) {
          line.append(' ').append(VALUES.getOrDefault(option, "1"));
        }
      }
    }
    return line.toString();
  }
}
