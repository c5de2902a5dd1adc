package io.postflight.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.replay.RestoreSettings.ReplayRange;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureIds;
import io.postflight.schema.erasure.ErasureScope;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.erasure.Period;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.identity.AliasLink;
import io.postflight.schema.identity.AliasLinks;
import io.postflight.schema.identity.LinkRelation;
import io.postflight.schema.message.TierRecord;
import io.postflight.store.StoreSamples;
import io.postflight.store.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A restore of links of ids, and of rows of several persons who had one number. */
class IdentityRestoreTest {
  private static final Tier TIER = Tier.of("30d", Duration.ofDays(30));
  private static final String TENANT = "acme";
  private static final String NUMBER = "593990000525";

  private static final AliasLink PHONE = new AliasLink(NUMBER, LinkRelation.SAME, 5L, 5L, null);
  private static final AliasLink ERASED = new AliasLink("DE.2", LinkRelation.SAME, 6L, 6L, 7L);
  private static final AliasLink AGAIN = new AliasLink("DE.3", LinkRelation.SAME, 8L, 12L, 11L);

  @AutoClose private final TierFixture fixture = new TierFixture(TIER, Duration.ofDays(10));
  private final long now = System.currentTimeMillis();

  @Test
  void all_links_of_the_tiers_tenants_are_written_again_without_erased_ones() throws Exception {
    links(TENANT, "DE.1", 1_000, PHONE);
    links(TENANT, "DE.1", 2_000, PHONE, ERASED, AGAIN);
    links(TENANT, NUMBER, 3_000, ERASED);
    links("globex", "DE.9", 4_000, PHONE);
    links(TierFixture.ELSEWHERE, "DE.8", 5_000, PHONE);
    TierRecord old = StoreSamples.identity(TENANT, NUMBER, 2_500, PHONE);
    fixture.write(List.of(old));
    fixture.produce(List.of(old));

    RestoreReport counted = restore(settings(null).asDryRun());
    assertThat(counted.identities()).isEqualTo(4);
    assertThat(stored(TENANT, "DE.1")).isEmpty();
    RestoreReport report = restore(settings(null));

    assertThat(report.identities()).isEqualTo(4);
    assertThat(report.rowsWritten()).isEqualTo(1);
    assertThat(stored(TENANT, "DE.1"))
        .containsExactly(PHONE, new AliasLink("DE.3", LinkRelation.SAME, 12L, 12L, null));
    assertThat(stored(TENANT, NUMBER)).isEmpty();
    assertThat(stored("globex", "DE.9")).containsExactly(PHONE);
    assertThat(stored(TierFixture.ELSEWHERE, "DE.8")).isEmpty();
    Map<String, List<Long>> before = fixture.dump();
    restore(settings(null));
    assertThat(fixture.dump()).isEqualTo(before);
  }

  @Test
  void only_one_tenants_links_are_restored_with_its_rows() throws Exception {
    links(TENANT, "DE.1", 1_000, PHONE);
    links("globex", "DE.9", 1_000, PHONE);

    RestoreReport report = restore(settings("globex"));

    assertThat(report.identities()).isEqualTo(1);
    assertThat(stored("globex", "DE.9")).containsExactly(PHONE);
    assertThat(stored(TENANT, "DE.1")).isEmpty();
  }

  @Test
  void records_with_links_are_no_differences() throws Exception {
    fixture.produce(
        List.of(
            StoreSamples.identity(TENANT, "DE.1", 1_000, PHONE),
            StoreSamples.identity(TENANT, "DE.1", 2_000)));

    VerifyReport report = verify();

    assertThat(report.records()).isEqualTo(2);
    assertThat(report.different()).isZero();
    assertThat(report.rowsChecked()).isZero();
  }

  @Test
  void rows_of_the_person_who_was_not_erased_are_restored() throws Exception {
    long passed = now - 500_000;
    List<TierRecord> records = new ArrayList<>();
    records.addAll(person("first-named", "DE.1", passed - 60_000));
    records.addAll(person("first", null, passed - 50_000));
    records.addAll(person("second", null, passed + 1_000));
    records.addAll(person("second-named", "DE.2", passed + 2_000));
    fixture.produce(records);
    fixture.write(records);
    Erasure command =
        Erasure.newBuilder()
            .setId(ErasureIds.next(now, new Random(1)))
            .setTenant(TENANT)
            .setUserId(NUMBER)
            .setAt(now)
            .setScope(
                new ErasureScope(List.of("DE.1"), List.of(new Period(Long.MIN_VALUE, passed))))
            .build();
    fixture.order(command);
    fixture.order(Erasure.newBuilder(command).setDerived(List.of("x")).build());
    fixture.store.erase(command, ErasureTimes.micros(command)).toCompletableFuture().join();
    Set<String> left = fixture.dump().keySet();
    assertThat(left).hasSize(2 * 4).allMatch(row -> row.contains("second"));

    fixture.truncate();
    RestoreReport report = restore(settings(null));

    assertThat(fixture.dump().keySet()).isEqualTo(left);
    assertThat(report.erasures()).isEqualTo(1);
    VerifyReport verified = verify();
    assertThat(verified.different()).isZero();
    assertThat(verified.rowsErased()).isPositive();
  }

  private static List<TierRecord> person(String messageId, @Nullable String alias, long time) {
    return StoreSamples.lifecycle(
        TIER.name(),
        event(messageId, alias, Status.SENT, time),
        event(messageId, alias, Status.DELIVERED, time + 1_000));
  }

  private static MessageEvent event(
      String messageId, @Nullable String alias, Status status, long time) {
    return StoreSamples.builder(TENANT, NUMBER, messageId, status, time)
        .setAliases(alias == null ? List.of() : List.of(alias))
        .build();
  }

  private void links(String tenant, String alias, long updatedAt, AliasLink... links) {
    fixture.produceLinks(new AliasLinks(tenant, alias, updatedAt, List.of(links)));
  }

  private List<AliasLink> stored(String tenant, String alias) {
    return fixture.store.identity(tenant, alias).toCompletableFuture().join();
  }

  private static RestoreSettings settings(@Nullable String tenant) {
    return RestoreSettings.of("identity", new ReplayRange(0, null, tenant));
  }

  private RestoreReport restore(RestoreSettings settings) throws InterruptedException {
    return Restore.run(fixture.replay(), ReplayStore.of(fixture.store), settings, at -> {});
  }

  private VerifyReport verify() throws InterruptedException {
    return Verify.run(
        fixture.replay(), fixture.store, VerifySettings.of(0, null).withRechecks(0, Duration.ZERO));
  }
}
