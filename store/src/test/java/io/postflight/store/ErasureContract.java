package io.postflight.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.schema.tenant.ShardVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What every event store does with privacy commands. */
public abstract class ErasureContract extends StoreContract {
  /** How timelines are cut in all tests here. */
  public static final List<ShardVersion> SHARDS = List.of(new ShardVersion(3, 0L));

  private static final long DAY = Duration.ofDays(1).toMillis();

  @Test
  void of_an_erased_message_nothing_is_left_and_all_others_stay() {
    long time = now() - 100_000;
    write(life("m1", USER, time));
    write(life("m2", USER, time - 50_000));
    write(life("m1", "other", time, tenant + "-b"));
    List<String> others = everything(tenant + "-b");

    long rows = erase(message("m1", time + 60_000));

    assertThat(rows).isEqualTo(1 + 1 + 3 + 3);
    assertThat(everything(tenant)).noneMatch(row -> row.contains("m1")).hasSize(1 + 1 + 3);
    assertThat(get(store(TIER).message(tenant, "m1"))).isEmpty();
    assertThat(get(store(TIER).message(tenant, "m2"))).isPresent();
    assertThat(everything(tenant + "-b")).isEqualTo(others);
  }

  @Test
  void an_erasure_that_is_repeated_finds_nothing_more() {
    long time = now() - 100_000;
    write(life("m1", USER, time));
    erase(message("m1", time + 60_000));

    assertThat(erase(message("m1", time + 60_000))).isZero();
    assertThat(erase(message("never", time + 60_000))).isZero();
    assertThat(erase(user("never", time + 60_000))).isZero();
  }

  @Test
  void a_command_about_what_no_key_can_name_finds_nothing_and_does_not_fail() {
    long time = now() - 100_000;
    String large = "x".repeat(65_535);
    write(life("m1", USER, time));

    assertThat(erase(message(large, time + 60_000))).isZero();
    assertThat(erase(user(large, time + 60_000))).isZero();
    Erasure command =
        Erasure.newBuilder(message("m1", time + 60_000)).setUsers(List.of(large, USER)).build();
    assertThat(erase(command)).isEqualTo(1 + 1 + 3 + 3);
  }

  @Test
  void a_message_in_flight_is_erased() {
    long time = now() - 100_000;
    write(Samples.life(TIER.name(), Samples.event(tenant, USER, "m1", Status.SENT, time)));

    assertThat(erase(message("m1", time + 60_000))).isEqualTo(1 + 1 + 1);
    assertThat(everything(tenant)).isEmpty();
  }

  @Test
  void rows_newer_than_the_command_go_with_their_message() {
    long time = now() - 100_000;
    write(life("m1", USER, time));

    erase(message("m1", time - 5_000));

    assertThat(everything(tenant)).isEmpty();
  }

  @Test
  void records_of_an_erased_message_that_are_written_again_do_not_bring_it_back() {
    long time = now() - 100_000;
    List<TierRecord> life = life("m1", USER, time);
    write(life);
    erase(message("m1", time + 60_000));

    write(life);

    assertThat(everything(tenant)).isEmpty();
  }

  @Test
  void what_is_written_after_a_first_erasure_goes_with_a_second_that_tells_where_it_is_listed() {
    long time = now() - 100_000;
    List<TierRecord> life = life("m1", USER, time);
    MessageRevision last = Objects.requireNonNull(life.get(2).getMessage());
    Erasure command =
        Erasure.newBuilder(message("m1", now()))
            .setUsers(List.of(USER))
            .setListedAt(last.getListedAt())
            .setListingShards(last.getListingShards())
            .build();
    write(life.get(0));
    erase(message("m1", now()));
    write(life.get(1));
    write(life.get(2));
    assertThat(dump(Table.MESSAGE_BY_TIME, tenant)).hasSize(1);

    erase(command);

    assertThat(everything(tenant)).isEmpty();
    write(life);
    assertThat(dump(Table.MESSAGE_BY_TIME, tenant)).isEmpty();
    assertThat(get(store(TIER).message(tenant, "m1"))).isEmpty();
  }

  @Test
  void timelines_named_by_the_command_are_searched_even_without_the_message() {
    long time = now() - 20 * DAY;
    for (String user : List.of(USER, "second", "third")) {
      write(Samples.timeline(Samples.event(tenant, user, "m1", Status.READ, time), 3));
    }
    Erasure command =
        Erasure.newBuilder(message("m1", now())).setUsers(List.of(USER, "second")).build();

    assertThat(erase(command)).isEqualTo(2 + 2);

    assertThat(everything(tenant)).hasSize(2).allMatch(row -> row.contains("third"));
  }

  @Test
  void timelines_named_by_the_command_are_searched_from_the_time_that_it_names() {
    long time = now() - 20 * DAY;
    write(Samples.timeline(Samples.event(tenant, USER, "m1", Status.DELIVERED, time - 1), 3));
    write(Samples.timeline(Samples.event(tenant, USER, "m1", Status.READ, time), 3));
    Erasure command =
        Erasure.newBuilder(message("m1", now()))
            .setUsers(List.of(USER))
            .setTimelineFrom(time)
            .build();

    erase(command);

    assertThat(dump(Table.TIMELINE, tenant))
        .hasSize(1)
        .allMatch(row -> row.contains(Status.DELIVERED.name()));
  }

  @Test
  void a_messages_events_are_found_in_every_bucket_and_shard() {
    long created = now() - 9 * DAY;
    MessageEvent[] events = new MessageEvent[9];
    for (int i = 0; i < events.length; i++) {
      Status status = List.of(Status.SENT, Status.DELIVERED, Status.READ).get(i % 3);
      events[i] = Samples.event(tenant, USER, "m1", status, created + i * DAY);
    }
    for (TierRecord record : Samples.life(TIER.name(), events)) {
      TimelineEntry entry = record.getTimeline().get(0);
      write(Samples.timeline(entry.getEvent(), 3));
      write(Samples.message(Objects.requireNonNull(record.getMessage())));
    }
    assertThat(dump(Table.TIMELINE, tenant)).hasSize(9);

    erase(message("m1", now()));

    assertThat(everything(tenant)).isEmpty();
  }

  @Test
  void an_erased_user_leaves_nothing_behind_and_others_keep_all() {
    long time = now() - 25 * DAY;
    for (int i = 0; i < 30; i++) {
      write(life("m" + i, USER, time + i * 5L * DAY / 6));
      write(Samples.timeline(Samples.action(tenant, USER, "viewed", time + i * 5L * DAY / 6), 3));
    }
    write(life("x", "other", time));
    write(Samples.timeline(Samples.action(tenant, "other", "viewed", time), 3));

    long rows = erase(user(USER, now()));

    assertThat(rows).isEqualTo(30 * (1 + 1 + 3 + 1) + 4);
    assertThat(everything(tenant))
        .hasSize((1 + 1 + 3 + 3) + 2)
        .allMatch(row -> row.contains("other"));
    assertThat(get(store(TIER).message(tenant, "m7"))).isEmpty();
    assertThat(walk(store(TIER), TimelineQuery.newest(tenant, USER, SHARDS, 50))).isEmpty();
    assertThat(get(store(TIER).latest(tenant, USER, null))).isEmpty();
  }

  @Test
  void what_was_created_after_a_users_erasure_lives_on() {
    long at = now() - 50_000;
    write(life("old", USER, at - 10_000));
    write(Samples.timeline(Samples.action(tenant, USER, "viewed", at - 9_000), 1));
    write(life("new", USER, at + 1));
    write(Samples.timeline(Samples.action(tenant, USER, "bought", at + 1), 1));

    long rows = erase(user(USER, at));

    assertThat(rows).isEqualTo(1 + 1 + 3 + 1 + 1);
    assertThat(everything(tenant)).noneMatch(row -> row.contains("old")).hasSize(1 + 1 + 3 + 3 + 2);
    assertThat(get(store(TIER).message(tenant, "new"))).isPresent();
  }

  @Test
  void a_later_event_of_a_message_created_before_goes_with_its_user() {
    long at = now() - 50_000;
    write(
        Samples.life(
            TIER.name(),
            Samples.event(tenant, USER, "old", Status.SENT, at - 10_000),
            Samples.event(tenant, USER, "old", Status.DELIVERED, at + 5_000),
            Samples.event(tenant, USER, "old", Status.READ, at + 6_000)));

    erase(user(USER, at));

    assertThat(everything(tenant)).isEmpty();
  }

  @Test
  void of_anothers_message_only_the_users_own_rows_go() {
    long time = now() - 50_000;
    write(life("group", "owner", time));
    write(Samples.timeline(Samples.event(tenant, USER, "group", Status.PLAYED, time + 5_000), 1));
    List<String> before = everything(tenant);

    long rows = erase(user(USER, now()));

    assertThat(rows).isEqualTo(2);
    assertThat(everything(tenant)).hasSize(before.size() - 2);
    assertThat(get(store(TIER).message(tenant, "group"))).isPresent();
  }

  @Test
  void records_of_an_erased_user_that_come_late_stay_away() {
    long time = now() - 50_000;
    write(life("m1", USER, time));
    erase(user(USER, now()));

    write(life("m1", USER, time).get(2));
    write(Samples.timeline(Samples.action(tenant, USER, "viewed", time + 1_000), 1));

    assertThat(dump(Table.TIMELINE, tenant)).isEmpty();
    assertThat(dump(Table.LATEST, tenant)).isEmpty();
    assertThat(dump(Table.MESSAGE, tenant)).isEmpty();
    assertThat(dump(Table.MESSAGE_BY_TIME, tenant)).isEmpty();
  }

  @Test
  void redacted_fields_go_and_the_rest_of_the_message_stays() {
    long time = now() - 50_000;
    List<TierRecord> life = life("m1", USER, time);
    write(life);
    MessageFacts before = facts("m1");

    assertThat(erase(redaction("m1", List.of("body", "sender"), now()))).isEqualTo(1);

    assertThat(facts("m1"))
        .isEqualTo(Facts.join(before, Facts.redacted(List.of("body", "sender"))));
    assertThat(everything(tenant)).noneMatch(row -> row.contains("Grüße"));
    assertThat(erase(redaction("m1", List.of("body", "sender"), now()))).isZero();
  }

  @Test
  void redactions_add_up() {
    long time = now() - 50_000;
    write(life("m1", USER, time));
    MessageFacts before = facts("m1");

    for (List<String> fields :
        List.of(List.of("price", "recipient"), List.of("attributes"), List.of("body"))) {
      erase(redaction("m1", fields, now()));
    }

    assertThat(facts("m1"))
        .isEqualTo(
            Facts.join(
                before, Facts.redacted(List.of("attributes", "body", "price", "recipient"))));
  }

  @Test
  void a_redacted_message_stays_redacted_when_its_records_are_written_again() {
    long time = now() - 50_000;
    List<TierRecord> life = life("m1", USER, time);
    write(life);
    erase(redaction("m1", List.of("attributes", "body", "error", "price", "sender"), now()));
    List<String> redacted = everything(tenant);

    write(life);

    assertThat(everything(tenant)).isEqualTo(redacted);
  }

  @Test
  void a_redacted_error_goes_from_every_table_and_its_times_stay() {
    long time = now() - 50_000;
    write(life("m1", USER, time));
    write(
        Samples.timeline(
            Samples.builder(tenant, USER, "m2", Status.SENT, time)
                .setError(new EventError("77", null, null))
                .build(),
            1));
    MessageFacts before = facts("m1");

    long rows = erase(redaction("m1", List.of("error"), now()));

    assertThat(rows).isEqualTo(4);
    assertThat(everything(tenant)).noneMatch(row -> row.contains("131047"));
    assertThat(everything(tenant)).anyMatch(row -> row.contains("77"));
    assertThat(facts("m1")).isEqualTo(Facts.join(before, Facts.redacted(List.of("error"))));
    assertThat(get(store(TIER).latest(tenant, USER, "message.failed")))
        .singleElement()
        .satisfies(item -> assertThat(item.event().errorCode()).isNull());
    assertThat(erase(redaction("m1", List.of("error"), now()))).isZero();
  }

  @Test
  void redacting_a_message_that_is_not_there_makes_no_row() {
    assertThat(erase(redaction("m1", List.of("body", "error"), now()))).isZero();
    assertThat(everything(tenant)).isEmpty();
  }

  @Test
  void an_erasure_stamped_before_a_redaction_leaves_nothing_of_it() {
    long time = now() - 100_000;
    for (String id : List.of("m1", "m2")) {
      write(life(id, USER, time));
      erase(redaction(id, List.of("body", "error"), now()));
    }

    erase(message("m1", time + 60_000));
    erase(user(USER, time + 60_000));

    assertThat(everything(tenant)).isEmpty();
  }

  @Test
  void a_message_that_came_to_life_again_is_listed_in_both_places_and_erased_from_both() {
    comesToLifeAgain("m1", now() - 20 * DAY, now() - 100_000);
    assertThat(get(store(TIER).listing(ListingQuery.newest(tenant, Samples.ONE_SHARD, 50))).items())
        .extracting(ListingItem::messageId)
        .containsExactly("m1", "m1");

    long rows = erase(message("m1", now()));

    assertThat(rows).isEqualTo(1 + 2 + (3 + 1) + (3 + 1));
    assertThat(everything(tenant)).isEmpty();
  }

  @Test
  void a_message_that_came_to_life_again_goes_from_both_places_with_its_user() {
    comesToLifeAgain("m1", now() - 20 * DAY, now() - 100_000);

    erase(user(USER, now()));

    assertThat(everything(tenant)).isEmpty();
  }

  @Test
  void of_a_message_that_came_to_life_again_a_redacted_error_goes_from_both_places() {
    comesToLifeAgain("m1", now() - 20 * DAY, now() - 100_000);
    assertThat(dump(Table.MESSAGE_BY_TIME, tenant))
        .hasSize(2)
        .anyMatch(row -> row.contains("131047"));

    erase(redaction("m1", List.of("error"), now()));

    assertThat(everything(tenant)).noneMatch(row -> row.contains("131047"));
    assertThat(dump(Table.MESSAGE_BY_TIME, tenant)).hasSize(2);
  }

  @Test
  void an_earlier_lifecycle_goes_with_its_user_and_the_later_one_stays() {
    long again = now() - 100_000;
    comesToLifeAgain("m1", now() - 20 * DAY, again);

    assertThat(erase(user(USER, again - 10_000))).isPositive();

    assertThat(everything(tenant)).noneMatch(row -> row.contains("Grüße")).hasSize(1 + 1 + 1 + 1);
    assertThat(get(store(TIER).message(tenant, "m1")).orElseThrow().getCreatedAt())
        .isEqualTo(again);
    assertThat(erase(user(USER, again - 10_000))).isZero();
  }

  @Test
  void records_of_an_earlier_lifecycle_that_are_written_again_leave_the_later_one_as_it_is() {
    long first = now() - 20 * DAY;
    comesToLifeAgain("m1", first, now() - 100_000);
    List<String> before = everything(tenant);

    write(life("m1", USER, first));

    assertThat(everything(tenant)).isEqualTo(before);
  }

  /** A message that was sent, failed and delivered, was forgotten, and was then read. */
  private void comesToLifeAgain(String messageId, long first, long again) {
    write(life(messageId, USER, first));
    write(Samples.life(TIER.name(), Samples.event(tenant, USER, messageId, Status.READ, again)));
  }

  @Test
  void what_is_no_command_is_invalid() {
    Erasure notice = Erasure.newBuilder(message("m1", now())).setCompletedAt(now()).build();
    Erasure both = Erasure.newBuilder(message("m1", now())).setUserId(USER).build();
    Erasure neither = Erasure.newBuilder(user(USER, now())).setUserId(null).build();
    Erasure unknown = redaction("m1", List.of("subject"), now());
    Erasure fieldsOfUser = Erasure.newBuilder(user(USER, now())).setFields(List.of("body")).build();

    assertThat(List.of(notice, both, neither, unknown, fieldsOfUser))
        .allSatisfy(
            command ->
                assertThatThrownBy(() -> erase(command))
                    .isInstanceOfSatisfying(
                        WriteException.class,
                        why -> assertThat(why.kind()).isEqualTo(WriteException.Kind.INVALID)));
  }

  protected long erase(Erasure command) {
    return get(store(TIER).erase(command, ErasureTimes.micros(command)));
  }

  protected Erasure message(String messageId, long at) {
    return Erasure.newBuilder()
        .setId("e-" + messageId)
        .setTenant(tenant)
        .setMessageId(messageId)
        .setAt(at)
        .build();
  }

  protected Erasure user(String user, long at) {
    return Erasure.newBuilder()
        .setId("e-" + user)
        .setTenant(tenant)
        .setUserId(user)
        .setAt(at)
        .build();
  }

  protected Erasure redaction(String messageId, List<String> fields, long at) {
    return Erasure.newBuilder(message(messageId, at)).setFields(fields).build();
  }

  /** A message that was sent, failed and was delivered all the same: 1 + 1 + 3 + 3 rows. */
  protected List<TierRecord> life(String messageId, String user, long time) {
    return life(messageId, user, time, tenant);
  }

  private static List<TierRecord> life(String messageId, String user, long time, String ofTenant) {
    return Samples.life(
        TIER.name(),
        Samples.event(ofTenant, user, messageId, Status.SENT, time),
        Samples.event(ofTenant, user, messageId, Status.FAILED, time + 1_000),
        Samples.event(ofTenant, user, messageId, Status.DELIVERED, time + 2_000));
  }

  protected void write(List<TierRecord> records) {
    records.forEach(this::write);
  }

  protected void write(TierRecord record) {
    write(store(TIER), record);
  }

  /** All rows of a tenant. */
  protected List<String> everything(String ofTenant) {
    List<String> rows = new ArrayList<>();
    for (Table table : Table.values()) {
      rows.addAll(dump(table, ofTenant));
    }
    return rows;
  }

  private MessageFacts facts(String messageId) {
    MessageRevision message = get(store(TIER).message(tenant, messageId)).orElseThrow();
    return message.getFacts();
  }
}
