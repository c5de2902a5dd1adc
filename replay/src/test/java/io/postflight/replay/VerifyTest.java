package io.postflight.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.replay.Difference.Defect;
import io.postflight.replay.Difference.Repair;
import io.postflight.schema.message.TierRecord;
import io.postflight.store.MessageRow;
import io.postflight.store.Row;
import io.postflight.store.RowKey;
import io.postflight.store.RowReader;
import io.postflight.store.Rows;
import io.postflight.store.StoreException;
import io.postflight.store.Table;
import io.postflight.store.Tier;
import io.postflight.store.TimelineRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a verification reports, on real servers. */
class VerifyTest {
  private static final Tier TIER = Tier.of("30d", Duration.ofDays(30));
  private static final String TENANT = "drill";

  @AutoClose private final TierFixture fixture = new TierFixture(TIER, Duration.ofDays(10));
  private final long now = System.currentTimeMillis();

  @Test
  void each_kind_of_difference_is_reported_and_repaired_if_possible() throws Exception {
    List<TierRecord> records = records(40);
    fixture.produce(records);
    fixture.write(records);
    assertThat(verify(VerifySettings.of(0, null)).different()).isZero();

    TimelineRow missing = (TimelineRow) rows(records, Table.TIMELINE).get(0);
    done(fixture.store.remove(missing.key(), missing.writeTimestampMicros()));
    MessageRow other = (MessageRow) last(records, "drill-message-3");
    fixture.session.execute(
        ("UPDATE %s.message USING TIMESTAMP %d AND TTL %d SET provider = 'zzz'"
                + " WHERE tenant = ? AND message_id = ?")
            .formatted(fixture.name, other.writeTimestampMicros(), 30 * 86_400),
        TENANT,
        "drill-message-3");
    fixture.order(TENANT, "drill-message-5", null, List.of(), now);

    VerifyReport found = verify(VerifySettings.of(0, null).withRechecks(0, Duration.ZERO));
    assertThat(found.differences())
        .filteredOn(difference -> difference.kind() == Defect.MISSING)
        .singleElement()
        .satisfies(difference -> assertThat(difference.key()).isEqualTo(missing.key()));
    assertThat(found.differences())
        .filteredOn(difference -> difference.kind() == Defect.DIFFERENT)
        .singleElement()
        .satisfies(
            difference -> {
              assertThat(difference.key()).isEqualTo(other.key());
              assertThat(difference.columns()).containsExactly("provider");
              assertThat(difference.detail()).doesNotContain("zzz");
            });
    assertThat(found.differences())
        .filteredOn(difference -> difference.kind() == Defect.NOT_ERASED)
        .hasSizeGreaterThanOrEqualTo(3);
    assertThat(found.redo()).isNotEmpty();

    List<Difference> after = new ArrayList<>();
    VerifyReport repaired =
        Verify.repair(
            fixture.replay(),
            ReplayStore.of(fixture.store),
            VerifySettings.of(0, null).withRechecks(0, Duration.ZERO),
            new VerifyListener() {
              @Override
              public void at(VerifyProgress progress) {}

              @Override
              public void found(Difference difference) {
                after.add(difference);
              }
            });
    assertThat(repaired.repaired()).isEqualTo(repaired.different() - 2);
    assertThat(after)
        .filteredOn(difference -> difference.repair() == Repair.IMPOSSIBLE)
        .extracting(Difference::kind)
        .containsExactlyInAnyOrder(Defect.MISSING, Defect.DIFFERENT);
    assertThat(verify(VerifySettings.of(0, null).withRechecks(0, Duration.ZERO)).different())
        .isEqualTo(2);
  }

  @Test
  void lost_rows_are_reported_and_rewritten() throws Exception {
    List<TierRecord> records = records(40);
    fixture.produce(records);
    fixture.write(records.subList(20, records.size()));
    VerifySettings hasty = VerifySettings.of(0, null).withRechecks(1, Duration.ofMillis(200));

    VerifyReport found = verify(hasty);
    assertThat(found.different()).isGreaterThan(20);
    assertThat(found.rowsRechecked()).isEqualTo(found.different());
    VerifyReport repaired =
        Verify.repair(fixture.replay(), ReplayStore.of(fixture.store), hasty, at -> {});
    assertThat(repaired.clean()).isTrue();
    assertThat(repaired.redo()).isEmpty();
    assertThat(verify(hasty).different()).isZero();
  }

  @Test
  void rows_in_flight_are_not_differences() throws Exception {
    List<TierRecord> records = records(40);
    fixture.produce(records);
    fixture.write(records.subList(0, 60));
    AtomicBoolean observedPending = new AtomicBoolean();

    VerifyReport report =
        Verify.run(
            fixture.replay(),
            fixture.store,
            VerifySettings.of(0, null).withRechecks(50, Duration.ofMillis(200)),
            at -> {
              if (at.pending() > 0 && observedPending.compareAndSet(false, true)) {
                CompletableFuture<Void> unused =
                    CompletableFuture.runAsync(
                        () -> {
                          fixture.order(TENANT, "drill-message-30", null, List.of(), now);
                          fixture.write(
                              records.subList(60, records.size()).stream()
                                  .filter(record -> !of(record, "drill-message-30"))
                                  .toList());
                        });
              }
            });

    assertThat(observedPending).isTrue();
    assertThat(report.rowsRechecked()).isPositive();
    assertThat(report.differences()).isEmpty();
  }

  @Test
  void a_dead_lettered_record_is_not_a_difference() throws Exception {
    List<TierRecord> records = records(3);
    long offset = fixture.produceInOrder(records.subList(0, 1));
    VerifySettings hasty = VerifySettings.of(0, null).withRechecks(0, Duration.ZERO);
    assertThat(verify(hasty).clean()).isFalse();

    fixture.deadLetter(offset);

    VerifyReport report = verify(hasty);
    assertThat(report.clean()).isTrue();
    assertThat(report.rowsDeadLettered()).isEqualTo(report.rowsChecked()).isPositive();
  }

  @Test
  void the_write_before_a_dead_lettered_record_is_expected() throws Exception {
    List<TierRecord> writes =
        records(20).stream().filter(record -> of(record, "drill-message-1")).limit(2).toList();
    fixture.deadLetter(fixture.produceInOrder(writes));
    VerifySettings hasty = VerifySettings.of(0, null).withRechecks(0, Duration.ZERO);

    VerifyReport lost = verify(hasty);

    assertThat(lost.differences())
        .allMatch(difference -> difference.kind() == Defect.MISSING)
        .extracting(Difference::key)
        .containsAll(Rows.of(writes.get(0), TIER).stream().map(Row::key).toList());
    assertThat(lost.rowsDeadLettered()).isPositive();

    fixture.write(writes.subList(0, 1));

    assertThat(verify(hasty).differences()).isEmpty();
    assertThat(verify(hasty).rowsDeadLettered()).isEqualTo(lost.rowsDeadLettered());
  }

  @Test
  void a_row_that_the_database_refuses_to_read_is_reported_and_skipped() throws Exception {
    List<TierRecord> records = records(10);
    fixture.produce(records);
    fixture.write(records);
    RowKey strange = last(records, "drill-message-3").key();
    RowReader reader =
        key ->
            key.equals(strange)
                ? CompletableFuture.failedFuture(
                    new StoreException(StoreException.Kind.INVALID, "not this one"))
                : fixture.store.read(key);

    VerifyReport report = Verify.run(fixture.replay(), reader, VerifySettings.of(0, null));

    assertThat(report.refused()).isPositive();
    assertThat(report.clean()).isFalse();
    assertThat(report.differences()).isEmpty();
    assertThat(report.problems()).isNotEmpty().allMatch(each -> each.endsWith(": not this one"));
    assertThat(report.rowsChecked()).isGreaterThan(30);
  }

  private VerifyReport verify(VerifySettings settings) throws InterruptedException {
    return Verify.run(fixture.replay(), fixture.store, settings);
  }

  private static boolean of(TierRecord record, String message) {
    return record.getTimeline().stream()
        .anyMatch(entry -> message.equals(entry.getEvent().getMessageId()));
  }

  private static Row last(List<TierRecord> records, String message) {
    return rows(records, Table.MESSAGE).stream()
        .filter(row -> row.partition().subject().equals(message))
        .reduce((earlier, later) -> later)
        .orElseThrow();
  }

  private static List<Row> rows(List<TierRecord> records, Table table) {
    return records.stream()
        .flatMap(record -> Rows.of(record, TIER).stream())
        .filter(row -> row.table() == table)
        .toList();
  }

  private List<TierRecord> records(int messages) {
    DrillRecords lifecycles = new DrillRecords(TIER, messages, now, 5);
    List<TierRecord> records = new ArrayList<>();
    for (int i = 0; i < messages; i++) {
      records.addAll(lifecycles.message(i));
    }
    return records;
  }

  private static void done(CompletionStage<Void> stage) {
    stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
