package io.postflight.demo.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.internals.Exit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedFailureTest {
  @TempDir Path directory;

  @Test
  void kafka_ends_the_process_with_one_line_and_without_a_child() throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    List<Integer> codes = new ArrayList<>();
    Process child = new ProcessBuilder("sleep", "600").start();
    Exit.setHaltProcedure(
        new KafkaHalt(
            directory,
            new PrintStream(printed, true, StandardCharsets.UTF_8),
            code -> codes.add(child.isAlive() ? -1 : code)));
    try {
      Exit.halt(1);
    } finally {
      Exit.resetHaltProcedure();
      child.destroyForcibly();
    }

    assertThat(codes).containsExactly(1);
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .matches(
            "postflight: Kafka cannot use \\S+/kafka, where \\d+ MiB are free, so the stack ends; see"
                + " \\S+/postflight.log\\R");
  }

  @Test
  void a_failed_start_on_a_full_disk_names_it() {
    assertThat(EmbeddedLauncher.shortage(12_345_678))
        .isEqualTo(" (only 11 MiB are free on the disk)");
    assertThat(EmbeddedLauncher.shortage(1L << 30)).isEmpty();
  }
}
