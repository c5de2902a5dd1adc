package io.postflight.topology;

import static io.postflight.topology.DrivenPipeline.NOW;
import static io.postflight.topology.TestCommands.message;
import static io.postflight.topology.TestCommands.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.tenant.TierPeriod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lifecycle's part of the guarantee that erased data does not return. */
class ErasureIsFinalTest {
  private static final long WAIT = Duration.ofDays(3).toMillis();
  private static final long RETAIN = Duration.ofDays(30).toMillis();

  @AutoClose private DrivenPipeline pipeline;

  @BeforeEach
  void open(@TempDir Path dir) {
    pipeline = new DrivenPipeline(dir);
  }

  @Test
  void the_erasure_of_a_message_deletes_its_state_and_is_sent_under_every_key_of_its_records() {
    event("m1", null, "SENT", NOW);
    event("m1", "u1", "DELIVERED", NOW + 1);
    event("m1", "u2", "READ", NOW + 2);
    received("30d");

    pipeline.erase(message("m1", NOW + 10));

    List<TestRecord<String, TierRecord>> records = received("30d");
    assertThat(records)
        .extracting(TestRecord::key)
        .containsExactly("acme|m1", "acme|u1", "acme|u2");
    assertThat(records)
        .extracting(record -> command(record.getValue()).getUsers())
        .containsExactly(List.of(), List.of("u1"), List.of("u2"));
    assertThat(records)
        .allSatisfy(
            record -> {
              Erasure command = command(record.getValue());
              assertThat(command.getMessageId()).isEqualTo("m1");
              assertThat(command.getUserId()).isNull();
              assertThat(command.getFields()).isEmpty();
              assertThat(command.getAt()).isEqualTo(NOW + 10);
              assertThat(record.getValue().getTimeline()).isEmpty();
              assertThat(record.getValue().getMessage()).isNull();
            });
    assertThat(pipeline.lifecycles()).isZero();
    assertThat(pipeline.tier("15d")).isEmpty();
  }

  @Test
  void a_late_event_does_not_restore_an_erased_message() {
    event("m1", "u1", "SENT", NOW);
    pipeline.erase(message("m1", NOW + 10));
    received("30d");

    event("m1", "u1", "DELIVERED", NOW + 20);
    event("m1", "u1", "SENT", NOW);
    event("m1", "u2", "READ", NOW + 86_400_000);

    assertThat(received("30d")).isEmpty();
    assertThat(pipeline.postflight()).isEmpty();
    assertThat(pipeline.lifecycles()).isZero();
    assertThat(pipeline.count("postflight.erased.events")).isEqualTo(3);
  }

  @Test
  void pending_entries_of_an_erased_message_are_dropped() {
    pipeline.erase(message("m1", NOW));

    event("m1", "u1", "SENT", NOW - 60_000);
    event("m1", "u1", "DELIVERED", NOW + 1);

    assertThat(received("30d"))
        .extracting(record -> command(record.getValue()).getMessageId())
        .containsExactly("m1");
    assertThat(pipeline.lifecycles()).isZero();
  }

  @Test
  void a_message_in_flight_can_be_erased_and_its_deadline_has_no_output() {
    event("m1", "u1", "SENT", NOW);
    pipeline.erase(message("m1", NOW + 10));
    received("30d");

    pipeline.caughtUp(NOW + WAIT + 1);
    pipeline.caughtUp(NOW + RETAIN + 1);

    assertThat(received("30d")).isEmpty();
    assertThat(pipeline.postflight()).isEmpty();
  }

  @Test
  void deletes_of_a_message_that_was_created_after_the_command_was_given_are_newer_than_its_rows() {
    event("m1", "u1", "SENT", NOW);

    pipeline.erase(message("m1", NOW - 5_000));

    assertThat(last("30d").getCommand()).extracting(Erasure::getAt).isEqualTo(NOW);
  }

  @Test
  void other_messages_and_other_tenants_are_not_touched() {
    event("m1", "u1", "SENT", NOW);
    event("m2", "u1", "SENT", NOW);
    pipeline.webhook(
        "events",
        "globex",
        NOW,
        "{\"messageId\":\"m1\",\"userId\":\"u1\",\"status\":\"SENT\",\"eventTime\":%d}"
            .formatted(NOW));
    pipeline.erase(message("m1", NOW + 10));
    received("30d");
    received("15d");

    event("m2", "u1", "DELIVERED", NOW + 20);

    assertThat(pipeline.lifecycles()).isEqualTo(2);
    assertThat(received("30d")).hasSize(1);
    assertThat(received("15d")).isEmpty();
  }

  @Test
  void a_users_command_is_forwarded_at_once_and_the_users_messages_are_erased_later() {
    event("m1", "u1", "SENT", NOW);
    event("m2", "u2", "SENT", NOW);
    received("30d");

    pipeline.erase(user("u1", NOW + 10));

    List<TestRecord<String, TierRecord>> atOnce = received("30d");
    assertThat(atOnce).extracting(TestRecord::key).containsExactly("acme|u1");
    assertThat(command(atOnce.get(0).getValue()).getUserId()).isEqualTo("u1");
    pipeline.second();
    List<TestRecord<String, TierRecord>> erased = received("30d");
    assertThat(erased).extracting(TestRecord::key).containsExactly("acme|m1", "acme|u1");
    assertThat(erased)
        .allSatisfy(r -> assertThat(command(r.getValue()).getMessageId()).isEqualTo("m1"));
    assertThat(pipeline.lifecycles()).isEqualTo(1);
    assertThat(pipeline.userScans()).isZero();
  }

  @Test
  void an_erased_users_message_is_erased_by_its_next_event_if_not_yet_scanned() {
    event("m1", "u1", "SENT", NOW);
    pipeline.erase(user("u1", NOW + 10));
    received("30d");

    event("m1", "u1", "DELIVERED", NOW + 20);

    assertThat(received("30d")).extracting(TestRecord::key).containsExactly("acme|m1", "acme|u1");
    assertThat(pipeline.postflight()).isEmpty();
    event("m1", "u1", "READ", NOW + 30);
    assertThat(received("30d")).isEmpty();
  }

  @Test
  void messages_created_after_the_users_erasure_are_processed() {
    pipeline.erase(user("u1", NOW));
    received("30d");

    event("m1", "u1", "SENT", NOW + 1);
    event("m1", "u1", "DELIVERED", NOW + 2);
    pipeline.second();

    assertThat(received("30d"))
        .hasSize(2)
        .allSatisfy(r -> assertThat(r.getValue().getCommand()).isNull());
    assertThat(pipeline.postflight()).hasSize(1);
  }

  @Test
  void an_earlier_event_that_arrives_late_suppresses_its_message() {
    pipeline.erase(user("u1", NOW));
    received("30d");

    pipeline.events(NOW + 5_000, TestWebhooks.event("m1", "u1", "SENT", NOW - 1));
    event("m1", "u1", "DELIVERED", NOW + 5_001);

    assertThat(received("30d")).isEmpty();
    assertThat(pipeline.lifecycles()).isZero();
  }

  @Test
  void an_event_before_the_erasure_is_dropped_by_a_message_created_after_it() {
    pipeline.erase(user("u1", NOW));
    event("m1", "u1", "DELIVERED", NOW + 5_000);
    received("30d");

    pipeline.events(NOW + 6_000, TestWebhooks.event("m1", "u1", "SENT", NOW - 1));

    assertThat(received("30d")).isEmpty();
    assertThat(pipeline.lifecycles()).isEqualTo(1);
  }

  @Test
  void only_the_events_of_an_erased_participant_of_a_group_are_dropped() {
    event("m1", "u1", "SENT", NOW);
    event("m1", "u2", "DELIVERED", NOW + 1);
    pipeline.erase(user("u2", NOW + 10));
    pipeline.second();
    received("30d");

    event("m1", "u2", "READ", NOW + 20);
    event("m1", "u1", "READ", NOW + 30);

    List<TestRecord<String, TierRecord>> records = received("30d");
    assertThat(records).extracting(TestRecord::key).containsExactly("acme|u1");
    assertThat(facts(records.get(0).getValue()).getTimes()).containsEntry("READ", NOW + 30);
  }

  @Test
  void pending_entries_are_erased_when_their_user_turns_out_to_be_erased() {
    event("m1", null, "SENT", NOW);
    pipeline.erase(user("u1", NOW + 10));
    pipeline.second();
    received("30d");

    event("m1", "u1", "DELIVERED", NOW + 20);

    List<TestRecord<String, TierRecord>> records = received("30d");
    assertThat(records).extracting(TestRecord::key).containsExactly("acme|m1");
    assertThat(command(records.get(0).getValue()).getMessageId()).isEqualTo("m1");
    assertThat(pipeline.lifecycles()).isZero();
  }

  @Test
  void earlier_actions_are_dropped_and_later_ones_kept() {
    pipeline.erase(user("u1", NOW));
    received("30d");

    pipeline.events(NOW + 1, TestWebhooks.action("u1", NOW));
    assertThat(received("30d")).isEmpty();

    pipeline.events(NOW + 1, TestWebhooks.action("u1", NOW + 1));
    pipeline.events(NOW + 1, TestWebhooks.action("u2", NOW));
    assertThat(received("30d")).extracting(TestRecord::key).containsExactly("acme|u1", "acme|u2");
  }

  @Test
  void the_deadline_of_an_erased_users_message_results_in_its_erasure_only() {
    event("m1", "u1", "SENT", NOW);
    pipeline.erase(user("u1", NOW + 10));
    received("30d");

    pipeline.caughtUp(NOW + WAIT + 1);

    assertThat(received("30d")).allSatisfy(r -> assertThat(r.getValue().getCommand()).isNotNull());
    assertThat(pipeline.postflight()).isEmpty();
    assertThat(pipeline.lifecycles()).isZero();
  }

  @Test
  void a_tenant_that_moved_has_its_commands_sent_to_both_tiers() {
    pipeline.tenants.put(
        TestTenants.tenant(
            "moved", new TierPeriod("30d", 0L), new TierPeriod("60d", NOW - 3_600_000L)));

    pipeline.erase(TestCommands.of("moved", null, "u1", List.of(), NOW));
    pipeline.erase(TestCommands.of("moved", "m9", null, List.of(), NOW));

    assertThat(received("30d")).extracting(TestRecord::key).containsExactly("moved|u1", "moved|m9");
    assertThat(received("60d")).extracting(TestRecord::key).containsExactly("moved|u1", "moved|m9");
    assertThat(received("15d")).isEmpty();
  }

  private void event(String messageId, @Nullable String user, String status, long time) {
    pipeline.events(time, TestWebhooks.event(messageId, user, status, time));
  }

  /** Records that the tier received since the last call. */
  private List<TestRecord<String, TierRecord>> received(String tier) {
    return pipeline.tierRecords(tier);
  }

  private TierRecord last(String tier) {
    List<TestRecord<String, TierRecord>> records = received(tier);
    return records.get(records.size() - 1).getValue();
  }

  private static Erasure command(TierRecord record) {
    return Objects.requireNonNull(record.getCommand(), "command");
  }

  private static MessageFacts facts(TierRecord record) {
    return Objects.requireNonNull(record.getMessage(), "message").getFacts();
  }
}
