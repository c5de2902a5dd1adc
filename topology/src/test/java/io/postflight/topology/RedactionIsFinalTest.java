package io.postflight.topology;

import static io.postflight.topology.DrivenPipeline.NOW;
import static io.postflight.topology.TestCommands.message;
import static io.postflight.topology.TestCommands.redact;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.lifecycle.Edits;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.TierRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guarantee that a redacted field does not return, whatever events arrive. */
class RedactionIsFinalTest {
  private static final long WAIT = Duration.ofDays(3).toMillis();
  private static final long RETAIN = Duration.ofDays(30).toMillis();

  @AutoClose private DrivenPipeline pipeline;

  @BeforeEach
  void open(@TempDir Path dir) {
    pipeline = new DrivenPipeline(dir);
  }

  @Test
  void a_redaction_followed_by_a_read_stays_redacted() {
    pipeline.events(
        NOW, TestWebhooks.event("m1", "u1", "RECEIVED", NOW).replace("}", ",\"body\":\"secret\"}"));
    pipeline.tierRecords("30d");

    pipeline.erase(redact("m1", NOW + 10, "body"));
    pipeline.events(
        NOW + 20,
        TestWebhooks.event("m1", "u1", "READ", NOW + 20).replace("}", ",\"body\":\"secret\"}"));

    List<TierRecord> records =
        pipeline.tierRecords("30d").stream().map(TestRecord::getValue).toList();
    assertThat(records.get(0).getMessage()).isNotNull();
    assertThat(records.get(0).getMessage().getRevision()).isEqualTo(2);
    assertThat(command(records.get(1)).getFields()).containsExactly("body");
    assertThat(records)
        .filteredOn(record -> record.getMessage() != null)
        .hasSize(2)
        .allSatisfy(
            record -> {
              assertThat(facts(record).getRedacted()).containsExactly("body");
              assertThat(Facts.text(facts(record), Facts.BODY)).isNull();
            });
  }

  @Test
  void a_redacted_body_stays_redacted_after_an_edit() {
    pipeline.events(
        NOW, TestWebhooks.event("m1", "u1", "RECEIVED", NOW).replace("}", ",\"body\":\"secret\"}"));
    pipeline.erase(redact("m1", NOW + 10, "body"));
    pipeline.events(
        NOW + 20,
        TestWebhooks.event("m1", "u1", "ANNOTATION", NOW + 20)
            .replace("}", ",\"providerStatus\":\"edit\",\"body\":\"secret\"}"));

    MessageFacts facts = facts(last("30d"));
    assertThat(facts.getEditedAt()).isEqualTo(NOW + 20);
    assertThat(Edits.body(facts)).isNull();
  }

  @Test
  void a_redaction_before_its_message_applies_at_creation() {
    pipeline.erase(redact("m1", NOW - 10, "body"));
    pipeline.erase(redact("m1", NOW - 5, "recipient"));

    pipeline.events(
        NOW, TestWebhooks.event("m1", "u1", "RECEIVED", NOW).replace("}", ",\"body\":\"secret\"}"));

    List<TierRecord> records =
        pipeline.tierRecords("30d").stream().map(TestRecord::getValue).toList();
    assertThat(records).hasSize(3);
    assertThat(command(records.get(1)).getFields()).containsExactly("body", "recipient");
    assertThat(facts(records.get(2)).getRedacted()).containsExactly("body", "recipient");
    assertThat(Facts.text(facts(records.get(2)), Facts.BODY)).isNull();
  }

  @Test
  void a_redaction_is_retained_longer_than_the_state_of_its_message() {
    pipeline.events(NOW, TestWebhooks.event("m1", "u1", "SENT", NOW));
    pipeline.erase(redact("m1", NOW + 10, "body"));
    pipeline.caughtUp(NOW + WAIT + 1);
    pipeline.caughtUp(NOW + RETAIN + 1);
    assertThat(pipeline.lifecycles()).isZero();
    pipeline.tierRecords("30d");

    long late = NOW + RETAIN + 10_000;
    pipeline.events(
        late, TestWebhooks.event("m1", "u1", "READ", late).replace("}", ",\"body\":\"secret\"}"));

    assertThat(facts(last("30d")).getRedacted()).containsExactly("body");
  }

  @Test
  void a_redacted_error_does_not_return_to_the_timeline() {
    String failed =
        TestWebhooks.event("m1", "u1", "FAILED", NOW)
            .replace("}", ",\"error\":{\"code\":\"131047\"}}");
    pipeline.events(NOW, failed);
    pipeline.erase(redact("m1", NOW + 10, "error"));
    pipeline.tierRecords("30d");

    pipeline.events(NOW + 20, failed);

    assertThat(last("30d").getTimeline().get(0).getEvent().getError()).isNull();
  }

  @Test
  void a_redaction_of_an_erased_message_does_nothing() {
    pipeline.erase(message("m1", NOW));
    pipeline.tierRecords("30d");

    pipeline.erase(redact("m1", NOW + 1, "body"));

    assertThat(pipeline.tierRecords("30d")).isEmpty();
    assertThat(pipeline.retained()).isEqualTo(1);
  }

  private TierRecord last(String tier) {
    List<TestRecord<String, TierRecord>> records = pipeline.tierRecords(tier);
    return records.get(records.size() - 1).getValue();
  }

  private static Erasure command(TierRecord record) {
    return Objects.requireNonNull(record.getCommand(), "command");
  }

  private static MessageFacts facts(TierRecord record) {
    return Objects.requireNonNull(record.getMessage(), "message").getFacts();
  }
}
