package io.postflight.replay;

import static io.postflight.replay.GeneratedRecords.failed;
import static io.postflight.replay.GeneratedRecords.lastOfItsUser;
import static io.postflight.replay.GeneratedRecords.lifecycles;
import static io.postflight.replay.GeneratedRecords.redacted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.postflight.replay.RestoreSettings.ReplayRange;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.store.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Guarantees of a restore, on real servers. */
class RestoreTest {
  private static final Tier TIER = Tier.of("30d", Duration.ofDays(30));
  private static final String TENANT = "drill";

  @AutoClose private final TierFixture fixture = new TierFixture(TIER, Duration.ofDays(10));
  private final long now = System.currentTimeMillis();

  @Test
  void a_restored_keyspace_equals_the_lost_one_byte_for_byte() throws Exception {
    List<TierRecord> records = records(300);
    fixture.produce(records);
    String last = lastOfItsUser(records, "drill-user-3");
    String failed = failed(records, last);
    List<TierRecord> redacted =
        List.of(redacted(records, "drill-message-8", "body"), redacted(records, failed, "error"));
    fixture.produce(redacted);
    records.addAll(redacted);
    Collections.shuffle(records, new Random(3));
    fixture.write(records);
    List<Erasure> commands =
        List.of(
            fixture.order(TENANT, last, null, List.of(), now),
            fixture.order(TENANT, "drill-message-8", null, List.of("body"), now + 1),
            fixture.order(TENANT, failed, null, List.of("error"), now + 2),
            fixture.order(TENANT, null, "drill-user-3", List.of(), now + 3));
    commands.forEach(this::erase);
    Map<String, List<Long>> lost = fixture.dump();
    assertThat(lost).hasSizeGreaterThan(1_000);

    fixture.truncate();
    assertThat(fixture.dump()).isEmpty();
    RestoreReport report = restore(new ReplayRange(0, null, null));

    assertSame(fixture.dump(), lost);
    assertThat(report.rowsErased()).isGreaterThan(5);
    assertThat(report.rowsRead())
        .isEqualTo(report.rowsWritten() + report.rowsErased() + report.rowsExpired());
    assertThat(report.erasures()).isEqualTo(4);
    assertThat(report.coveredFrom()).isNull();

    restore(new ReplayRange(0, null, null));
    assertSame(fixture.dump(), lost);
    VerifyReport verified =
        Verify.run(
            fixture.replay(),
            fixture.store,
            VerifySettings.of(0, null).withRechecks(0, Duration.ZERO).exact());
    assertThat(verified.differences()).isEmpty();
    assertThat(verified.rowsErased()).isGreaterThan(5);
  }

  @Test
  void a_users_erasure_removes_a_group_message_from_all_timelines() throws Exception {
    Erasure user = fixture.order(TENANT, null, "u-erased", List.of(), now);
    fixture.produceInOrder(groupMessage());
    fixture.produceCopies(derived(user), "u-erased");

    restore(new ReplayRange(0, null, null));

    assertThat(fixture.dump()).isEmpty();
    VerifyReport verified =
        Verify.run(
            fixture.replay(),
            fixture.store,
            VerifySettings.of(0, null).withRechecks(1, Duration.ZERO));
    assertThat(verified.differences()).isEmpty();
  }

  @Test
  void a_restore_to_a_time_applies_commands_derived_later() throws Exception {
    Erasure user = fixture.order(TENANT, null, "u-erased", List.of(), now);
    fixture.produceInOrder(groupMessage());
    long to = System.currentTimeMillis() + 1;
    await().until(() -> System.currentTimeMillis() > to);
    fixture.produceCopies(derived(user), "u-erased");

    restore(new ReplayRange(0, to, null));

    assertThat(fixture.dump()).isEmpty();
    VerifyReport verified =
        Verify.run(
            fixture.replay(),
            fixture.store,
            VerifySettings.of(0, to).withRechecks(0, Duration.ZERO));
    assertThat(verified.differences()).isEmpty();
  }

  @Test
  void a_killed_restore_has_applied_every_copy_of_the_commands_that_it_has_read() throws Exception {
    Erasure user = fixture.order(TENANT, null, "u-erased", List.of(), now);
    fixture.produceInOrder(groupMessage());
    fixture.produceCopies(derived(user), "u-erased");
    ReplayStore dying =
        new ReplayStore(
            fixture.store,
            fixture.store,
            fixture.store,
            fixture.store,
            (command, micros) -> {
              if (command.getUserId() != null) {
                throw new Killed(); // all offsets are committed before the ledger is applied
              }
              return fixture.store.erase(command, micros);
            });
    assertThatThrownBy(
            () ->
                Restore.run(
                    fixture.replay(),
                    dying,
                    RestoreSettings.of("killed", new ReplayRange(0, null, null)),
                    at -> {}))
        .isInstanceOf(Killed.class);

    RestoreReport rest =
        Restore.run(fixture.replay(), store(), RestoreSettings.resumed("killed"), at -> {});

    assertThat(rest.records()).isZero();
    assertThat(fixture.dump()).isEmpty();
  }

  /** A message of u-erased with an event of another participant. */
  private List<TierRecord> groupMessage() {
    MessageEvent ofUser = delivered("u-erased", now - 60_000);
    MessageRevision message =
        new MessageRevision(
            TENANT, "m-group", "30d", now - 60_000, now - 60_000, 1, 1, Facts.of(ofUser));
    return List.of(timeline(ofUser, message), timeline(delivered("u-other", now - 50_000), null));
  }

  /** The command that the lifecycle derives for this message: only in the tier topic. */
  private static Erasure derived(Erasure user) {
    return Erasure.newBuilder(user)
        .setUserId(null)
        .setMessageId("m-group")
        .setUsers(List.of("u-erased", "u-other"))
        .build();
  }

  @Test
  void records_that_can_never_be_stored_are_reported_and_skipped() throws Exception {
    MessageEvent event = delivered("u-large", now - 60_000);
    MessageRevision large =
        new MessageRevision(TENANT, "m".repeat(70_000), "30d", now, now, 1, 1, Facts.of(event));
    MessageRevision body =
        new MessageRevision(
            TENANT,
            "m-body",
            "30d",
            now,
            now,
            1,
            1,
            Facts.of(MessageEvent.newBuilder(event).setBody("x".repeat(950 << 10)).build()));
    Erasure aimless =
        Erasure.newBuilder(fixture.order(TENANT, "m-other", null, List.of(), now - 1))
            .setMessageId(null)
            .build();
    fixture.produceInOrder(
        List.of(
            new TierRecord(TENANT, List.of(), large, now, null, now, null),
            new TierRecord(TENANT, List.of(), null, now, aimless, null, null),
            timeline(event, body),
            timeline(event, null)));

    RestoreReport report = restore(new ReplayRange(0, null, null));

    assertThat(report.unreadable()).isEqualTo(3);
    assertThat(report.refused()).isZero();
    assertThat(report.problems())
        .hasSize(3)
        .allMatch(problem -> problem.startsWith(fixture.topic + "-0@"))
        .anyMatch(problem -> problem.contains("message_id has 70000 bytes"));
    assertThat(fixture.dump()).hasSize(1);
    VerifyReport verified = Verify.run(fixture.replay(), fixture.store, VerifySettings.of(0, null));
    assertThat(verified.clean()).isTrue();
    assertThat(verified.unreadable()).isEqualTo(3);
    assertThat(verified.problems()).isEqualTo(report.problems());
    assertThat(verified.rowsChecked()).isOne();
  }

  @Test
  void a_killed_restore_resumes_at_its_last_commit() throws Exception {
    List<TierRecord> records = records(300);
    fixture.produce(records);
    fixture.produceGarbage();
    fixture.write(records);
    Map<String, List<Long>> lost = fixture.dump();
    fixture.truncate();
    RestoreSettings slow =
        RestoreSettings.of("killed", new ReplayRange(0, null, null)).withRate(() -> 500);

    assertThatThrownBy(
            () ->
                Restore.run(
                    fixture.replay(),
                    store(),
                    slow,
                    at -> {
                      if (at.rowsWritten() > 1_200) {
                        throw new Killed();
                      }
                    }))
        .isInstanceOf(Killed.class);
    assertThat(fixture.dump().size()).isBetween(100, lost.size() - 100);
    assertThat(RunningRestores.of(fixture.replay())).containsExactly("killed");
    RestoreReport rest =
        Restore.run(fixture.replay(), store(), RestoreSettings.resumed("killed"), at -> {});

    assertThat(RunningRestores.of(fixture.replay())).isEmpty();
    assertSame(fixture.dump(), lost);
    assertThat(rest.records()).isBetween(100L, records.size() - 100L);
    RestoreReport nothing =
        Restore.run(fixture.replay(), store(), RestoreSettings.resumed("killed"), at -> {});
    assertThat(nothing.records()).isZero();
  }

  @Test
  void a_dry_run_counts_and_changes_nothing() throws Exception {
    List<TierRecord> records = records(50);
    fixture.produce(records);
    fixture.produceGarbage();

    RestoreSettings dry = RestoreSettings.of("dry", new ReplayRange(0, null, null)).asDryRun();
    RestoreReport report = Restore.run(fixture.replay(), store(), dry, at -> {});

    assertThat(report.records()).isEqualTo(records.size() + 1);
    assertThat(report.rowsWritten()).isEqualTo(report.rowsRead()).isGreaterThan(200);
    assertThat(report.unreadable()).isOne();
    assertThat(report.problems()).singleElement().asString().startsWith(fixture.topic);
    assertThat(fixture.dump()).isEmpty();
    assertNothingToResume("dry");
  }

  @Test
  void only_the_requested_range_and_tenant_are_restored() throws Exception {
    fixture.produce(records(20));
    long between = System.currentTimeMillis() + 1;
    await().until(() -> System.currentTimeMillis() > between);
    fixture.produce(records(60).subList(100, 140));

    assertThat(restore(new ReplayRange(0, null, "somebody-else")).rowsRead()).isZero();
    assertThat(restore(new ReplayRange(between, null, TENANT)).records()).isEqualTo(40);
    assertThat(restore(new ReplayRange(between + 3_600_000, null, null)).records()).isZero();
    assertNothingToResume("never-begun");
  }

  @Test
  void expired_rows_are_skipped_and_counted() throws Exception {
    fixture.produce(new ArrayList<>(lifecycles(10, now - Duration.ofDays(31).toMillis())));

    RestoreReport report = restore(new ReplayRange(0, null, null));

    assertThat(report.rowsExpired()).isEqualTo(report.rowsRead()).isPositive();
    assertThat(fixture.dump()).isEmpty();
  }

  private static MessageEvent delivered(String user, long time) {
    return MessageEvent.newBuilder()
        .setTenant(TENANT)
        .setMessageId("m-group")
        .setEventId("e-" + user)
        .setUserId(user)
        .setType("message.delivered")
        .setProvider("events")
        .setChannel("WHATSAPP")
        .setDirection(Direction.OUTBOUND)
        .setStatus(Status.DELIVERED)
        .setEventTime(time)
        .setEventTimeSource(EventTimeSource.PROVIDER)
        .setReceivedAt(time)
        .build();
  }

  private static TierRecord timeline(MessageEvent event, @Nullable MessageRevision message) {
    return new TierRecord(
        TENANT,
        List.of(new TimelineEntry(event, event.getEventTime(), 1)),
        message,
        event.getReceivedAt(),
        null,
        event.getEventTime(),
        null);
  }

  private void assertNothingToResume(String id) {
    assertThatThrownBy(
            () -> Restore.run(fixture.replay(), store(), RestoreSettings.resumed(id), at -> {}))
        .isInstanceOf(ReplayException.class)
        .hasMessageContaining(id);
  }

  /** Aborts a restore immediately. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private RestoreReport restore(ReplayRange range) throws InterruptedException {
    return Restore.run(
        fixture.replay(), store(), RestoreSettings.of("r" + System.nanoTime(), range), at -> {});
  }

  private ReplayStore store() {
    return ReplayStore.of(fixture.store);
  }

  private void erase(Erasure command) {
    fixture
        .store
        .erase(command, ErasureTimes.micros(command))
        .toCompletableFuture()
        .orTimeout(60, TimeUnit.SECONDS)
        .join();
  }

  private List<TierRecord> records(int messages) {
    return lifecycles(messages, now);
  }

  private static void assertSame(Map<String, List<Long>> rows, Map<String, List<Long>> lost) {
    assertThat(without(lost, rows)).as("rows not restored").isEmpty();
    assertThat(without(rows, lost)).as("rows that were not there").isEmpty();
    rows.forEach(
        (row, ends) -> {
          List<Long> before = lost.getOrDefault(row, List.of());
          assertThat(ends).as(row).hasSameSizeAs(before);
          for (int i = 0; i < ends.size(); i += 2) {
            assertThat(ends.get(i) - before.get(i + 1)).as(row).isLessThanOrEqualTo(1);
            assertThat(before.get(i) - ends.get(i + 1)).as(row).isLessThanOrEqualTo(1);
          }
        });
  }

  private static List<String> without(
      Map<String, List<Long>> some, Map<String, List<Long>> others) {
    return some.keySet().stream().filter(row -> !others.containsKey(row)).limit(5).toList();
  }
}
