package io.postflight.topology;

import static io.postflight.topology.DrivenPipeline.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.message.TierRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All messages of erased users are found, a few at a time. */
class UserErasureScanTest {
  private static final int MESSAGES = 2_400;

  @AutoClose private DrivenPipeline pipeline;

  @BeforeEach
  void open(@TempDir Path dir) {
    pipeline = new DrivenPipeline(dir);
    for (String user : List.of("u1", "u2", "u3")) {
      // The keys of the three users' messages are interleaved.
      String webhook =
          IntStream.range(0, MESSAGES / 3)
              .mapToObj(
                  i ->
                      "{\"messageId\":\"m%05d-%s\",\"userId\":\"%s\",\"status\":\"SENT\",\"eventTime\":%d}"
                          .formatted(i, user, user, NOW))
              .collect(Collectors.joining(",", "[", "]"));
      pipeline.events(NOW, webhook);
    }
    assertThat(pipeline.lifecycles()).isEqualTo(MESSAGES);
    pipeline.tier("30d");
  }

  @Test
  void a_scan_takes_several_punctuations_and_resumes_after_a_restart(@TempDir Path other) {
    pipeline.erase(TestCommands.user("u1", NOW + 1));
    assertThat(pipeline.lifecycles()).as("a command alone scans no message").isEqualTo(MESSAGES);

    pipeline.second();
    assertThat(pipeline.lifecycles()).isBetween(MESSAGES * 2L / 3 + 1, MESSAGES - 1L);
    assertThat(pipeline.userScans()).isEqualTo(1);
    long received = erased(pipeline.tier("30d")).count();

    pipeline = pipeline.restarted(other);
    finish();
    assertThat(pipeline.lifecycles()).isEqualTo(MESSAGES * 2L / 3);
    assertThat(received + erased(pipeline.tier("30d")).count()).isEqualTo(MESSAGES / 3);
  }

  @Test
  void a_command_that_arrives_during_a_scan_is_applied_by_the_next_scan() {
    pipeline.erase(TestCommands.user("u1", NOW + 1));
    pipeline.second();
    assertThat(pipeline.userScans()).isEqualTo(1);

    pipeline.erase(TestCommands.user("u2", NOW + 1));
    finish();

    assertThat(pipeline.lifecycles()).isEqualTo(MESSAGES / 3);
    assertThat(erased(pipeline.tier("30d")).distinct()).hasSize(MESSAGES * 2 / 3);
  }

  @Test
  void messages_created_after_the_command_are_not_erased() {
    pipeline.erase(TestCommands.user("u1", NOW - 1));
    finish();

    assertThat(pipeline.lifecycles()).isEqualTo(MESSAGES);
  }

  @Test
  void messages_of_an_erased_number_are_searched_for_from_their_first_event() {
    String number = "491701234567";
    for (int i = 0; i < 50; i++) {
      pipeline.events(
          NOW + i,
          "{\"messageId\":\"n%d\",\"userId\":\"%s\",\"aliases\":[%s],\"status\":\"SENT\",\"eventTime\":%d}"
              .formatted(i, number, i == 0 ? "\"DE.111\"" : "", NOW + i));
    }
    pipeline.tier("30d");

    pipeline.erase(TestCommands.user("DE.111", NOW + 5_000));
    pipeline.extendErasures();
    finish();

    assertThat(pipeline.tier("30d"))
        .extracting(TierRecord::getCommand)
        .filteredOn(Objects::nonNull)
        .filteredOn(command -> command.getMessageId() != null && !command.getUsers().isEmpty())
        .hasSize(50)
        .allSatisfy(
            command ->
                assertThat(command.getTimelineFrom())
                    .isEqualTo(NOW + Integer.parseInt(command.getMessageId().substring(1))));
  }

  private void finish() {
    for (int i = 0; i < 500 && pipeline.userScans() > 0; i++) {
      pipeline.second();
    }
    assertThat(pipeline.userScans()).isZero();
  }

  /** Messages whose erasure was sent to the tier. */
  private static Stream<String> erased(List<TierRecord> records) {
    return records.stream()
        .map(TierRecord::getCommand)
        .filter(command -> command != null && command.getMessageId() != null)
        .map(Erasure::getMessageId)
        .distinct();
  }
}
