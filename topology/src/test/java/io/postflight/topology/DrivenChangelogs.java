package io.postflight.topology;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.LifecycleCommand;
import io.postflight.schema.identity.AliasLinks;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.state.LifecycleState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.BytesDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;

/**
 * The changelogs of a driven lifecycle. The driver has only those records that its own instance has
 * written, not restored ones, so they are passed from one instance to the next.
 */
final class DrivenChangelogs {
  private final TopologyTestDriver lifecycle;

  /** Records by store; those of this instance are added on request. */
  private final Map<String, List<TestRecord<Bytes, byte[]>>> records = new HashMap<>();

  DrivenChangelogs(TopologyTestDriver lifecycle) {
    this.lifecycle = lifecycle;
  }

  /** The changelog of a store is lost. */
  void lose(String store) {
    changes(store).clear();
  }

  /** Restores the stores of the next instance. */
  void restore(DrivenChangelogs next, AvroSerdes serdes) {
    Deserializer<String> text = new StringDeserializer();
    restore(next, "lifecycles", text, serdes.value(LifecycleState.class).deserializer());
    restore(next, "deadlines", new BytesDeserializer(), new ByteArrayDeserializer());
    restore(next, "erasures", text, serdes.value(LifecycleCommand.class).deserializer());
    restore(next, "erasure-scans", text, new StringDeserializer());
    restore(next, "alias-links", text, serdes.value(AliasLinks.class).deserializer());
    restore(next, "user-erasures", text, serdes.value(Erasure.class).deserializer());
  }

  private <K, V> void restore(
      DrivenChangelogs next, String store, Deserializer<K> keys, Deserializer<V> values) {
    List<TestRecord<Bytes, byte[]>> changes = changes(store);
    next.records.put(store, changes);
    KeyValueStore<K, V> restored = next.lifecycle.getKeyValueStore(store);
    for (TestRecord<Bytes, byte[]> change : changes) {
      restored.put(
          keys.deserialize(topic(store), change.key().get()),
          values.deserialize(topic(store), change.getValue()));
    }
  }

  private List<TestRecord<Bytes, byte[]>> changes(String store) {
    List<TestRecord<Bytes, byte[]>> changes =
        records.computeIfAbsent(store, first -> new ArrayList<>());
    changes.addAll(
        lifecycle
            .createOutputTopic(topic(store), new BytesDeserializer(), new ByteArrayDeserializer())
            .readRecordsToList());
    return changes;
  }

  private static String topic(String store) {
    return "t.postflight-topology-" + store + "-changelog";
  }
}
