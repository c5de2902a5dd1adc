package io.postflight.schema.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.message.TierRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

/** Invalid bytes are rejected as poison records, at a cost bounded by their size. */
class PoisonTest {
  private static final String TOPIC = "store.30d";
  private static final long PLENTY = 4 * 1024 * 1024;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Serde<TierRecord> records = AvroSerdes.mock("poison").value(TierRecord.class);
  private final Serde<MessageEvent> events = AvroSerdes.mock("poison").value(MessageEvent.class);
  private final byte[] whole = records.serializer().serialize(TOPIC, SampleRecords.tierRecord());

  @Test
  void no_magic_byte_too_short_and_a_negative_id_are_poison() {
    byte[] noMagic = whole.clone();
    noMagic[0] = 7;

    assertPoison(noMagic, "starts with byte 7");
    assertPoison(new byte[] {0, 0, 0}, "3 bytes");
    assertPoison(new byte[] {}, "0 bytes");
    assertPoison(new byte[] {0, -1, 0, 0, 0, 0}, "negative");
  }

  @Test
  void a_truncated_or_too_long_record_is_poison() {
    assertPoison(Arrays.copyOf(whole, whole.length - 1), "cannot be decoded");
    assertPoison(Arrays.copyOf(whole, whole.length + 3), "3 bytes after its end");
  }

  @Test
  void a_string_of_two_gigabytes_is_not_allocated() throws IOException {
    byte[] bytes = prefixed(encoder -> encoder.writeLong(Integer.MAX_VALUE - 100));

    assertBoundedPoison(bytes);
  }

  @Test
  void an_array_of_two_billion_items_is_not_allocated() throws IOException {
    byte[] bytes =
        prefixed(
            encoder -> {
              encoder.writeString("acme");
              encoder.writeLong(Integer.MAX_VALUE - 100);
            });

    assertBoundedPoison(bytes);
  }

  @Test
  void a_negative_length_is_poison() throws IOException {
    assertBoundedPoison(prefixed(encoder -> encoder.writeLong(-5)));
    assertBoundedPoison(prefixed(encoder -> encoder.writeLong(Long.MIN_VALUE)));
  }

  @Property(tries = 3000)
  void changed_bytes_are_poison_or_another_record_and_cost_little(
      @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 5, max = 700) Integer> places,
      @ForAll @Size(6) byte[] values) {
    byte[] bytes = whole.clone();
    for (int i = 0; i < places.size(); i++) {
      bytes[Math.min(places.get(i), bytes.length - 1)] = values[i];
    }

    assertReadOrPoison(bytes);
  }

  @Property
  void random_bytes_are_poison_or_a_record(@ForAll @Size(max = 200) byte[] junk) {
    byte[] bytes = Arrays.copyOf(whole, WireFormat.PREFIX + junk.length);
    System.arraycopy(junk, 0, bytes, WireFormat.PREFIX, junk.length);

    assertReadOrPoison(bytes);
  }

  @Test
  void a_reader_is_usable_after_a_poison_record() {
    assertPoison(Arrays.copyOf(whole, whole.length - 1), "cannot be decoded");

    assertThat(records.deserializer().deserialize(TOPIC, whole))
        .isEqualTo(SampleRecords.tierRecord());
  }

  @Test
  void a_record_of_another_kind_is_poison() {
    byte[] event = events.serializer().serialize("events", SampleRecords.event());

    assertPoison(event, "cannot be decoded");
  }

  private void assertReadOrPoison(byte[] bytes) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      records.deserializer().deserialize(TOPIC, bytes);
    } catch (PoisonRecordException expected) {
      assertThat(expected).hasMessageContaining(TOPIC);
    }
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(PLENTY);
  }

  private void assertBoundedPoison(byte[] bytes) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    assertPoison(bytes, "cannot be decoded");
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(PLENTY);
  }

  private void assertPoison(byte[] bytes, String message) {
    assertThatThrownBy(() -> records.deserializer().deserialize(TOPIC, bytes))
        .isInstanceOf(PoisonRecordException.class)
        .hasMessageContaining(message);
  }

  private byte[] prefixed(Writing writing) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(whole, 0, WireFormat.PREFIX);
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    writing.to(encoder);
    encoder.flush();
    out.write(new byte[20]);
    return out.toByteArray();
  }

  private interface Writing {
    void to(BinaryEncoder encoder) throws IOException;
  }
}
