package io.postflight.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.replay.RestoreSettings.Range;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.message.TierRecord;
import io.postflight.store.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a restore promises, on real servers. */
class RestoreTest {
  private static final Tier TIER = Tier.of("30d", Duration.ofDays(30));
  private static final String TENANT = "drill";

  private final TierFixture fixture = new TierFixture(TIER, Duration.ofDays(10));
  private final long now = System.currentTimeMillis();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void a_restored_keyspace_is_byte_for_byte_the_lost_one() throws Exception {
    List<TierRecord> records = records(300);
    fixture.produce(records);
    Collections.shuffle(records, new Random(3));
    fixture.write(records);
    List<Erasure> commands =
        List.of(
            fixture.order(TENANT, "drill-message-7", null, List.of(), now),
            fixture.order(TENANT, "drill-message-8", null, List.of("body"), now + 1),
            fixture.order(TENANT, null, "drill-user-3", List.of(), now + 2));
    commands.forEach(this::erase);
    Map<String, List<Long>> lost = fixture.dump();
    assertThat(lost).hasSizeGreaterThan(1_000);

    fixture.truncate();
    assertThat(fixture.dump()).isEmpty();
    RestoreReport report = restore(new Range(0, null, null));

    assertSame(fixture.dump(), lost);
    assertThat(report.rowsErased()).isGreaterThan(5);
    assertThat(report.rowsRead())
        .isEqualTo(report.rowsWritten() + report.rowsErased() + report.rowsExpired());
    assertThat(report.erasures()).isEqualTo(3);
    assertThat(report.coveredFrom()).isNull();

    restore(new Range(0, null, null));
    assertSame(fixture.dump(), lost);
    VerifyReport verified =
        Verify.run(
            fixture.replay(),
            fixture.store,
            VerifySettings.of(0, null).withRechecks(0, Duration.ZERO));
    assertThat(verified.differences()).isEmpty();
    assertThat(verified.rowsErased()).isGreaterThan(5);
  }

  private RestoreReport restore(Range range) throws InterruptedException {
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
    DrillRecords lives = new DrillRecords(TIER, messages, now, 1);
    List<TierRecord> records = new ArrayList<>();
    for (int i = 0; i < messages; i++) {
      records.addAll(lives.message(i));
    }
    return records;
  }

  private static void assertSame(Map<String, List<Long>> rows, Map<String, List<Long>> lost) {
    assertThat(rows.keySet()).isEqualTo(lost.keySet());
    rows.forEach(
        (row, ends) -> {
          List<Long> before = lost.getOrDefault(row, List.of());
          assertThat(ends).as(row).hasSameSizeAs(before);
          for (int i = 0; i < ends.size(); i++) {
            assertThat(Math.abs(ends.get(i) - before.get(i))).as(row).isLessThanOrEqualTo(1);
          }
        });
  }
}
