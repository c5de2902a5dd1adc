package io.postflight.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.schema.event.EventError;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.message.TierRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Contract of event stores: a user's last event of each type. */
public abstract class LatestContract extends StoreContract {
  @Test
  void the_latest_event_of_a_type_is_the_one_with_the_latest_anchor() {
    long time = now() - 10_000;
    for (long at : new long[] {time + 2_000, time + 3_000, time + 1_000}) {
      write(store(TIER), StoreSamples.timeline(StoreSamples.action(tenant, USER, "viewed", at), 1));
    }
    write(store(TIER), StoreSamples.timeline(StoreSamples.action(tenant, USER, "bought", time), 1));

    List<TimelineItem> all = latest(null);
    assertThat(all).extracting(TimelineItem::type).containsExactly("bought", "viewed");
    assertThat(all.get(1).eventTime()).isEqualTo(time + 3_000);
    assertThat(all.get(1).attributes()).isEqualTo(Map.of("sku", "42"));
    assertThat(latest("bought")).isEqualTo(all.subList(0, 1));
    assertThat(latest("sold")).isEmpty();
  }

  @Test
  void latest_events_too_large_for_one_answer_are_read_by_type() {
    long time = now() - 10_000;
    Map<String, String> large = Map.of("text", "x".repeat(60 << 10));
    for (int i = 0; i < 80; i++) {
      MessageEvent action =
          StoreSamples.actionBuilder(tenant, USER, "type-" + i, time).setAttributes(large).build();
      write(store(TIER), StoreSamples.timeline(action, 1));
    }

    assertThatThrownBy(() -> latest(null))
        .isInstanceOfSatisfying(
            StoreException.class, failure -> assertThat(failure.tooLarge()).isTrue());
    assertThat(latest("type-7")).hasSize(1);
  }

  @Test
  void a_type_whose_last_event_was_deleted_is_named() {
    TierRecord record =
        StoreSamples.timeline(StoreSamples.action(tenant, USER, "viewed", now() - 10_000), 1);
    get(((RowRemover) store(TIER)).remove(rows(record, Table.TIMELINE).get(0).key(), now() * 1000));
    write(store(TIER), record);

    assertThat(get(store(TIER).latest(latestQuery(null))))
        .isEqualTo(new LatestEvents(List.of(), List.of("viewed")));
  }

  @Test
  void a_requested_type_without_a_pointer_has_to_be_searched() {
    String taken = "AaAa"; // equal hash codes
    String taking = "BBBB";
    long time = now() - 10_000;
    write(store(TIER), StoreSamples.timeline(StoreSamples.action(tenant, USER, taken, time), 1));
    write(
        store(TIER), StoreSamples.timeline(StoreSamples.action(tenant, USER, taking, time + 1), 1));

    assertThat(latest(null)).extracting(TimelineItem::type).containsExactly(taking);
    assertThat(get(store(TIER).latest(latestQuery(taken))))
        .isEqualTo(new LatestEvents(List.of(), List.of(taken)));
    assertThat(latest(taking)).hasSize(1);
  }

  @Test
  void two_events_with_one_anchor_are_never_mixed_in_the_latest() {
    long time = now() - 10_000;
    List<TimelineItem> both = new ArrayList<>();
    for (String id : List.of("m1", "m2")) {
      MessageEvent event =
          StoreSamples.builder(tenant, USER, id, Status.FAILED, time)
              .setProviderStatus(id.equals("m1") ? null : "undelivered")
              .setError(id.equals("m1") ? new EventError("1", null, null) : null)
              .build();
      write(store(TIER), StoreSamples.timeline(event, 1));
      both.add(TimelineItem.of(event));
    }
    assertThat(latest(null)).singleElement().satisfies(item -> assertThat(item).isIn(both));
  }
}
