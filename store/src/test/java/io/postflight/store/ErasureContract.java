package io.postflight.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Contract of event stores: erasure of messages and users. */
public abstract class ErasureContract extends CommandContract {
  @Test
  void erasing_a_message_deletes_all_its_rows_and_no_others() {
    long time = now() - 100_000;
    write(lifecycle("m1", USER, time));
    write(lifecycle("m2", USER, time - 50_000));
    write(lifecycle("m1", "other", time, tenant + "-b"));
    List<String> others = allRows(tenant + "-b");

    long rows = erase(message("m1", time + 60_000));

    assertThat(rows).isEqualTo(1 + 1 + 3);
    assertThat(allRows(tenant)).noneMatch(row -> row.contains("m1")).hasSize(1 + 1 + 3);
    assertThat(get(store(TIER).message(tenant, "m1"))).isEmpty();
    assertThat(get(store(TIER).message(tenant, "m2"))).isPresent();
    assertThat(allRows(tenant + "-b")).isEqualTo(others);
  }

  @Test
  void a_repeated_erasure_deletes_nothing() {
    long time = now() - 100_000;
    write(lifecycle("m1", USER, time));
    erase(message("m1", time + 60_000));

    assertThat(erase(message("m1", time + 60_000))).isZero();
    assertThat(erase(message("never", time + 60_000))).isZero();
    assertThat(erase(user("never", time + 60_000))).isZero();
  }

  @Test
  void a_command_about_an_oversized_key_deletes_nothing_and_does_not_fail() {
    long time = now() - 100_000;
    String large = "x".repeat(65_535);
    write(lifecycle("m1", USER, time));

    assertThat(erase(message(large, time + 60_000))).isZero();
    assertThat(erase(user(large, time + 60_000))).isZero();
    Erasure command =
        Erasure.newBuilder(message("m1", time + 60_000)).setUsers(List.of(large, USER)).build();
    assertThat(erase(command)).isEqualTo(1 + 1 + 3);
  }

  @Test
  void a_message_in_flight_is_erased() {
    long time = now() - 100_000;
    write(
        StoreSamples.lifecycle(
            TIER.name(), StoreSamples.event(tenant, USER, "m1", Status.SENT, time)));

    assertThat(erase(message("m1", time + 60_000))).isEqualTo(1 + 1);
    assertThat(allRows(tenant)).isEmpty();
  }

  @Test
  void rows_newer_than_the_command_are_erased_with_their_message() {
    long time = now() - 100_000;
    write(lifecycle("m1", USER, time));

    erase(message("m1", time - 5_000));

    assertThat(allRows(tenant)).isEmpty();
  }

  @Test
  void records_of_an_erased_message_that_are_written_again_do_not_restore_it() {
    long time = now() - 100_000;
    List<TierRecord> lifecycle = lifecycle("m1", USER, time);
    write(lifecycle);
    erase(message("m1", time + 60_000));

    write(lifecycle);

    assertThat(allRows(tenant)).isEmpty();
  }

  @Test
  void rows_written_after_an_erasure_are_deleted_by_a_second_one_that_names_the_listing_row() {
    long time = now() - 100_000;
    List<TierRecord> lifecycle = lifecycle("m1", USER, time);
    MessageRevision last = Objects.requireNonNull(lifecycle.get(2).getMessage());
    Erasure command =
        Erasure.newBuilder(message("m1", now()))
            .setUsers(List.of(USER))
            .setListedAt(last.getListedAt())
            .setListingShards(last.getListingShards())
            .build();
    write(lifecycle.get(0));
    erase(message("m1", now()));
    write(lifecycle.get(1));
    write(lifecycle.get(2));
    assertThat(dump(Table.MESSAGE_BY_TIME, tenant)).hasSize(1);

    erase(command);

    assertThat(allRows(tenant)).isEmpty();
    write(lifecycle);
    assertThat(dump(Table.MESSAGE_BY_TIME, tenant)).isEmpty();
    assertThat(get(store(TIER).message(tenant, "m1"))).isEmpty();
  }

  @Test
  void timelines_named_by_the_command_are_searched_even_without_the_message() {
    long time = now() - 20 * DAY;
    for (String user : List.of(USER, "second", "third")) {
      write(StoreSamples.timeline(StoreSamples.event(tenant, user, "m1", Status.READ, time), 3));
    }
    Erasure command =
        Erasure.newBuilder(message("m1", now())).setUsers(List.of(USER, "second")).build();

    assertThat(erase(command)).isEqualTo(2);

    assertThat(allRows(tenant)).hasSize(1).allMatch(row -> row.contains("third"));
  }

  @Test
  void timelines_named_by_the_command_are_searched_from_the_time_that_it_names() {
    long time = now() - 20 * DAY;
    write(
        StoreSamples.timeline(
            StoreSamples.event(tenant, USER, "m1", Status.DELIVERED, time - 1), 3));
    write(StoreSamples.timeline(StoreSamples.event(tenant, USER, "m1", Status.READ, time), 3));
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
      events[i] = StoreSamples.event(tenant, USER, "m1", status, created + i * DAY);
    }
    for (TierRecord record : StoreSamples.lifecycle(TIER.name(), events)) {
      TimelineEntry entry = record.getTimeline().get(0);
      write(StoreSamples.timeline(entry.getEvent(), 3));
      write(StoreSamples.message(Objects.requireNonNull(record.getMessage())));
    }
    assertThat(dump(Table.TIMELINE, tenant)).hasSize(9);

    erase(message("m1", now()));

    assertThat(allRows(tenant)).isEmpty();
  }

  @Test
  void erasing_a_user_deletes_all_rows_and_no_others() {
    long time = now() - 25 * DAY;
    for (int i = 0; i < 30; i++) {
      write(lifecycle("m" + i, USER, time + i * 5L * DAY / 6));
      write(
          StoreSamples.timeline(
              StoreSamples.action(tenant, USER, "viewed", time + i * 5L * DAY / 6), 3));
    }
    write(lifecycle("x", "other", time));
    write(StoreSamples.timeline(StoreSamples.action(tenant, "other", "viewed", time), 3));

    long rows = erase(user(USER, now()));

    assertThat(rows).isEqualTo(30 * (1 + 1 + 3 + 1));
    assertThat(allRows(tenant)).hasSize((1 + 1 + 3) + 1).allMatch(row -> row.contains("other"));
    assertThat(get(store(TIER).message(tenant, "m7"))).isEmpty();
    assertThat(readAll(store(TIER), TimelineQuery.newest(tenant, USER, SHARDS, 50))).isEmpty();
    assertThat(get(store(TIER).latest(new LatestQuery(tenant, USER, SHARDS, null, null))).events())
        .isEmpty();
  }

  @Test
  void messages_created_after_a_users_erasure_are_kept() {
    long at = now() - 50_000;
    write(lifecycle("old", USER, at - 10_000));
    write(StoreSamples.timeline(StoreSamples.action(tenant, USER, "viewed", at - 9_000), 1));
    write(lifecycle("new", USER, at + 1));
    write(StoreSamples.timeline(StoreSamples.action(tenant, USER, "bought", at + 1), 1));

    long rows = erase(user(USER, at));

    assertThat(rows).isEqualTo(1 + 1 + 3 + 1);
    assertThat(allRows(tenant)).noneMatch(row -> row.contains("old")).hasSize(1 + 1 + 3 + 1);
    assertThat(get(store(TIER).message(tenant, "new"))).isPresent();
  }

  @Test
  void a_later_event_of_a_message_created_before_is_erased_with_its_user() {
    long at = now() - 50_000;
    write(
        StoreSamples.lifecycle(
            TIER.name(),
            StoreSamples.event(tenant, USER, "old", Status.SENT, at - 10_000),
            StoreSamples.event(tenant, USER, "old", Status.DELIVERED, at + 5_000),
            StoreSamples.event(tenant, USER, "old", Status.READ, at + 6_000)));

    erase(user(USER, at));

    assertThat(allRows(tenant)).isEmpty();
  }

  @Test
  void of_another_users_message_only_the_users_own_rows_are_erased() {
    long time = now() - 50_000;
    write(lifecycle("group", "owner", time));
    write(
        StoreSamples.timeline(
            StoreSamples.event(tenant, USER, "group", Status.PLAYED, time + 5_000), 1));
    List<String> before = allRows(tenant);

    long rows = erase(user(USER, now()));

    assertThat(rows).isEqualTo(1);
    assertThat(allRows(tenant)).hasSize(before.size() - 1);
    assertThat(get(store(TIER).message(tenant, "group"))).isPresent();
  }

  @Test
  void the_event_before_an_erased_one_is_the_last_of_its_type() {
    long time = now() - 50_000;
    write(lifecycle("m1", USER, time));
    write(lifecycle("m2", USER, time + 20_000));
    assertThat(latest(null)).extracting(TimelineItem::messageId).containsOnly("m2");

    erase(message("m2", now()));

    assertThat(latest(null)).hasSize(3).extracting(TimelineItem::messageId).containsOnly("m1");
    assertThat(allRows(tenant)).noneMatch(row -> row.contains("m2"));
    write(StoreSamples.timeline(StoreSamples.event(tenant, USER, "m3", Status.SENT, now()), 1));
    assertThat(latest("message.sent")).extracting(TimelineItem::messageId).containsExactly("m3");
  }

  @Test
  void late_records_of_an_erased_user_are_not_stored() {
    long time = now() - 50_000;
    write(lifecycle("m1", USER, time));
    erase(user(USER, now()));

    write(lifecycle("m1", USER, time).get(2));
    write(StoreSamples.timeline(StoreSamples.action(tenant, USER, "viewed", time + 1_000), 1));

    assertThat(dump(Table.TIMELINE, tenant)).isEmpty();
    assertThat(dump(Table.MESSAGE, tenant)).isEmpty();
    assertThat(dump(Table.MESSAGE_BY_TIME, tenant)).isEmpty();
  }

  @Test
  void a_message_with_a_second_lifecycle_is_listed_twice_and_erased_from_both() {
    startSecondLifecycle("m1", now() - 20 * DAY, now() - 100_000);
    assertThat(
            get(store(TIER).listing(ListingQuery.newest(tenant, StoreSamples.ONE_SHARD, 50)))
                .items())
        .extracting(ListingItem::messageId)
        .containsExactly("m1", "m1");

    long rows = erase(message("m1", now()));

    assertThat(rows).isEqualTo(1 + 2 + 3 + 1);
    assertThat(allRows(tenant)).isEmpty();
  }

  @Test
  void both_listing_rows_of_a_message_are_erased_with_its_user() {
    startSecondLifecycle("m1", now() - 20 * DAY, now() - 100_000);

    erase(user(USER, now()));

    assertThat(allRows(tenant)).isEmpty();
  }

  @Test
  void an_earlier_lifecycle_is_erased_with_its_user_and_the_later_one_kept() {
    long again = now() - 100_000;
    startSecondLifecycle("m1", now() - 20 * DAY, again);

    assertThat(erase(user(USER, again - 10_000))).isPositive();

    assertThat(allRows(tenant)).noneMatch(row -> row.contains("Grüße")).hasSize(1 + 1 + 1);
    assertThat(get(store(TIER).message(tenant, "m1")).orElseThrow().getCreatedAt())
        .isEqualTo(again);
    assertThat(erase(user(USER, again - 10_000))).isZero();
  }

  @Test
  void records_of_an_earlier_lifecycle_do_not_change_the_later_one() {
    long first = now() - 20 * DAY;
    startSecondLifecycle("m1", first, now() - 100_000);
    List<String> before = allRows(tenant);

    write(lifecycle("m1", USER, first));

    assertThat(allRows(tenant)).isEqualTo(before);
  }

  @Test
  void a_record_that_is_no_command_is_invalid() {
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
                        StoreException.class,
                        why -> assertThat(why.kind()).isEqualTo(StoreException.Kind.INVALID)));
  }
}
