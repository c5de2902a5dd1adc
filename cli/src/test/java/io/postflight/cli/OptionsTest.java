package io.postflight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.OptionSpec;

/**
 * No option is ignored silently: an option that cannot have an effect beside others is refused. A
 * new option must be added here, with the options beside which it has no effect.
 */
class OptionsTest {
  /**
   * Every command with its options (those of every command apart). Behind a colon are the options
   * beside which it has no effect; then it must be refused.
   */
  private static final String TABLE =
      """
      bench                   --database --json --records --rounds --seed --variants
      dead-letters list       --counts --from --json --limit:--counts --pending --provider --reason --servers --stage --tenant --to
      dead-letters redrive    --again --dry-run --from --json --provider --rate --reason --servers --stage --tenant --to
      dead-letters show       --json:--raw --out --raw --servers
      demo                    --json --messages --port --seed --stay
      dev                     --data-dir --json --port:--servers-only --servers-only
      doctor                  --before-start --json --servers
      drill                   --json --messages --servers --tier
      erase                   --api-key --api-key-file:--api-key --json --message --redact:--user --tenant --url --user:--message
      identity show           --api-key --api-key-file:--api-key --json --tenant --url
      ingest                  --api-key --api-key-file:--api-key --json --provider --secret --secret-file:--secret --tenant --url
      keys create             --json --scopes --servers --tenant
      keys revoke             --json --servers --tenant
      keys rotate             --json --scopes --servers --tenant
      message explain         --api-key --api-key-file:--api-key --json --tenant --url
      message show            --api-key --api-key-file:--api-key --json --tenant --url
      normalize               --apply --from --json --provider --received-at:--replay --replay --servers --tenant --to
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
      webhook check           --header --json --provider --query --received-at --secret --secret-file:--secret --tenant --url
      """;

  private static final Map<String, String> VALUES =
      Map.of("--limit", "5", "--from", "2h", "--to", "1h", "--redact", "body", "--tenant", "acme");

  @TempDir Path directory;

  @Test
  void every_option_of_every_command_is_in_the_table() {
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

  /** Each option that is a number, and each that has no value, with a value of another type. */
  static List<String> ofWrongType() {
    return Commands.leaves().stream()
        .flatMap(
            command ->
                command.options().stream()
                    .filter(option -> Commands.options(command).contains(option.longestName()))
                    .filter(option -> option.type().isPrimitive() || isNumber(option))
                    .map(option -> Commands.name(command) + '|' + option.longestName()))
        .toList();
  }

  private static boolean isNumber(OptionSpec option) {
    return Number.class.isAssignableFrom(option.type());
  }

  @ParameterizedTest
  @MethodSource("ofWrongType")
  void a_value_of_the_wrong_type_is_one_line_with_what_is_allowed(String row) {
    String[] parts = row.split("\\|");
    List<String> line = new ArrayList<>(List.of(line(parts[0]).split(" ")));
    line.add(parts[1] + "=x");

    CommandRun run = CommandRun.of(directory, line.toArray(String[]::new));

    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err())
        .contains(parts[1] + " x ")
        .containsAnyOf("; allowed: ", "the option has no value")
        .doesNotContain("(default")
        .hasLineCount(1);
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
                    && !List.of("bench", "dev", "demo").contains(Commands.name(command)))
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
