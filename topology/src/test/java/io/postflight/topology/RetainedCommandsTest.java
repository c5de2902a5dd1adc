package io.postflight.topology;

import static io.postflight.topology.DrivenPipeline.NOW;
import static io.postflight.topology.TestCommands.completed;
import static io.postflight.topology.TestCommands.message;
import static io.postflight.topology.TestCommands.redact;
import static io.postflight.topology.TestCommands.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.message.TierRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands are retained as long as the ledger keeps them, and repeating one changes nothing. */
class RetainedCommandsTest {

  @AutoClose private DrivenPipeline pipeline;

  @BeforeEach
  void open(@TempDir Path dir) {
    pipeline = new DrivenPipeline(dir);
  }

  @Test
  void repeated_commands_change_nothing() {
    List<Erasure> commands =
        List.of(message("m1", NOW), user("u1", NOW), redact("m2", NOW, "body"));
    commands.forEach(pipeline::erase);
    pipeline.second();
    received("30d");

    commands.forEach(pipeline::erase);
    pipeline.second();

    assertThat(received("30d")).isEmpty();
    assertThat(pipeline.retained()).isEqualTo(3);
  }

  @Test
  void an_older_command_of_the_same_user_does_not_cover_more_than_the_newer() {
    pipeline.erase(user("u1", NOW));
    received("30d");

    pipeline.erase(user("u1", NOW - 1_000));

    assertThat(received("30d")).isEmpty();
    event("m1", "u1", "SENT", NOW);
    assertThat(received("30d")).isEmpty();
  }

  @Test
  void a_completion_notice_is_no_command() {
    pipeline.erase(completed(message("m1", NOW), 7));

    event("m1", "u1", "SENT", NOW + 1);

    assertThat(pipeline.lifecycles()).isEqualTo(1);
    assertThat(pipeline.retained()).isZero();
  }

  @Test
  void an_invalid_command_is_ignored() {
    pipeline.erase(TestCommands.of("acme", null, null, List.of(), NOW));
    pipeline.erase(TestCommands.of("acme", "m1", "u1", List.of(), NOW));

    assertThat(received("30d")).isEmpty();
    assertThat(pipeline.retained()).isZero();
    assertThat(pipeline.count("postflight.rejections")).isEqualTo(2);
  }

  @Test
  void messages_of_a_removed_tenant_are_erased_without_output() {
    event("m1", "u1", "SENT", NOW);
    received("30d");
    pipeline.tenants.remove("acme");

    pipeline.erase(user("u1", NOW + 10));
    pipeline.erase(message("m2", NOW + 10));

    assertThat(received("30d")).isEmpty();
    assertThat(pipeline.retained()).isEqualTo(2);
  }

  @Test
  void retained_commands_and_scans_survive_a_restart(@TempDir Path other) {
    event("m1", "u1", "SENT", NOW);
    pipeline.erase(user("u1", NOW + 10));
    pipeline.erase(message("m2", NOW + 10));
    assertThat(pipeline.lifecycles()).isEqualTo(1);

    pipeline = pipeline.restarted(other);
    pipeline.second();
    event("m2", "u2", "SENT", NOW + 20);
    event("m1", "u1", "DELIVERED", NOW + 20);

    assertThat(pipeline.lifecycles()).isZero();
    assertThat(received("30d")).allSatisfy(r -> assertThat(r.getValue().getCommand()).isNotNull());
  }

  @Test
  void a_command_is_retained_as_long_as_in_the_ledger() {
    long end = NOW + DrivenPipeline.LEDGER.toMillis();
    pipeline.erase(message("m1", NOW));

    pipeline.caughtUp(end);
    assertThat(pipeline.retained()).isEqualTo(1);

    pipeline.caughtUp(end + Duration.ofHours(2).toMillis());
    assertThat(pipeline.retained()).isZero();
  }

  private void event(String messageId, @Nullable String user, String status, long time) {
    pipeline.events(time, TestWebhooks.event(messageId, user, status, time));
  }

  /** Records that the tier received since the last call. */
  private List<TestRecord<String, TierRecord>> received(String tier) {
    return pipeline.tierRecords(tier);
  }
}
