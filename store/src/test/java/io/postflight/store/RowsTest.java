package io.postflight.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.message.TierRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowsTest {
  private static final long TIME = 1_760_000_000_000L;
  private static final Tier TIER = Tier.of("30d", Duration.ofDays(30));

  @Test
  void a_message_in_flight_has_no_listing_row() {
    List<TierRecord> lifecycle =
        StoreSamples.lifecycle(
            "30d",
            StoreSamples.event("acme", "u", "m", Status.SENT, TIME),
            StoreSamples.event("acme", "u", "m", Status.DELIVERED, TIME + 5));
    assertThat(Rows.of(lifecycle.get(0), TIER))
        .extracting(Row::table)
        .containsExactly(Table.TIMELINE, Table.MESSAGE);
    assertThat(Rows.of(lifecycle.get(1), TIER))
        .extracting(Row::table)
        .containsExactly(Table.TIMELINE, Table.MESSAGE, Table.MESSAGE_BY_TIME);
  }

  @Test
  void write_timestamps_are_the_anchor_or_the_creation_time_and_revision() {
    List<TierRecord> lifecycle =
        StoreSamples.lifecycle(
            "30d",
            StoreSamples.event("acme", "u", "m", Status.SENT, TIME),
            StoreSamples.event("acme", "u", "m", Status.DELIVERED, TIME + 5));
    assertThat(Rows.of(lifecycle.get(1), TIER))
        .extracting(Row::writeTimestampMicros)
        .containsExactly((TIME + 5) * 1000, TIME * 1000 + 2, TIME * 1000 + 2);
    assertThat(Rows.of(lifecycle.get(1), TIER))
        .extracting(Row::expiryAnchorMillis)
        .containsExactly(TIME + 5, TIME, TIME);
  }

  @Test
  void a_row_belongs_to_the_bucket_of_its_time_and_the_shard_of_its_id() {
    MessageEvent event = StoreSamples.event("acme", "u", "m", Status.SENT, TIME);
    assertThat(Rows.of(StoreSamples.timeline(event, 16), TIER).get(0).partition())
        .isEqualTo(
            new PartitionKey(
                Table.TIMELINE,
                "acme",
                "u",
                TIME - TIME % Duration.ofDays(10).toMillis(),
                ShardOf.id(event.getEventId(), 16)));
  }

  @Test
  void the_timeline_has_no_arrival_time_content_or_addresses() {
    MessageEvent event = StoreSamples.event("acme", "u", "m", Status.SENT, TIME);
    assertThat(Rows.of(StoreSamples.timeline(event, 1), TIER).get(0).cells())
        .containsOnlyKeys(
            "type",
            "status",
            "provider",
            "channel",
            "direction",
            "event_time_source",
            "message_id",
            "provider_status");
  }

  @Test
  void the_same_event_received_later_gives_equal_rows() {
    MessageEvent.Builder event = StoreSamples.builder("acme", "u", "m", Status.SENT, TIME);
    TierRecord once = StoreSamples.timeline(event.build(), 1);
    TierRecord again = StoreSamples.timeline(event.setReceivedAt(TIME + 90_000).build(), 1);
    assertThat(Rows.of(again, TIER)).isEqualTo(Rows.of(once, TIER));
  }

  @Test
  void the_size_counts_bytes_of_utf_8() {
    MessageEvent.Builder event = StoreSamples.actionBuilder("acme", "u", "viewed", TIME);
    int plain = size(event.setAttributes(Map.of("k", "aaaa")).build());
    assertThat(size(event.setAttributes(Map.of("k", "ä你")).build())).isEqualTo(plain + 1);
    assertThat(size(event.setAttributes(Map.of("k", "😀")).build())).isEqualTo(plain);
  }

  @Test
  void an_entry_without_a_user_is_rejected() {
    MessageEvent event =
        StoreSamples.builder("acme", "u", "m", Status.SENT, TIME).setUserId(null).build();
    assertThatThrownBy(() -> Rows.of(StoreSamples.timeline(event, 1), TIER))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("user_id");
  }

  private static int size(MessageEvent event) {
    return Rows.of(StoreSamples.timeline(event, 1), TIER).get(0).sizeBytes();
  }
}
