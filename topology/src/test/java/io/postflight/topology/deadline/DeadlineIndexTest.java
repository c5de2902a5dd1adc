package io.postflight.topology.deadline;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.topology.deadline.DeadlineIndex.Due;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadlineIndexTest {
  @TempDir Path dir;

  private final KeyValueStore<Bytes, byte[]> store =
      Stores.keyValueStoreBuilder(
              Stores.persistentKeyValueStore("deadlines"), Serdes.Bytes(), Serdes.ByteArray())
          .withLoggingDisabled()
          .build();
  private final DeadlineIndex index = new DeadlineIndex(store);

  @BeforeEach
  void open() {
    Properties config = new Properties();
    config.put("application.id", "deadlines");
    config.put("bootstrap.servers", "none:1");
    MockProcessorContext<Void, Void> context =
        new MockProcessorContext<>(
            config, new org.apache.kafka.streams.processor.TaskId(0, 0), dir.toFile());
    store.init(context.getStateStoreContext(), store);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void due_entries_are_returned_earliest_first() {
    index.put(300, "c");
    index.put(100, "a");
    index.put(200, "b");

    assertThat(index.due(200, 10)).containsExactly(new Due(100, "a"), new Due(200, "b"));
  }

  @Test
  void a_time_before_256_comes_before_one_after_it() {
    index.put(256, "later");
    index.put(255, "earlier");

    assertThat(index.due(1_000, 10)).extracting(Due::key).containsExactly("earlier", "later");
  }

  @Test
  void a_scan_begins_where_the_last_one_fired() {
    index.put(100, "a");
    index.due(500, 10);
    index.remove(100, "a");

    assertThat(index.earliest()).isEqualTo(501);
    assertThat(index.due(500, 10)).isEmpty();
  }

  @Test
  void an_entry_put_below_the_scan_is_still_found() {
    index.due(1_000, 10);

    index.put(400, "late");

    assertThat(index.due(1_000, 10)).containsExactly(new Due(400, "late"));
  }

  @Test
  void a_limited_batch_continues_within_the_same_millisecond() {
    index.put(100, "a");
    index.put(100, "b");
    index.put(100, "c");

    assertThat(index.due(100, 2)).hasSize(2);
    index.remove(100, "a");
    index.remove(100, "b");

    assertThat(index.due(100, 2)).containsExactly(new Due(100, "c"));
  }

  @Test
  void entries_put_while_others_are_read_ahead_are_found_in_their_order() {
    index.put(100, "a");
    index.put(200, "b");
    index.put(300, "c");

    assertThat(index.due(300, 1)).containsExactly(new Due(100, "a"));
    index.remove(100, "a");
    index.put(150, "below");
    index.put(250, "between");

    assertThat(index.due(300, 10))
        .extracting(Due::key)
        .containsExactly("below", "b", "between", "c");
  }

  @Test
  void entries_read_ahead_are_not_due_at_an_earlier_time() {
    index.put(100, "a");
    index.put(200, "b");
    index.due(200, 1);

    assertThat(index.mayBeDue(150)).isFalse();
    assertThat(index.due(150, 10)).isEmpty();
    assertThat(index.due(200, 10)).containsExactly(new Due(200, "b"));
  }

  @Test
  void more_entries_than_are_read_at_once_are_all_returned_once() {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      keys.add("%04d".formatted(i));
      index.put(i / 7, keys.get(i));
    }
    List<String> fired = new ArrayList<>();
    while (index.mayBeDue(1_000)) {
      for (Due due : index.due(1_000, 100)) {
        index.remove(due.deadline(), due.key());
        fired.add(due.key());
      }
    }

    assertThat(fired).isEqualTo(keys);
  }

  @Test
  void keys_may_contain_any_text() {
    index.put(7, "acme|wamid.ä|\u0000€");

    assertThat(index.due(7, 1)).containsExactly(new Due(7, "acme|wamid.ä|\u0000€"));
  }
}
