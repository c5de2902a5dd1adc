package io.postflight.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.schema.event.EventError;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Edits;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.message.EventFacts;
import io.postflight.schema.message.MessageEdit;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.tenant.ShardVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Contract of event stores: writes and queries. */
public abstract class EventStoreContract extends StoreContract {
  @Test
  void records_written_in_any_order_and_any_number_of_times_end_in_the_same_rows() {
    long start = now() - 100_000;
    List<List<String>> outcomes = new ArrayList<>();
    for (int order = 0; order < 4; order++) {
      String name = tenant + "-" + order;
      List<TierRecord> records = new ArrayList<>(lifecyclesOfTwo(name, start));
      List<TierRecord> writes = new ArrayList<>(records);
      if (order > 0) {
        writes.addAll(records);
        Collections.shuffle(writes, new Random(order));
      }
      writes.forEach(record -> write(store(TIER), record));
      List<String> rows = new ArrayList<>();
      for (Table table : Table.values()) {
        dump(table, name).forEach(row -> rows.add(row.replace(name, "T")));
      }
      outcomes.add(rows);
    }
    assertThat(outcomes.get(0)).hasSize(7 + 2 + 2);
    assertThat(outcomes).allSatisfy(rows -> assertThat(rows).isEqualTo(outcomes.get(0)));
  }

  @Test
  void no_row_outlives_its_tier() {
    Tier brief = Tier.of("brief", Duration.ofSeconds(6));
    EventStore store = store(brief);
    long created = now() - 2_000;
    TierRecord record =
        StoreSamples.lifecycle(
                "brief", StoreSamples.event(tenant, USER, "m", Status.DELIVERED, created))
            .get(0);
    write(store, record);
    assertThat(items(store, query(10))).hasSize(1);

    advance(Duration.ofSeconds(1));
    write(store, record);
    advance(Duration.ofMillis(4_100));
    assertThat(items(store, query(10))).isEmpty();
    assertThat(get(store.latest(latestQuery(null))).events()).isEmpty();
    assertThat(get(store.message(tenant, "m"))).isEmpty();
    assertThat(get(store.listing(ListingQuery.newest(tenant, StoreSamples.ONE_SHARD, 10))).items())
        .isEmpty();
    for (Table table : Table.values()) {
      assertThat(dump(table, tenant)).isEmpty();
    }
  }

  @Test
  void an_expired_row_is_counted_but_not_written() {
    long dead = now() - Duration.ofDays(30).toMillis();
    List<Row> rows = new ArrayList<>();
    for (long time : new long[] {dead - 1, dead + 500, dead + 60_000}) {
      rows.addAll(
          rows(
              StoreSamples.timeline(StoreSamples.action(tenant, USER, "viewed", time), 1),
              Table.TIMELINE));
    }
    List<Row> samePartition =
        rows.stream().<Row>map(row -> inBucketOf((TimelineRow) row, dead)).toList();

    assertThat(get(store(TIER).write(samePartition))).isEqualTo(new WriteResult(1, 2));
    assertThat(dump(Table.TIMELINE, tenant)).hasSize(1);
  }

  @Test
  void the_higher_revision_wins_in_any_order() {
    List<TierRecord> lifecycle =
        StoreSamples.lifecycle(
            TIER.name(),
            StoreSamples.event(tenant, USER, "m", Status.SENT, now() - 9_000),
            StoreSamples.event(tenant, USER, "m", Status.DELIVERED, now() - 8_000),
            StoreSamples.event(tenant, USER, "m", Status.READ, now() - 7_000));
    List.of(2, 0, 1).forEach(order -> write(store(TIER), lifecycle.get(order)));

    assertThat(get(store(TIER).message(tenant, "m"))).contains(message(lifecycle.get(2)));
    List<ListingItem> listed =
        get(store(TIER).listing(ListingQuery.newest(tenant, StoreSamples.ONE_SHARD, 5))).items();
    assertThat(listed).hasSize(1);
    assertThat(listed.get(0).revision()).isEqualTo(3);
    assertThat(listed.get(0).status()).isEqualTo(MessageStatus.READ);
  }

  @Test
  void a_message_is_read_as_it_was_written() {
    long at = now() - 5_000;
    MessageFacts facts =
        new MessageFacts(
            Map.of("SENT", at, "FAILED", at + 1),
            List.of(
                new EventFacts(at, 3, "other", Map.of("attributes.", ""), null),
                eventFacts(at, null, "user_id", "sender", "future"),
                eventFacts(at + 1, new EventError("1", null, "détail"), "provider", "body"),
                eventFacts(at + 2, null, "channel", "attributes.a.b")),
            new Price(null, null, "service", Boolean.FALSE),
            at + 2,
            List.of("recipient"),
            at + 9,
            new MessageEdit(at + 8, "edit", "né"),
            at + 20);
    MessageRevision full =
        new MessageRevision(tenant, "full", TIER.name(), at, at + 1, 999, 16, facts);
    MessageRevision bare =
        new MessageRevision(tenant, "bare", TIER.name(), at, null, 1, 1, Facts.NONE);
    write(store(TIER), StoreSamples.message(full));
    write(store(TIER), StoreSamples.message(bare));

    assertThat(get(store(TIER).message(tenant, "full"))).contains(full);
    assertThat(get(store(TIER).message(tenant, "bare"))).contains(bare);
    assertThat(get(store(TIER).message(tenant, "none"))).isEmpty();
    assertThat(get(store(TIER).message("nobody", "full"))).isEmpty();
  }

  private static EventFacts eventFacts(long at, @Nullable EventError error, String... names) {
    Map<String, String> texts = new HashMap<>();
    for (String name : names) {
      texts.put(name, "value of " + name);
    }
    return new EventFacts(at, 7, "e", texts, error);
  }

  @Test
  void of_two_edits_the_newer_one_replaces_the_older_as_a_whole() {
    long time = now() - 9_000;
    List<TierRecord> lifecycle =
        StoreSamples.lifecycle(
            TIER.name(),
            StoreSamples.event(tenant, USER, "m", Status.SENT, time),
            edit(time + 2_000, "second"),
            edit(time + 1_000, "first"));
    List.of(2, 0, 1).forEach(order -> write(store(TIER), lifecycle.get(order)));

    MessageFacts facts = get(store(TIER).message(tenant, "m")).orElseThrow().getFacts();
    assertThat(facts).isEqualTo(message(lifecycle.get(2)).getFacts());
    assertThat(Edits.body(facts)).isEqualTo("second");
  }

  private MessageEvent edit(long time, String body) {
    return StoreSamples.builder(tenant, USER, "m", Status.ANNOTATION, time)
        .setProviderStatus(Edits.EDIT)
        .setBody(body)
        .build();
  }

  @Test
  void a_column_that_a_revision_does_not_set_is_kept() {
    long created = now() - 5_000;
    MessageFacts withContent =
        Facts.of(StoreSamples.event(tenant, USER, "m", Status.SENT, created));
    write(store(TIER), StoreSamples.message(revision(1, created, withContent)));
    MessageFacts other = Facts.unconfirmedAt(created + 1);
    write(store(TIER), StoreSamples.message(revision(2, created, other)));

    MessageRevision read = get(store(TIER).message(tenant, "m")).orElseThrow();
    assertThat(Facts.text(read.getFacts(), Facts.BODY)).isEqualTo("Grüße, 你好");
    assertThat(read.getFacts().getUnconfirmedAt()).isEqualTo(created + 1);
  }

  @Test
  void a_redacted_field_is_deleted_in_any_order_of_revisions() {
    long created = now() - 5_000;
    MessageFacts open = Facts.of(StoreSamples.event(tenant, USER, "m", Status.SENT, created));
    MessageFacts closed = Facts.join(open, Facts.redacted(List.of("body", "attributes", "price")));
    write(store(TIER), StoreSamples.message(revision(2, created, closed)));
    write(store(TIER), StoreSamples.message(revision(1, created, open)));

    MessageFacts read = get(store(TIER).message(tenant, "m")).orElseThrow().getFacts();
    assertThat(read).isEqualTo(closed);
    assertThat(dump(Table.MESSAGE, tenant)).noneMatch(row -> row.contains("Grüße"));
    assertThat(dump(Table.MESSAGE, tenant)).noneMatch(row -> row.contains("0.0042"));
  }

  @Test
  void pages_cover_a_timeline_without_gaps_or_duplicates_across_width_and_shard_changes() {
    long end = now() - 1_000;
    long newWidth = end - Duration.ofHours(5).toMillis();
    long newShards = end - Duration.ofHours(3).toMillis() - 7;
    Tier tier =
        new Tier(
            TIER.name(),
            TIER.retention(),
            List.of(
                new BucketWidth(0, Duration.ofHours(4)),
                new BucketWidth(newWidth, Duration.ofMinutes(40))),
            TIER.listingWidths());
    List<ShardVersion> shards = List.of(new ShardVersion(2, 0L), new ShardVersion(5, newShards));
    Random random = new Random(1);
    List<TimelineItem> expected = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      long time = end - 200_000L * random.nextInt(200);
      MessageEvent event = StoreSamples.event(tenant, USER, "m" + i, Status.SENT, time);
      write(store(tier), StoreSamples.timeline(event, time < newShards ? 2 : 5));
      expected.add(TimelineItem.of(event));
    }
    expected.sort(
        Comparator.comparingLong(TimelineItem::eventTime)
            .reversed()
            .thenComparing(TimelineItem::eventId));

    for (int limit : new int[] {1, 7, 50, 120, 200}) {
      assertThat(readAll(store(tier), TimelineQuery.newest(tenant, USER, shards, limit)))
          .as("limit %d", limit)
          .isEqualTo(expected);
    }
  }

  @Test
  void a_timeline_is_filtered_by_type_and_time() {
    long time = now() - 100_000;
    for (int i = 0; i < 10; i++) {
      long at = time + 1_000L * i;
      write(store(TIER), StoreSamples.timeline(StoreSamples.action(tenant, USER, "viewed", at), 1));
      write(
          store(TIER),
          StoreSamples.timeline(StoreSamples.event(tenant, USER, "m" + i, Status.READ, at), 1));
    }
    assertThat(readAll(store(TIER), filtered("message.*", null, null, 3)))
        .hasSize(10)
        .allMatch(item -> item.type().equals("message.read"));
    assertThat(readAll(store(TIER), filtered("viewed", time + 2_000, time + 5_000, 2)))
        .extracting(TimelineItem::eventTime)
        .containsExactly(time + 4_000, time + 3_000, time + 2_000);
    assertThat(readAll(store(TIER), filtered("view.*", null, null, 3))).isEmpty();
  }

  @Test
  void an_old_event_of_an_inactive_user_is_found() {
    long old = now() - Duration.ofDays(29).toMillis();
    write(store(TIER), StoreSamples.timeline(StoreSamples.action(tenant, USER, "viewed", old), 1));

    Page<TimelineItem> page = get(store(TIER).timeline(query(50)));
    assertThat(page.items()).extracting(TimelineItem::eventTime).containsExactly(old);
    assertThat(page.next()).isNull();
    assertThat(page.partial()).isFalse();
  }

  @Test
  void a_listing_contains_only_completed_messages() {
    long time = now() - 50_000;
    for (TierRecord record :
        StoreSamples.lifecycle(
            TIER.name(), StoreSamples.event(tenant, USER, "m1", Status.SENT, time))) {
      write(store(TIER), record);
    }
    write(
        store(TIER),
        StoreSamples.message(StoreSamples.delivered(tenant, TIER.name(), "m2", USER, time, 1)));

    assertThat(
            get(store(TIER).listing(ListingQuery.newest(tenant, StoreSamples.ONE_SHARD, 5)))
                .items())
        .extracting(ListingItem::messageId)
        .containsExactly("m2");
    assertThat(get(store(TIER).message(tenant, "m1"))).isPresent();
  }

  @Test
  void pages_cover_a_listing_without_gaps_or_duplicates_in_both_orders() {
    long time = now() - Duration.ofDays(2).toMillis();
    List<ShardVersion> shards = List.of(new ShardVersion(3, 0L));
    for (int i = 0; i < 60; i++) {
      long at = time + 40_000_000L * (i % 4);
      write(
          store(TIER),
          StoreSamples.message(
              StoreSamples.delivered(tenant, TIER.name(), "m" + i, "u" + i % 2, at, 3)));
    }
    List<ListingItem> newest =
        readAll(store(TIER), listing(shards, ListingFilter.ALL, Order.NEWEST_FIRST, 7));
    List<ListingItem> oldest =
        new ArrayList<>(
            readAll(store(TIER), listing(shards, ListingFilter.ALL, Order.OLDEST_FIRST, 4)));
    assertThat(newest)
        .hasSize(60)
        .isSortedAccordingTo(
            Comparator.comparingLong(ListingItem::listedAt)
                .reversed()
                .thenComparing(ListingItem::messageId))
        .doesNotHaveDuplicates();
    Collections.reverse(oldest);
    assertThat(oldest).isEqualTo(newest);

    ListingFilter ofUser = new ListingFilter(MessageStatus.DELIVERED, null, null, "u1", null);
    assertThat(readAll(store(TIER), listing(shards, ofUser, Order.OLDEST_FIRST, 4)))
        .hasSize(30)
        .allMatch(item -> "u1".equals(item.userId()));
    ListingFilter failed = new ListingFilter(MessageStatus.FAILED, null, null, null, null);
    assertThat(readAll(store(TIER), listing(shards, failed, Order.NEWEST_FIRST, 4))).isEmpty();
  }

  @Test
  void rows_with_unlimited_retention_are_written_however_old() {
    Tier forever = Tier.of("forever", null);
    long old = now() - Duration.ofDays(2000).toMillis();
    write(
        store(forever), StoreSamples.timeline(StoreSamples.action(tenant, USER, "viewed", old), 1));

    assertThat(items(store(forever), query(5)))
        .extracting(TimelineItem::eventTime)
        .containsExactly(old);
  }

  @Test
  void rows_of_several_partitions_in_one_write_are_invalid() {
    List<Row> rows =
        Stream.of("u1", "u2")
            .map(user -> StoreSamples.action(tenant, user, "viewed", now()))
            .flatMap(event -> rows(StoreSamples.timeline(event, 1), Table.TIMELINE).stream())
            .toList();
    assertThatThrownBy(() -> get(store(TIER).write(rows)))
        .isInstanceOfSatisfying(
            StoreException.class,
            failure -> assertThat(failure.kind()).isEqualTo(StoreException.Kind.INVALID));
  }

  @Test
  void a_probe_of_a_healthy_store_succeeds_and_is_not_visible() {
    get(store(TIER).probe());
    assertThat(items(store(TIER), query(5))).isEmpty();
  }

  private MessageRevision revision(int number, long created, MessageFacts facts) {
    return new MessageRevision(tenant, "m", TIER.name(), created, null, number, 1, facts);
  }

  private static MessageRevision message(TierRecord record) {
    return Objects.requireNonNull(record.getMessage());
  }

  /** The row in the bucket of another time, so that rows can share a batch. */
  private static TimelineRow inBucketOf(TimelineRow row, long time) {
    PartitionKey key = row.partition();
    long bucket = TIER.buckets().at(time).start();
    return new TimelineRow(
        new PartitionKey(key.table(), key.tenant(), key.subject(), bucket, key.shard()),
        row.event(),
        row.expiryAnchorMillis());
  }

  private TimelineQuery filtered(
      String type, @Nullable Long since, @Nullable Long until, int limit) {
    return new TimelineQuery(
        tenant, USER, StoreSamples.ONE_SHARD, type, PageRequest.first(limit).between(since, until));
  }

  private ListingQuery listing(
      List<ShardVersion> shards, ListingFilter filter, Order order, int limit) {
    return new ListingQuery(tenant, shards, filter, order, PageRequest.first(limit));
  }
}
