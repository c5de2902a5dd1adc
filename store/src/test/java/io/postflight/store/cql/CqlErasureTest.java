package io.postflight.store.cql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.data.UdtValue;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureScope;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.erasure.Period;
import io.postflight.schema.event.Status;
import io.postflight.schema.message.TierRecord;
import io.postflight.store.ErasureContract;
import io.postflight.store.StoreEnvironment;
import io.postflight.store.StoreSamples;
import io.postflight.store.Tier;
import io.postflight.store.TimelineItem;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CqlErasureTest extends ErasureContract {
  /** A tier with few partitions, all of which a user's erasure deletes. */
  private static final Tier SHORT = Tier.of(TIER.name(), Duration.ofDays(1));

  @RegisterExtension static final CqlTables TABLES = CqlTables.of("erasure", tenant -> SHARDS);

  @Override
  protected StoreEnvironment stores() {
    return TABLES;
  }

  @Test
  void a_user_with_several_pages_of_rows_is_erased_completely() {
    long time = now() - Duration.ofDays(2).toMillis();
    for (int i = 0; i < 700; i++) {
      write(lifecycle("m" + i, USER, time + i * 100L).subList(0, 2));
    }
    for (int i = 0; i < 700; i++) {
      write(StoreSamples.timeline(StoreSamples.action(tenant, USER, "viewed", time + i * 100L), 3));
    }

    long rows = erase(user(USER, now()));

    assertThat(rows).isEqualTo(700 * (1 + 1 + 2 + 1));
    assertThat(allRows(tenant)).isEmpty();
  }

  @Test
  void cells_of_a_redaction_expire_with_their_message() {
    long created = now() - Duration.ofDays(10).toMillis();
    write(lifecycle("m1", USER, created));
    erase(redaction("m1", List.of("body", "error"), now()));

    long expected = (created + Duration.ofDays(30).toMillis() - now()) / 1000;
    Row message = select("TTL(redacted)", "message", "message_id = 'm1'");
    assertThat((long) message.getInt(0)).isCloseTo(expected, within(2L));
  }

  @Test
  void a_moved_pointer_expires_with_the_event_to_which_it_leads() {
    long time = now() - Duration.ofDays(2).toMillis();
    write(lifecycle("m1", USER, time - Duration.ofDays(1).toMillis()).subList(0, 1));
    write(lifecycle("m2", USER, time).subList(0, 1));

    erase(message("m2", now()));

    assertThat(latest("message.sent")).extracting(TimelineItem::messageId).containsExactly("m1");
    Row pointer = select("last['message.sent'], TTL(type)", "timeline", "message_id = 'm1'");
    UdtValue moved = Objects.requireNonNull(pointer.getUdtValue(0));
    assertThat(moved.getLong("written_at")).isEqualTo(time * 1000 + 1);
    Row cell = select("TTL(last['message.sent'])", "timeline", "message_id = 'm1'");
    assertThat(cell.getInt(0)).isCloseTo(pointer.getInt(1), within(1));
  }

  @Test
  void concurrent_erasures_of_neighbours_leave_no_pointer_to_a_deleted_event() {
    long time = now() - 90_000;
    for (int i = 0; i < 40; i++) {
      write(lifecycle("m" + i, USER, time + i * 1_000L));
    }

    List<CompletableFuture<Long>> erasures = new ArrayList<>();
    for (int i = 1; i < 40; i++) {
      Erasure command = message("m" + i, now());
      erasures.add(store(TIER).erase(command, stamp(command)).toCompletableFuture());
    }
    erasures.forEach(CompletableFuture::join);

    assertThat(latest(null)).hasSize(3).extracting(TimelineItem::messageId).containsOnly("m0");
  }

  @Test
  void
      a_redaction_concurrent_with_an_erasure_leaves_no_message_and_is_deleted_by_the_next_attempt() {
    TABLES.session.execute(
        ("UPDATE %s.message USING TIMESTAMP %d AND TTL 60 SET redacted = ['body']"
                + " WHERE tenant = '%s' AND message_id = 'm1'")
            .formatted(TABLES.settings.keyspace(), (now() + 5_000) * 1_000, tenant));
    assertThat(get(store(TIER).message(tenant, "m1"))).isEmpty();

    assertThat(erase(message("m1", now()))).isZero();

    assertThat(select("COUNT(*)", "message", "message_id = 'm1'").getLong(0)).isZero();
  }

  @Test
  void a_users_erasure_that_crashed_anywhere_is_completed_by_another_attempt() {
    long at = now() - 50_000;
    int crashCount =
        crashesUntilComplete(
            changes -> {
              String end = "/" + changes + "/";
              Erasure command = user(USER + end, at);
              lifecyclesAround(at, USER + end, end).forEach(record -> write(store(SHORT), record));

              boolean crashed =
                  crashes(
                      new UserEraser(crashingAfter(changes), command, USER + end, stamp(command))
                          .erase());
              get(store(SHORT).erase(command, stamp(command)));

              assertThat(allRows(tenant))
                  .filteredOn(row -> row.contains(end))
                  .as("rows left after %d changes and another attempt", changes)
                  .allMatch(row -> row.contains("new" + end) || row.contains("owner" + end))
                  .hasSize(2 * (1 + 1 + 3));
              return crashed;
            });
    assertThat(crashCount).isGreaterThanOrEqualTo(10);
  }

  /** Messages of a user created before a time, after it, and before it with later events. */
  private List<TierRecord> lifecyclesAround(long at, String user, String end) {
    List<TierRecord> late =
        StoreSamples.lifecycle(
            TIER.name(),
            StoreSamples.event(tenant, user, "late" + end, Status.SENT, at - 10_000),
            StoreSamples.event(tenant, user, "late" + end, Status.READ, at + 5_000),
            StoreSamples.event(tenant, user, "late" + end, Status.READ, at + 6_000));
    List<TierRecord> records = new ArrayList<>(lifecycle("old" + end, user, at - 10_000));
    // Of this one, only events after the time are in the timeline.
    records.addAll(late.subList(1, 3));
    records.addAll(lifecycle("group" + end, "owner" + end, at - 10_000));
    records.add(
        StoreSamples.timeline(
            StoreSamples.event(tenant, user, "group" + end, Status.PLAYED, at + 5_000), 1));
    records.addAll(lifecycle("new" + end, user, at + 1));
    return records;
  }

  @Test
  void an_erasure_in_a_scope_that_crashed_anywhere_is_completed_by_another_attempt() {
    long at = now() - 50_000;
    ErasureScope scope =
        new ErasureScope(List.of(), List.of(new Period(Long.MIN_VALUE, at - 9_500)));
    int crashCount =
        crashesUntilComplete(
            changes -> {
              String end = "/" + changes + "/";
              Erasure command = Erasure.newBuilder(user(USER + end, at)).setScope(scope).build();
              lifecyclesAround(at, USER + end, end).forEach(record -> write(store(SHORT), record));
              lifecycle("before" + end, USER + end, at - 9_000)
                  .forEach(record -> write(store(SHORT), record));

              boolean crashed =
                  crashes(
                      new UserEraser(crashingAfter(changes), command, USER + end, stamp(command))
                          .erase());
              get(store(SHORT).erase(command, stamp(command)));

              // Of the group the participant's row is outside of the scope.
              assertThat(allRows(tenant))
                  .filteredOn(row -> row.contains(end))
                  .as("rows left after %d changes and another attempt", changes)
                  .noneMatch(row -> row.contains("old" + end) || row.contains("late" + end))
                  .hasSize(3 * (1 + 1 + 3) + 1);
              return crashed;
            });
    assertThat(crashCount).isGreaterThanOrEqualTo(7);
  }

  @Test
  void a_messages_erasure_that_crashed_anywhere_is_completed_by_another_attempt() {
    long created = now() - 50_000;
    int crashCount =
        crashesUntilComplete(
            changes -> {
              String id = "m" + changes + '/';
              Erasure command = message(id, created + 500);
              lifecycle(id, USER + id, created).forEach(record -> write(store(SHORT), record));

              boolean crashed =
                  crashes(
                      new MessageEraser(crashingAfter(changes), command, id, stamp(command))
                          .apply());
              get(store(SHORT).erase(command, stamp(command)));

              assertThat(allRows(tenant))
                  .as("rows left after %d changes and another attempt", changes)
                  .noneMatch(row -> row.contains(id));
              return crashed;
            });
    assertThat(crashCount).isGreaterThanOrEqualTo(1 + 3 + 3);
  }

  @Test
  void a_redaction_that_crashed_anywhere_is_completed_by_another_attempt() {
    int crashCount =
        crashesUntilComplete(
            changes -> {
              String id = "m" + changes;
              Erasure command = redaction(id, List.of("body", "error"), now());
              lifecycle(id, USER + id, now() - 50_000)
                  .forEach(record -> write(store(SHORT), record));

              boolean crashed =
                  crashes(
                      new FieldRedactor(crashingAfter(changes), command, id, stamp(command))
                          .apply());
              get(store(SHORT).erase(command, stamp(command)));

              assertThat(allRows(tenant))
                  .as("rows after %d changes and another attempt", changes)
                  .noneMatch(row -> row.contains("Grüße") || row.contains("131047"))
                  .hasSize((changes + 1) * (1 + 1 + 3));
              return crashed;
            });
    assertThat(crashCount).isGreaterThanOrEqualTo(1 + 1 + 1);
  }

  /**
   * Crashes a process after no change, after one, after two, until one completes; returns the
   * number of crashes.
   */
  private static int crashesUntilComplete(IntPredicate crashesAfter) {
    int changes = 0;
    while (crashesAfter.test(changes)) {
      changes++;
    }
    return changes;
  }

  private static long stamp(Erasure command) {
    return ErasureTimes.micros(command);
  }

  /** Requests of a process that crashes after a number of changes. */
  private static ErasureRequests crashingAfter(int changes) {
    CqlSession session = CrashingSession.of(TABLES.session, changes);
    return new ErasureRequests(
        get(Statements.prepare(session, TABLES.settings.keyspace())),
        SHORT,
        tenant -> SHARDS,
        InstantSource.system());
  }

  private static boolean crashes(CompletionStage<Long> erasure) {
    return erasure.handle((rows, failure) -> failure != null).toCompletableFuture().join();
  }

  private Row select(String what, String table, String where) {
    Row row =
        TABLES
            .session
            .execute(
                "SELECT %s FROM %s.%s WHERE tenant = '%s' AND %s ALLOW FILTERING"
                    .formatted(what, TABLES.settings.keyspace(), table, tenant, where))
            .one();
    return Objects.requireNonNull(row);
  }
}
