package io.postflight.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureIndex;
import io.postflight.schema.erasure.ErasureScope;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.erasure.Period;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.message.TierRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Contract of event stores: erasure of a person whose number another person has, too. */
public abstract class ScopedErasureContract extends CommandContract {
  private static final String FIRST = "DE.111";
  private static final String SECOND = "DE.222";

  /** When the number passed from the first person to the second one. */
  private long passed;

  @BeforeEach
  void pass() {
    passed = now() - 50_000;
  }

  @Test
  void of_two_persons_who_had_one_number_only_the_erased_ones_rows_are_deleted() {
    writeBoth();
    List<String> second = rowsOf("second");

    long rows = erase(first(now()));

    assertThat(rows).isEqualTo(2 * (1 + 1 + 3) + 1);
    assertThat(rowsWithoutPointers()).isEqualTo(second).hasSize(2 * (1 + 1 + 3) + 1);
    assertThat(latest())
        .extracting(TimelineItem::eventId)
        .allMatch(id -> id.startsWith("second"))
        .hasSize(4);
    assertThat(erase(first(now()))).isZero();
    assertThat(rowsWithoutPointers()).isEqualTo(second);
  }

  @Test
  void the_last_event_of_each_type_is_the_one_before_an_erased_one() {
    writeBoth();
    List<String> first = rowsOf("first");

    erase(second(now()));

    assertThat(rowsWithoutPointers()).isEqualTo(first).hasSize(2 * (1 + 1 + 3) + 1);
    assertThat(latest())
        .extracting(TimelineItem::eventId)
        .allMatch(id -> id.startsWith("first"))
        .hasSize(4);
  }

  @Test
  void both_persons_can_be_erased_at_the_same_time_as_the_number() {
    writeBoth();

    Stream.of(first(now()), user(USER, now()), second(now()))
        .map(command -> store(TIER).erase(command, ErasureTimes.micros(command)))
        .map(erasure -> erasure.toCompletableFuture())
        .toList()
        .forEach(CompletableFuture::join);

    assertThat(allRows(tenant)).isEmpty();
  }

  @Test
  void late_rows_of_the_other_person_are_stored() {
    erase(first(now()));

    write(person("second", SECOND, passed + 1_000));

    assertThat(rowsWithoutPointers()).hasSize(1 + 1 + 3);
  }

  @Test
  void a_message_of_the_erased_person_is_erased_with_its_later_events() {
    long at = passed + 20_000;
    write(
        StoreSamples.lifecycle(
            TIER.name(),
            event("first", null, Status.SENT, passed - 10_000),
            event("first", null, Status.DELIVERED, passed + 10_000),
            event("first", null, Status.READ, at + 1_000),
            event("first", null, Status.READ, at + 2_000)));
    write(person("second", SECOND, passed + 12_000));

    assertThat(erase(first(at))).isEqualTo(1 + 1 + 4);

    assertThat(rowsWithoutPointers()).hasSize(1 + 1 + 3).allMatch(row -> row.contains("second"));
  }

  @Test
  void messages_created_after_the_command_are_kept() {
    long at = passed - 5_000;
    write(person("first-old", FIRST, at - 1_000));
    write(person("first-new", FIRST, at + 1));
    write(StoreSamples.timeline(action("first-action", null, at + 1), 1));

    assertThat(erase(first(at))).isEqualTo(1 + 1 + 3);

    assertThat(rowsWithoutPointers())
        .hasSize(1 + 1 + 3 + 1)
        .noneMatch(row -> row.contains("first-old"));
  }

  @Test
  void of_another_users_message_only_rows_in_the_scope_are_deleted() {
    long at = passed + 30_000;
    write(lifecycle("group", "owner", passed - 20_000));
    write(StoreSamples.timeline(event("group", null, Status.READ, passed - 10_000), 1));
    write(StoreSamples.timeline(event("group", null, Status.READ, passed + 10_000), 1));
    write(StoreSamples.timeline(event("group", FIRST, Status.PLAYED, at + 1_000), 1));
    write(StoreSamples.timeline(event("group", SECOND, Status.PLAYED, at + 1_001), 1));

    assertThat(erase(first(at))).isEqualTo(2);

    assertThat(dump(Table.TIMELINE, tenant)).hasSize(3 + 2);
    assertThat(get(store(TIER).message(tenant, "group"))).isPresent();
  }

  @Test
  void an_earlier_lifecycle_in_the_scope_is_erased_and_the_later_one_kept() {
    long first = now() - 20 * DAY;
    long again = now() - 10_000;
    write(person("first", FIRST, first));
    write(person("second", SECOND, first));
    for (String id : List.of("first", "second")) {
      String alias = id.equals("first") ? FIRST : SECOND;
      write(StoreSamples.lifecycle(TIER.name(), event(id, alias, Status.READ, again)));
    }
    List<String> second = rowsOf("second");

    assertThat(erase(first(again - 5_000))).isPositive();

    assertThat(rowsOf("second")).isEqualTo(second);
    assertThat(rowsOf("first")).hasSize(1 + 1 + 1).noneMatch(row -> row.contains("Grüße"));
    assertThat(erase(first(again - 5_000))).isZero();
  }

  @Test
  void what_is_left_is_what_the_ledger_leaves_of_the_records() {
    for (int seed = 0; seed < 5; seed++) {
      Random random = new Random(seed);
      String erased = tenant + "-e" + seed;
      String expected = tenant + "-x" + seed;
      Erasure command = randomCommand(random, erased);
      ErasureIndex ledger = new ErasureIndex();
      ledger.add(Erasure.newBuilder(command).setTenant(expected).build());
      long first = random.nextLong();
      List<TierRecord> records = randomRecords(new Random(first), erased);
      write(records);
      randomRecords(new Random(first), expected).stream()
          .map(ledger::leftOf)
          .filter(Objects::nonNull)
          .forEach(this::write);

      erase(command);

      assertThat(rowsWithoutPointers(erased).stream().map(row -> row.replace(erased, "T")))
          .as("seed %d", seed)
          .containsExactlyInAnyOrderElementsOf(
              rowsWithoutPointers(expected).stream()
                  .map(row -> row.replace(expected, "T"))
                  .toList());
    }
  }

  @Test
  void a_scope_of_a_message_and_an_extension_notice_are_invalid() {
    Erasure ofMessage =
        Erasure.newBuilder(message("m1", now())).setScope(first(now()).getScope()).build();
    Erasure notice = Erasure.newBuilder(user(USER, now())).setDerived(List.of()).build();

    assertThat(List.of(ofMessage, notice))
        .allSatisfy(
            command ->
                assertThatThrownBy(() -> erase(command))
                    .isInstanceOfSatisfying(
                        StoreException.class,
                        why -> assertThat(why.kind()).isEqualTo(StoreException.Kind.INVALID)));
  }

  private Erasure randomCommand(Random random, String ofTenant) {
    long from = passed - 20_000 + random.nextInt(20_000);
    return Erasure.newBuilder(
            scoped(
                now() - random.nextInt(60_000),
                List.of(FIRST),
                new Period(from, from + random.nextInt(40_000))))
        .setTenant(ofTenant)
        .build();
  }

  /** Messages and actions of both persons, named or not, around the time of the change. */
  private List<TierRecord> randomRecords(Random random, String ofTenant) {
    List<TierRecord> records = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String alias = new String[] {FIRST, SECOND, null}[random.nextInt(3)];
      long time = passed - 30_000 + random.nextInt(60_000);
      MessageEvent[] events = new MessageEvent[3];
      for (int k = 0; k < events.length; k++) {
        Status status = List.of(Status.SENT, Status.DELIVERED, Status.READ).get(k);
        events[k] =
            MessageEvent.newBuilder(event("m" + i, alias, status, time))
                .setTenant(ofTenant)
                .build();
        time += random.nextInt(15_000);
      }
      records.addAll(StoreSamples.lifecycle(TIER.name(), events));
      MessageEvent action =
          MessageEvent.newBuilder(action("a" + i, alias, time)).setTenant(ofTenant).build();
      records.add(StoreSamples.timeline(action, 3));
    }
    return records;
  }

  /** Of each person a message that names it, one that names nobody, and an action. */
  private void writeBoth() {
    write(person("first-named", FIRST, passed - 20_000));
    write(person("first-unnamed", null, passed - 15_000));
    write(StoreSamples.timeline(action("first-action", null, passed - 1), 3));
    write(person("second-named", SECOND, passed + 5_000));
    write(person("second-unnamed", null, passed + 6_000));
    write(StoreSamples.timeline(action("second-action", null, passed), 3));
  }

  private List<TierRecord> person(String messageId, @Nullable String alias, long time) {
    return StoreSamples.lifecycle(
        TIER.name(),
        event(messageId, alias, Status.SENT, time),
        event(messageId, alias, Status.FAILED, time + 1_000),
        event(messageId, alias, Status.DELIVERED, time + 2_000));
  }

  private MessageEvent event(String messageId, @Nullable String alias, Status status, long time) {
    return StoreSamples.builder(tenant, USER, messageId, status, time)
        .setAliases(alias == null ? List.of() : List.of(alias))
        .build();
  }

  private MessageEvent action(String id, @Nullable String alias, long time) {
    return StoreSamples.actionBuilder(tenant, USER, "viewed", time)
        .setEventId(id)
        .setAliases(alias == null ? List.of() : List.of(alias))
        .build();
  }

  private Erasure first(long at) {
    return scoped(at, List.of(FIRST), new Period(Long.MIN_VALUE, passed));
  }

  private Erasure second(long at) {
    return scoped(at, List.of(SECOND), new Period(passed, Long.MAX_VALUE));
  }

  private Erasure scoped(long at, List<String> aliases, Period period) {
    return Erasure.newBuilder(user(USER, at))
        .setScope(new ErasureScope(aliases, List.of(period)))
        .build();
  }

  private List<TimelineItem> latest() {
    LatestQuery query = new LatestQuery(tenant, USER, SHARDS, null, null);
    return get(store(TIER).latest(query)).events();
  }

  private List<String> rowsOf(String id) {
    return rowsWithoutPointers().stream().filter(row -> row.contains(id)).toList();
  }

  private List<String> rowsWithoutPointers() {
    return rowsWithoutPointers(tenant);
  }

  /** Pointers are compared by {@link #latest()}: how they were moved is not specified. */
  private List<String> rowsWithoutPointers(String ofTenant) {
    return allRows(ofTenant).stream().map(stores()::withoutPointers).toList();
  }
}
