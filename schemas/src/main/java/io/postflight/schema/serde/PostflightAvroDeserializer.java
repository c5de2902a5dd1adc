package io.postflight.schema.serde;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DatumReader;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Deserializes records in Confluent's wire format. Configuration keys are Confluent's ({@link
 * AvroSerdes}): with {@code specific.avro.reader} it returns generated records, of the class named
 * in {@code specific.avro.value.type} if there is one, else generic records.
 *
 * <p>Thread-safe. The first record of a schema causes a request to the registry; after that,
 * reading takes no lock and allocates only the record. {@code deserialize} throws {@link
 * PoisonRecordException} for bytes that can never be read and {@link RegistryUnavailableException}
 * if the registry remains unavailable.
 *
 * @param <T> generated or generic records
 */
public final class PostflightAvroDeserializer<T> implements Deserializer<T> {
  private final ThreadLocal<ThreadReaders<T>> readings =
      ThreadLocal.withInitial(ThreadReaders::new);
  private final Map<Integer, Schema> writers = new ConcurrentHashMap<>();

  private @Nullable SerdeSettings settings;
  private @Nullable SchemaRegistry registry;

  /** For Kafka clients, which call {@link #configure} afterwards. */
  public PostflightAvroDeserializer() {
    TrustedRecords.trust();
  }

  @Override
  public void configure(Map<String, ?> config, boolean isKey) {
    SerdeSettings read = SerdeSettings.of(config, isKey);
    settings = read;
    registry = Registries.of(read);
  }

  @Override
  public @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    int id = WireFormat.schemaId(topic, bytes);
    ThreadReaders<T> reading = readings.get();
    DatumReader<T> reader = reading.reader(id);
    if (reader == null) {
      reader = reading.keep(id, reader(topic, id));
    }
    return decode(topic, id, reader, reading.decoder.on(bytes, WireFormat.PREFIX));
  }

  private static <T> T decode(
      String topic, int id, DatumReader<T> reader, ByteArrayDecoder decoder) {
    try {
      @SuppressWarnings("NullAway") // null has Avro create a new record
      T record = reader.read(null, decoder);
      int left = decoder.end();
      if (left > 0) {
        throw new PoisonRecordException(
            "record of %s (schema id %d) has %d bytes after its end".formatted(topic, id, left));
      }
      return record;
    } catch (PoisonRecordException poison) {
      throw poison;
    } catch (IOException | RuntimeException undecodable) {
      decoder.end();
      throw new PoisonRecordException(
          "record of %s (schema id %d) cannot be decoded: %s".formatted(topic, id, undecodable),
          undecodable);
    }
  }

  /** One reader per thread, since Avro does not document its readers as thread-safe. */
  private DatumReader<T> reader(String topic, int id) {
    SerdeSettings s = settings;
    if (s == null) {
      throw new IllegalStateException("configure() has not been called");
    }
    Schema writer = writer(topic, id);
    if (!s.specificReader()) {
      return new GenericDatumReader<>(writer);
    }
    Class<?> type = s.type() == null ? named(topic, writer) : s.type();
    SpecificData data = SpecificData.getForClass(type);
    return new SpecificDatumReader<>(writer, data.getSchema(type), data);
  }

  private Schema writer(String topic, int id) {
    Schema known = writers.get(id);
    if (known != null) {
      return known;
    }
    SchemaRegistry r = registry;
    if (r == null) {
      throw new IllegalStateException("configure() has not been called");
    }
    Schema found =
        r.byId(id)
            .orElseThrow(
                () ->
                    new PoisonRecordException(
                        "record of %s has schema id %d, which is unknown to the registry"
                            .formatted(topic, id)));
    writers.put(id, found);
    return found;
  }

  private static Class<?> named(String topic, Schema writer) {
    try {
      Class<?> type = SpecificData.get().getClass(writer);
      if (type != null) {
        return type;
      }
    } catch (SecurityException notOurs) {
      throw new PoisonRecordException(
          "record of %s is a %s, which is not an expected type"
              .formatted(topic, writer.getFullName()),
          notOurs);
    }
    throw new PoisonRecordException(
        "record of %s is a %s, for which there is no class".formatted(topic, writer.getFullName()));
  }

  /** Objects that a thread reuses for each record. */
  private static final class ThreadReaders<T> {
    private final ByteArrayDecoder decoder = new ByteArrayDecoder();
    private final Map<Integer, DatumReader<T>> readers = new HashMap<>();
    private int lastId = -1;
    private @Nullable DatumReader<T> last;

    @Nullable DatumReader<T> reader(int id) {
      if (id != lastId || last == null) {
        lastId = id;
        last = readers.get(id);
      }
      return last;
    }

    DatumReader<T> keep(int id, DatumReader<T> reader) {
      readers.put(id, reader);
      lastId = id;
      last = reader;
      return reader;
    }
  }
}
