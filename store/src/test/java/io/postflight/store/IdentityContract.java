package io.postflight.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.identity.AliasLink;
import io.postflight.schema.identity.LinkRelation;
import io.postflight.schema.identity.LinkUpdates;
import io.postflight.schema.lifecycle.MessageAlias;
import io.postflight.schema.message.TierRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Contract of event stores: the ids of a person. */
public abstract class IdentityContract extends StoreContract {
  private static final String PERSON = "DE.111";
  private static final AliasLink PHONE = new AliasLink(USER, LinkRelation.SAME, 5L, 5L, null);
  private static final AliasLink MOVED =
      new AliasLink("4915112345678", LinkRelation.MOVED_TO, 9L, 9L, null);

  @Test
  void the_other_id_that_an_event_names_is_stored_with_each_of_its_rows() {
    MessageEvent event =
        StoreSamples.builder(tenant, USER, "m", Status.DELIVERED, now() - 10_000)
            .setAliases(List.of(PERSON, "4915112345678"))
            .build();
    write(store(TIER), StoreSamples.lifecycle(TIER.name(), event).get(0));

    assertThat(items(store(TIER), query(5))).extracting(TimelineItem::alias).containsOnly(PERSON);
    assertThat(latest(null)).extracting(TimelineItem::alias).containsOnly(PERSON);
    assertThat(
            readAll(store(TIER), ListingQuery.newest(tenant, StoreSamples.ONE_SHARD, 5)).stream()
                .map(ListingItem::alias))
        .containsOnly(PERSON);
    assertThat(MessageAlias.of(get(store(TIER).message(tenant, "m")).orElseThrow().getFacts()))
        .isEqualTo(PERSON);
  }

  @Test
  void the_links_of_an_id_are_read_as_they_were_written() {
    AliasLink again = new AliasLink("a@b.example", LinkRelation.MOVED_FROM, 7L, 12L, 11L);
    write(store(TIER), identity(PERSON, 1_000, PHONE, MOVED, again));

    assertThat(links(PERSON))
        .containsExactly(
            PHONE, MOVED, new AliasLink("a@b.example", LinkRelation.MOVED_FROM, 7L, 12L, null));
    assertThat(links(USER)).isEmpty();
    assertThat(get(store(TIER).identity(tenant + "-b", PERSON))).isEmpty();
  }

  @Test
  void the_place_of_an_erased_id_is_read_as_it_was_written() {
    AliasLink erased = new AliasLink(PERSON, LinkRelation.SAME, 5L, 6L, 7L);
    AliasLink other = new AliasLink("DE.OTHER9", LinkRelation.SAME, 9L, 9L, null);
    List<AliasLink> shown = LinkUpdates.shown("4915112345678", List.of(erased, other));
    write(store(TIER), identity("4915112345678", 1_000, shown.toArray(AliasLink[]::new)));

    assertThat(shown).hasSize(2).doesNotContain(erased);
    assertThat(links("4915112345678")).isEqualTo(shown);
  }

  @Test
  void the_later_update_of_links_wins_in_any_order() {
    write(store(TIER), identity(PERSON, 1_000, PHONE));
    write(store(TIER), identity(PERSON, 3_000, MOVED));
    write(store(TIER), identity(PERSON, 2_000, PHONE, MOVED));
    write(store(TIER), identity(PERSON, 3_000, MOVED));

    assertThat(links(PERSON)).containsExactly(MOVED);
  }

  @Test
  void an_update_without_links_deletes_the_row() {
    write(store(TIER), identity(PERSON, 1_000, PHONE));
    write(store(TIER), identity(PERSON, 2_000));
    write(store(TIER), identity(PERSON, 1_500, MOVED));

    assertThat(links(PERSON)).isEmpty();
    assertThat(dump(Table.IDENTITY, tenant)).isEmpty();
    write(store(TIER), identity(PERSON, 3_000, MOVED));
    assertThat(links(PERSON)).containsExactly(MOVED);
  }

  @Test
  void links_never_expire() {
    long updatedAt = now() - Duration.ofDays(4_000).toMillis();
    TierRecord record = identity(PERSON, updatedAt, PHONE);

    assertThat(write(store(TIER), record)).isEqualTo(new WriteResult(1, 0));

    Row row = Rows.of(record, TIER).get(0);
    Map<String, StoredCell> cells =
        get(((RowReader) store(TIER)).read(row.key())).orElseThrow().cells();
    StoredCell cell = Objects.requireNonNull(cells.get("links"));
    assertThat(cell.value()).isEqualTo(List.of(PHONE));
    assertThat(cell.writeTimestampMicros()).isEqualTo(updatedAt * 1000);
    assertThat(cell.ttlSeconds()).isNull();
  }

  @Test
  void a_later_update_covers_an_earlier_one() {
    Row earlier = Rows.of(identity(PERSON, 1_000, PHONE), TIER).get(0);
    Row later = Rows.of(identity(PERSON, 2_000), TIER).get(0);

    assertThat(later.covers(earlier)).isTrue();
    assertThat(earlier.covers(later)).isFalse();
    assertThat(get(store(TIER).write(List.of(later, earlier)))).isEqualTo(new WriteResult(2, 0));
    assertThat(links(PERSON)).isEmpty();
  }

  @Test
  void an_id_too_large_for_a_key_has_no_links_and_cannot_be_written() {
    String large = "x".repeat(65_535);

    assertThat(links(large)).isEmpty();
    assertThatThrownBy(() -> write(store(TIER), identity(large, 1_000, PHONE)))
        .isInstanceOfSatisfying(
            StoreException.class,
            rejected -> assertThat(rejected.kind()).isEqualTo(StoreException.Kind.INVALID))
        .hasMessageStartingWith("alias has 65535 bytes");
  }

  private TierRecord identity(String alias, long updatedAt, AliasLink... links) {
    return StoreSamples.identity(tenant, alias, updatedAt, links);
  }

  private List<AliasLink> links(String alias) {
    return get(store(TIER).identity(tenant, alias));
  }
}
