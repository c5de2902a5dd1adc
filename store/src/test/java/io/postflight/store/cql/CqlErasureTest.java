package io.postflight.store.cql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.event.Status;
import io.postflight.schema.message.TierRecord;
import io.postflight.store.ErasureContract;
import io.postflight.store.EventStore;
import io.postflight.store.Samples;
import io.postflight.store.Table;
import io.postflight.store.Tier;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CqlErasureTest extends ErasureContract {
  /** Of few partitions, each of which a user's erasure deletes. */
  private static final Tier SHORT = Tier.of(TIER.name(), Duration.ofDays(1));

  private static CqlTables tables;

  @BeforeAll
  static void createTables() {
    tables =
        new CqlTables(CqlTables.settings(SharedServers.uniqueName("erasure")), tenant -> SHARDS);
  }

  @AfterAll
  static void close() {
    tables.close();
  }

  @Override
  protected EventStore store(Tier tier) {
    return tables.store(tier);
  }

  @Override
  protected long now() {
    return System.currentTimeMillis();
  }

  @Override
  protected void letPass(Duration time) {
    CqlTables.letPass(time);
  }

  @Override
  protected List<String> dump(Table table, String tenant) {
    return tables.dump(table, tenant);
  }

  @Test
  void a_user_with_more_rows_than_a_page_is_erased_in_one_go() {
    long time = now() - Duration.ofDays(2).toMillis();
    for (int i = 0; i < 700; i++) {
      write(life("m" + i, USER, time + i * 100L).subList(0, 2));
    }
    for (int i = 0; i < 700; i++) {
      write(Samples.timeline(Samples.action(tenant, USER, "viewed", time + i * 100L), 3));
    }

    long rows = erase(user(USER, now()));

    assertThat(rows).isEqualTo(700 * (1 + 1 + 2 + 1) + 3);
    assertThat(everything(tenant)).isEmpty();
  }

  @Test
  void what_a_redaction_writes_dies_with_its_message() {
    long created = now() - Duration.ofDays(10).toMillis();
    write(life("m1", USER, created));
    erase(redaction("m1", List.of("body", "error"), now()));

    long expected = (created + Duration.ofDays(30).toMillis() - now()) / 1000;
    Row message = select("TTL(redacted)", "message", "message_id = 'm1'");
    Row latest = select("TTL(event)", "latest", "type = 'message.failed'");
    assertThat((long) message.getInt(0)).isCloseTo(expected, within(2L));
    assertThat((long) latest.getInt(0)).isCloseTo(expected, within(2L));
  }

  @Test
  void a_redaction_that_crossed_an_erasure_leaves_no_message_and_goes_with_the_next_attempt() {
    tables.session.execute(
        ("UPDATE %s.message USING TIMESTAMP %d AND TTL 60 SET redacted = ['body']"
                + " WHERE tenant = '%s' AND message_id = 'm1'")
            .formatted(tables.settings.keyspace(), (now() + 5_000) * 1_000, tenant));
    assertThat(get(store(TIER).message(tenant, "m1"))).isEmpty();

    assertThat(erase(message("m1", now()))).isZero();

    assertThat(select("COUNT(*)", "message", "message_id = 'm1'").getLong(0)).isZero();
  }

  @Test
  void a_users_erasure_that_broke_off_anywhere_is_whole_once_it_is_done_again() {
    long at = now() - 50_000;
    int deaths =
        deathsUntilWhole(
            changes -> {
              String end = "/" + changes + "/";
              Erasure command = user(USER + end, at);
              livesAround(at, USER + end, end).forEach(record -> write(store(SHORT), record));

              boolean died =
                  dies(
                      new UserEraser(dyingAfter(changes), command, USER + end, stamp(command))
                          .erase());
              get(store(SHORT).erase(command, stamp(command)));

              assertThat(everything(tenant))
                  .filteredOn(row -> row.contains(end))
                  .as("rows left after %d changes and another attempt", changes)
                  .allMatch(row -> row.contains("new" + end) || row.contains("owner" + end))
                  .hasSize(2 * (1 + 1 + 3 + 3));
              return died;
            });
    assertThat(deaths).isGreaterThanOrEqualTo(10);
  }

  /**
   * Messages of a user that are created before a time, after it, and before it with later events.
   */
  private List<TierRecord> livesAround(long at, String user, String end) {
    List<TierRecord> late =
        Samples.life(
            TIER.name(),
            Samples.event(tenant, user, "late" + end, Status.SENT, at - 10_000),
            Samples.event(tenant, user, "late" + end, Status.READ, at + 5_000),
            Samples.event(tenant, user, "late" + end, Status.READ, at + 6_000));
    List<TierRecord> records = new ArrayList<>(life("old" + end, user, at - 10_000));
    // Of this one, only what is newer than the time stands on the timeline.
    records.addAll(late.subList(1, 3));
    records.addAll(life("group" + end, "owner" + end, at - 10_000));
    records.add(
        Samples.timeline(Samples.event(tenant, user, "group" + end, Status.PLAYED, at + 5_000), 1));
    records.addAll(life("new" + end, user, at + 1));
    return records;
  }

  @Test
  void a_messages_erasure_that_broke_off_anywhere_is_whole_once_it_is_done_again() {
    long created = now() - 50_000;
    int deaths =
        deathsUntilWhole(
            changes -> {
              String id = "m" + changes + '/';
              Erasure command = message(id, created + 500);
              life(id, USER + id, created).forEach(record -> write(store(SHORT), record));

              boolean died =
                  dies(new MessageEraser(dyingAfter(changes), command, id, stamp(command)).erase());
              get(store(SHORT).erase(command, stamp(command)));

              assertThat(everything(tenant))
                  .as("rows left after %d changes and another attempt", changes)
                  .noneMatch(row -> row.contains(id));
              return died;
            });
    assertThat(deaths).isGreaterThanOrEqualTo(1 + 3 + 3);
  }

  @Test
  void a_redaction_that_broke_off_anywhere_is_whole_once_it_is_done_again() {
    int deaths =
        deathsUntilWhole(
            changes -> {
              String id = "m" + changes;
              Erasure command = redaction(id, List.of("body", "error"), now());
              life(id, USER + id, now() - 50_000).forEach(record -> write(store(SHORT), record));

              boolean died =
                  dies(
                      new FieldRedactor(dyingAfter(changes), command, id, stamp(command)).redact());
              get(store(SHORT).erase(command, stamp(command)));

              assertThat(everything(tenant))
                  .as("rows after %d changes and another attempt", changes)
                  .noneMatch(row -> row.contains("Grüße") || row.contains("131047"))
                  .hasSize((changes + 1) * (1 + 1 + 3 + 3));
              return died;
            });
    assertThat(deaths).isGreaterThanOrEqualTo(1 + 1 + 1);
  }

  /** Lets a process die after no change, after one, after two, until one has done all; counts. */
  private static int deathsUntilWhole(IntPredicate diesAfter) {
    int changes = 0;
    while (diesAfter.test(changes)) {
      changes++;
    }
    return changes;
  }

  private static long stamp(Erasure command) {
    return ErasureTimes.micros(command);
  }

  /** Requests of a process that dies once it has changed so much. */
  private static ErasureRequests dyingAfter(int changes) {
    CqlSession session = MortalSession.of(tables.session, changes);
    return new ErasureRequests(
        get(Statements.prepare(session, tables.settings.keyspace())),
        SHORT,
        tenant -> SHARDS,
        InstantSource.system());
  }

  private static boolean dies(CompletionStage<Long> erasure) {
    return erasure.handle((rows, failure) -> failure != null).toCompletableFuture().join();
  }

  private Row select(String what, String table, String where) {
    Row row =
        tables
            .session
            .execute(
                "SELECT %s FROM %s.%s WHERE tenant = '%s' AND %s ALLOW FILTERING"
                    .formatted(what, tables.settings.keyspace(), table, tenant, where))
            .one();
    return Objects.requireNonNull(row);
  }
}
