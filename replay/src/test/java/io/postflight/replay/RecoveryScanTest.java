package io.postflight.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.replay.RestoreSettings.ReplayRange;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureIds;
import io.postflight.schema.erasure.ErasureScope;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.erasure.Period;
import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.store.StoreSamples;
import io.postflight.store.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A keyspace was lost, erasures were applied to the empty tables, and backups older than the
 * topic's retention were loaded directly.
 */
class RecoveryScanTest {
  private static final Tier TIER = Tier.of("60d", Duration.ofDays(60));
  private static final AtomicInteger TENANTS = new AtomicInteger();

  /** Records: a consumer returns at most 500 at a time. */
  private static final int MORE_THAN_A_POLL = 600;

  private static final long DAY = Duration.ofDays(1).toMillis();

  @AutoClose private static TierFixture fixture;

  private final String tenant = "acme-" + TENANTS.incrementAndGet();
  private final long now = System.currentTimeMillis();
  private final long old = now - 40 * DAY;

  @BeforeAll
  static void open() {
    fixture = new TierFixture(TIER, Duration.ofDays(10));
  }

  @Test
  void a_user_who_was_erased_before_old_rows_reappeared_is_erased_from_every_table()
      throws Exception {
    Erasure user = fixture.order(tenant, null, "u-erased", List.of(), now - 1_000);
    apply(user);
    load("m-old", "u-erased", old);
    load("m-stays", "u-other", old);
    participant("m-old", "u-other", old + 2_000);

    restoreAll();
    assertThat(body("m-old")).as("only a scan finds it").contains("secret of m-old");
    RecoveryReport report = scan();

    assertThat(messagesInAllTables()).containsExactly("m-stays");
    assertThat(body("m-stays")).contains("secret of m-stays");
    assertThat(report.rowsErased()).isPositive();
    assertThat(scan().rowsErased()).isZero();
  }

  @Test
  void messages_created_after_a_users_erasure_are_kept_and_earlier_lifecycles_removed()
      throws Exception {
    long at = now - DAY;
    apply(fixture.order(tenant, null, "u-erased", List.of(), at));
    load("m-again", "u-erased", old);
    load("m-new", "u-erased", now - 10_000);
    // A second lifecycle, without a body.
    fixture.write(List.of(record("m-again", "u-erased", Status.READ, now - 5_000, 1, null)));
    assertThat(body("m-again")).contains("secret of m-again");

    RecoveryReport report = scan();

    assertThat(report.rowsErased()).isPositive();
    assertThat(body("m-again")).isEmpty();
    assertThat(fixture.store.message(tenant, "m-again").toCompletableFuture().join()).isPresent();
    assertThat(body("m-new")).contains("secret of m-new");
    assertThat(messagesInAllTables()).containsExactly("m-again", "m-new");
    assertThat(scan().rowsErased()).isZero();
  }

  @Test
  void of_two_persons_who_had_one_number_only_the_erased_ones_rows_are_removed() throws Exception {
    String number = "593990000525";
    for (String alias : List.of("DE.1", "DE.2")) {
      String messageId = alias.equals("DE.1") ? "m-first" : "m-second";
      fixture.write(
          StoreSamples.lifecycle(
              TIER.name(),
              StoreSamples.builder(tenant, number, messageId, Status.SENT, old)
                  .setAliases(List.of(alias))
                  .build(),
              StoreSamples.builder(tenant, number, messageId, Status.DELIVERED, old + 1_000)
                  .setAliases(List.of(alias))
                  .build()));
    }
    load("m-before", number, old - 2_000);
    load("m-after", number, old + 2_000);
    fixture.order(
        Erasure.newBuilder(user(number))
            .setScope(new ErasureScope(List.of("DE.1"), List.of(new Period(0L, old))))
            .build());

    scan();

    assertThat(messagesInAllTables()).containsExactly("m-after", "m-second");
    fixture.order(user("DE.2"));
    scan();
    assertThat(messagesInAllTables()).containsExactly("m-after");
    assertThat(scan().rowsErased()).isZero();
  }

  private Erasure user(String id) {
    return Erasure.newBuilder()
        .setId(ErasureIds.next(now, new Random(id.hashCode())))
        .setTenant(tenant)
        .setUserId(id)
        .setAt(now)
        .build();
  }

  @Test
  void an_erased_message_is_removed_from_timelines_of_participants_not_in_the_command()
      throws Exception {
    fixture.order(tenant, "m-erased", null, List.of(), now - 1_000);
    load("m-erased", "u-owner", old);
    load("m-stays", "u-owner", old + 5_000);
    participant("m-erased", "u-participant", old + 2_000);

    restoreAll();
    assertThat(messagesInAllTables()).contains("m-erased");
    scan();

    assertThat(messagesInAllTables()).containsExactly("m-stays");
  }

  @Test
  void a_message_erased_with_its_user_is_removed_from_timelines_of_participants() throws Exception {
    fixture.order(tenant, null, "u-owner", List.of(), now - 1_000);
    load("m-group", "u-owner", old);
    participant("m-group", "u-participant", old + 2_000);
    load("m-stays", "u-participant", old);

    restoreAll(ReplayStore.of(fixture.store).deferringErasures(() -> true));
    scan();

    assertThat(messagesInAllTables()).containsExactly("m-stays");
  }

  @Test
  void a_message_that_was_not_restored_is_removed_from_timelines_of_participants()
      throws Exception {
    Erasure user = fixture.order(tenant, null, "u-owner", List.of(), now - 1_000);
    fixture.produceInOrder(
        List.of(
            record("m-group", "u-owner", Status.READ, now - 10_000, 1, null),
            timeline("m-group", "u-participant", now - 9_000)));
    Erasure derived =
        Erasure.newBuilder(user)
            .setUserId(null)
            .setMessageId("m-group")
            .setUsers(List.of("u-owner", "u-participant"))
            .build();
    fixture.produceCopies(derived, "u-owner");
    load("m-stays", "u-participant", old);

    restoreAll(ReplayStore.of(fixture.store).deferringErasures(() -> true));
    assertThat(messagesInAllTables()).as("only the participant's row").contains("m-group");
    assertThat(fixture.store.message(tenant, "m-group").toCompletableFuture().join()).isEmpty();
    scan();

    assertThat(messagesInAllTables()).containsExactly("m-stays");
  }

  @Test
  void derived_commands_that_do_not_fit_into_memory_are_applied_in_several_scans()
      throws Exception {
    Erasure user = fixture.order(tenant, null, "u-owner", List.of(), now - 1_000);
    List<TierRecord> commands = new ArrayList<>();
    for (int i = 0; i < MORE_THAN_A_POLL; i++) {
      boolean last = i == MORE_THAN_A_POLL - 1;
      Erasure derived =
          Erasure.newBuilder(user)
              .setUserId(null)
              .setMessageId(i == 0 ? "m-first" : last ? "m-last" : "m" + i)
              .setUsers(List.of("u-owner"))
              .build();
      commands.add(new TierRecord(tenant, List.of(), null, now, derived, null, null));
    }
    fixture.produceInOrder(commands);
    participant("m-first", "u-participant", old);
    participant("m-last", "u-participant", old + 1_000);
    load("m-stays", "u-participant", old);

    RecoveryReport report = scan(1);

    assertThat(messagesInAllTables()).containsExactly("m-stays");
    assertThat(report.rowsScanned())
        .as("rows are scanned for each part of the commands")
        .isGreaterThanOrEqualTo(2 * scan().rowsScanned());
  }

  @Test
  void redacted_fields_are_removed_from_every_table() throws Exception {
    fixture.order(tenant, "m-redacted", null, List.of("body", "error"), now - 1_000);
    load("m-redacted", "u-owner", old);
    participant("m-redacted", "u-participant", old + 2_000);

    assertThat(scan().rowsErased()).isPositive();

    assertThat(body("m-redacted")).isEmpty();
    assertThat(rows())
        .noneMatch(row -> row.contains("secret") || row.contains("131047"))
        .anyMatch(row -> row.contains("m-redacted"));
    assertThat(scan().rowsErased()).isZero();
  }

  /** A sent and failed message, as loaded from a backup. */
  private void load(String messageId, String user, long time) {
    MessageFacts sent = Facts.of(event(messageId, user, Status.SENT, time));
    fixture.write(
        List.of(
            record(messageId, user, Status.SENT, time, 1, null),
            record(messageId, user, Status.FAILED, time, 2, sent)));
  }

  /** Another participant with a group message on its timeline. */
  private void participant(String messageId, String user, long time) {
    fixture.write(List.of(timeline(messageId, user, time)));
  }

  private TierRecord timeline(String messageId, String user, long time) {
    MessageEvent event = event(messageId, user, Status.FAILED, time);
    return new TierRecord(
        tenant, List.of(new TimelineEntry(event, time, 1)), null, time, null, time, null);
  }

  private TierRecord record(
      String messageId,
      String user,
      Status status,
      long createdAt,
      int revision,
      @Nullable MessageFacts before) {
    long time = createdAt + (revision - 1) * 1_000L;
    MessageEvent event = event(messageId, user, status, time);
    MessageFacts facts = Facts.of(event);
    MessageRevision message =
        new MessageRevision(
            tenant,
            messageId,
            TIER.name(),
            createdAt,
            status == Status.SENT ? null : Long.valueOf(time),
            revision,
            1,
            before == null ? facts : Facts.join(before, facts));
    return new TierRecord(
        tenant, List.of(new TimelineEntry(event, time, 1)), message, time, null, createdAt, null);
  }

  private MessageEvent event(String messageId, String user, Status status, long time) {
    return MessageEvent.newBuilder()
        .setTenant(tenant)
        .setMessageId(messageId)
        .setEventId(messageId + "-" + status + "-" + user)
        .setUserId(user)
        .setType("message." + status.name().toLowerCase(Locale.ROOT))
        .setProvider("events")
        .setChannel("WHATSAPP")
        .setDirection(Direction.OUTBOUND)
        .setStatus(status)
        .setEventTime(time)
        .setEventTimeSource(EventTimeSource.PROVIDER)
        .setReceivedAt(time)
        .setBody(status == Status.SENT ? "secret of " + messageId : null)
        .setError(status == Status.FAILED ? new EventError("131047", null, null) : null)
        .build();
  }

  private void apply(Erasure command) {
    long unused =
        fixture
            .store
            .erase(command, ErasureTimes.micros(command))
            .toCompletableFuture()
            .orTimeout(60, TimeUnit.SECONDS)
            .join();
  }

  /** A restore of the whole topic, which no longer has these messages. */
  private void restoreAll() throws InterruptedException {
    restoreAll(ReplayStore.of(fixture.store));
  }

  private void restoreAll(ReplayStore store) throws InterruptedException {
    Restore.run(
        fixture.replay(),
        store,
        RestoreSettings.of("r" + System.nanoTime(), new ReplayRange(0, null, null)),
        at -> {});
  }

  private RecoveryReport scan() throws InterruptedException {
    return scan(1_000_000);
  }

  private RecoveryReport scan(int mostCommands) throws InterruptedException {
    return RecoveryScan.run(
        fixture.replay(),
        ReplayStore.of(fixture.store),
        new ScanSettings(4, 3, mostCommands, () -> 0),
        at -> {});
  }

  private Optional<String> body(String messageId) {
    return fixture
        .store
        .message(tenant, messageId)
        .toCompletableFuture()
        .join()
        .map(message -> Facts.text(message.getFacts(), Facts.BODY));
  }

  private List<String> rows() {
    return fixture.dump().keySet().stream()
        .filter(row -> row.contains("tenant=" + tenant + ' '))
        .toList();
  }

  /** Every message id in any row of any table. */
  private Set<String> messagesInAllTables() {
    return rows().stream()
        .flatMap(row -> Pattern.compile("m-[a-z]+").matcher(row).results())
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
