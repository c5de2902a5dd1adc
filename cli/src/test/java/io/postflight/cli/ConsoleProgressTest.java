package io.postflight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private Instant now = Instant.parse("2026-11-22T10:00:00Z");

  @Test
  void a_step_that_was_shown_in_part_is_shown_once_more_when_all_is_done() {
    ConsoleProgress progress = progress(false);

    progress.at("rows", 10, 100, "offsets");
    pass(6);
    progress.at("rows", 40, 100, "offsets");
    pass(1);
    progress.at("rows", 99, 100, "offsets");
    progress.at("rows", 100, 100, "offsets");
    progress.at("rows", 100, 100, "offsets");

    assertThat(lines())
        .containsExactly("rows: 40 of 100 offsets (40%)", "rows: 100 of 100 offsets (100%)");
  }

  @Test
  void a_short_step_and_one_of_unknown_length_are_not_summed_up() {
    ConsoleProgress progress = progress(false);

    progress.at("rows", 50, 100, "offsets");
    progress.at("rows", 100, 100, "offsets");
    pass(6);
    progress.at("rows read", 0, 0, "offsets");
    progress.at("rows read", 0, 0, "offsets");

    assertThat(lines()).containsExactly("rows read");
  }

  @Test
  void the_next_step_begins_from_the_start() {
    ConsoleProgress progress = progress(false);

    pass(6);
    progress.at("filling", 40, 100, "offsets");
    progress.step("Restoring");
    progress.at("restoring", 7, 7, "offsets");

    assertThat(lines()).containsExactly("filling: 40 of 100 offsets (40%)", "Restoring");
  }

  @Test
  void quiet_shows_nothing() {
    ConsoleProgress progress = progress(true);

    pass(6);
    progress.at("rows", 40, 100, "offsets");
    progress.at("rows", 100, 100, "offsets");

    assertThat(lines()).isEmpty();
  }

  private ConsoleProgress progress(boolean quiet) {
    PrintStream err = new PrintStream(printed, true, StandardCharsets.UTF_8);
    return new ConsoleProgress(
        new CommandEnvironment(
            InputStream.nullInputStream(),
            err,
            err,
            false,
            Map.of(),
            Path.of("/nowhere"),
            Path.of("/nowhere"),
            () -> now),
        quiet);
  }

  private void pass(int seconds) {
    now = now.plus(Duration.ofSeconds(seconds));
  }

  private List<String> lines() {
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
