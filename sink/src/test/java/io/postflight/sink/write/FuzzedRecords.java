package io.postflight.sink.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.serde.InMemorySchemaRegistry;
import io.postflight.schema.serde.PoisonRecordException;
import io.postflight.schema.state.LifecycleState;
import io.postflight.schema.tenant.Tenant;
import io.postflight.sink.Fixtures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;

/**
 * Decodes a fuzzer's bytes as the value of a record: as they are, and after the prefix of each kind
 * of record.
 */
final class FuzzedRecords {
  private static final String SCOPE = "fuzz";
  private static final String TOPIC = "store.30d";
  private static final byte[] KEY = {};

  private final List<Kind<?>> kinds = new ArrayList<>();
  private final RecordDecoder decoder;

  /**
   * A kind of record.
   *
   * @param id of its schema
   */
  private record Kind<T extends SpecificRecord>(String topic, Serde<T> serde, int id) {
    void check(byte[] value) {
      T record;
      try {
        record = serde.deserializer().deserialize(topic, value);
      } catch (PoisonRecordException declared) {
        assertThat(declared.getMessage()).isNotBlank();
        return;
      }
      byte[] again = serde.serializer().serialize(topic, record);
      assertThat(serde.deserializer().deserialize(topic, again)).isEqualTo(record);
    }
  }

  FuzzedRecords() {
    AvroSerdes serdes = AvroSerdes.mock(SCOPE);
    Serde<TierRecord> tierRecords = serdes.value(TierRecord.class);
    add(tierRecords, TierRecord.getClassSchema());
    add(serdes.value(MessageEvent.class), MessageEvent.getClassSchema());
    add(serdes.value(LifecycleState.class), LifecycleState.getClassSchema());
    add(serdes.value(Tenant.class), Tenant.getClassSchema());
    decoder = new RecordDecoder(tierRecords.deserializer(), Fixtures.TIER, 900_000);
  }

  private <T extends SpecificRecord> void add(Serde<T> serde, Schema schema) {
    String topic = schema.getName();
    int id = InMemorySchemaRegistry.shared(SCOPE).register(topic + "-value", schema);
    kinds.add(new Kind<>(topic, serde, id));
  }

  void check(byte[] bytes) {
    checkValue(bytes);
    for (Kind<?> kind : kinds) {
      byte[] value = new byte[bytes.length + 5];
      System.arraycopy(bytes, 0, value, 5, bytes.length);
      value[4] = (byte) kind.id();
      kind.check(value);
      checkValue(value);
    }
  }

  private void checkValue(byte[] value) {
    var decoded = decoder.decode(new SourceRecord(TOPIC, 0, 0, KEY, value, new RecordHeaders()));
    assertThat(decoded).isNotInstanceOf(RecordDecoder.Unavailable.class);
    if (decoded instanceof RecordDecoder.Rejected poison) {
      assertThat(poison.detail()).isNotBlank();
    }
  }

  /** Initial values, without their prefix. */
  static List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    TierRecord record = Fixtures.delivered("u", "m");
    seeds.add(withoutPrefix(TierRecord.class, record));
    seeds.add(withoutPrefix(MessageEvent.class, record.getTimeline().get(0).getEvent()));
    return seeds;
  }

  private static <T extends SpecificRecord> byte[] withoutPrefix(Class<T> type, T record) {
    try (Serde<T> serde = AvroSerdes.mock("seeds").value(type)) {
      byte[] value = serde.serializer().serialize(type.getSimpleName(), record);
      return Arrays.copyOfRange(value, 5, value.length);
    }
  }
}
