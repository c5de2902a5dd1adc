package io.postflight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelpTest {
  @TempDir Path directory;

  @Test
  void help_of_each_command_has_examples() {
    assertThat(Commands.leaves())
        .filteredOn(command -> !Commands.name(command).equals("version"))
        .allSatisfy(
            command ->
                assertThat(help(Commands.name(command)).out())
                    .contains("Examples:", "postflight " + Commands.name(command)));
  }

  @Test
  void examples_can_be_pasted_from_a_narrow_terminal() {
    assertThat(Commands.all())
        .allSatisfy(
            command ->
                assertThat(help(Commands.name(command), Map.of("COLUMNS", "60")).lines())
                    .containsAll(List.of(command.usageMessage().footer())));
  }

  @Test
  void each_command_has_help_and_help_of_help_is_no_exception() {
    assertThat(Commands.all())
        .extracting(Commands::name)
        .contains("", "help", "message show")
        .allSatisfy(
            command -> {
              CommandRun run = CommandRun.of(directory, (command + " --help").strip().split(" "));
              assertThat(run.code()).isZero();
              assertThat(run.out()).contains("Usage: " + ("postflight " + command).strip());
            });
  }

  @Test
  void help_leaves_out_options_that_the_command_refuses() {
    CommandRun reads = CommandRun.of(directory, "topics", "diff", "--help");
    CommandRun group = CommandRun.of(directory, "message", "--help");
    CommandRun refuses = CommandRun.of(directory, "message", "show", "--help");

    assertThat(reads.out()).contains("--config", "--set");
    assertThat(group.out() + refuses.out()).contains("--debug").doesNotContain("--config", "--set");
  }

  @Test
  void help_shows_a_command_at_any_depth() {
    CommandRun redrive = CommandRun.of(directory, "help", "dead-letters", "redrive");
    CommandRun unknown = CommandRun.of(directory, "help", "dead-letters", "burn");
    CommandRun bench = CommandRun.of(directory, "help", "bench", "sink");

    assertThat(bench.out()).isEqualTo(CommandRun.of(directory, "bench", "--help").out());
    assertThat(redrive.out())
        .isEqualTo(CommandRun.of(directory, "dead-letters", "redrive", "--help").out())
        .contains("postflight dead-letters redrive", "--dry-run");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("dead-letters burn", "redrive").hasLineCount(1);
  }

  @Test
  void help_of_erase_states_that_all_ids_of_the_person_are_erased() {
    assertThat(help("erase").out().replaceAll("\\s+", " ")).contains("under all ids of the person");
  }

  @Test
  void help_shows_how_an_id_is_given_that_looks_like_an_option() {
    assertThat(List.of("message show", "timeline show", "identity show"))
        .allSatisfy(command -> assertThat(help(command).out()).contains("put -- before one like"));
  }

  @Test
  void help_shows_variables_of_a_file_literally() {
    CommandRun run = CommandRun.of(directory, "tenants", "apply", "--help");

    assertThat(run.out()).contains("${NAME}", "${ACME_APP_SECRET}").doesNotContain("= null");
  }

  @Test
  void help_wraps_at_the_width_of_the_terminal() {
    CommandRun wide = CommandRun.of(directory, "", Map.of("COLUMNS", "140"), "restore", "--help");
    CommandRun usual = CommandRun.of(directory, "restore", "--help");

    assertThat(wide.lines()).anyMatch(line -> line.length() > 100);
    assertThat(wide.lines()).allMatch(line -> line.length() <= 140);
    assertThat(usual.lines()).hasSizeGreaterThan(wide.lines().size());
  }

  private CommandRun help(String command) {
    return help(command, Map.of());
  }

  private CommandRun help(String command, Map<String, String> variables) {
    return CommandRun.of(directory, "", variables, (command + " --help").strip().split(" "));
  }
}
