package io.postflight.schema.serde;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericContainer;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Serializes records in Confluent's wire format. Configuration keys are Confluent's ({@link
 * AvroSerdes}).
 *
 * <p>Thread-safe. The first record of a type on a topic causes a request to the registry; after
 * that, writing takes no lock and allocates only its result. {@code serialize} throws {@link
 * RegistryUnavailableException} if the registry remains unavailable, {@link SchemaRefusedException}
 * if it rejects the schema, and {@link SerializationException} for an incomplete record.
 *
 * @param <T> generated or generic records
 */
public final class PostflightAvroSerializer<T extends GenericContainer> implements Serializer<T> {
  /** Writer of one record type to one topic. */
  private record TopicWriter(int id, DatumWriter<Object> writer) {}

  private final ThreadLocal<ByteArrayEncoder> encoders =
      ThreadLocal.withInitial(ByteArrayEncoder::new);

  /** By topic, then by class (of generated records) or schema (of generic ones). */
  private final Map<String, Map<Object, TopicWriter>> targets = new ConcurrentHashMap<>();

  private @Nullable SerdeSettings settings;
  private @Nullable SchemaRegistry registry;

  /** For Kafka clients, which call {@link #configure} afterwards. */
  public PostflightAvroSerializer() {
    TrustedRecords.trust();
  }

  @Override
  public void configure(Map<String, ?> config, boolean isKey) {
    SerdeSettings read = SerdeSettings.of(config, isKey);
    settings = read;
    registry = Registries.of(read);
  }

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable T data) {
    if (data == null) {
      return null;
    }
    TopicWriter target = target(topic, data);
    ByteArrayEncoder encoder = encoders.get();
    encoder.begin(target.id());
    try {
      target.writer().write(data, encoder);
    } catch (IOException
        | AvroRuntimeException
        | ClassCastException
        | NullPointerException notWhole) {
      throw new SerializationException(
          "a %s for %s cannot be serialized: %s"
              .formatted(data.getSchema().getFullName(), topic, notWhole.getMessage()),
          notWhole);
    }
    return encoder.end();
  }

  private TopicWriter target(String topic, T data) {
    Object kind = data instanceof SpecificRecord ? data.getClass() : data.getSchema();
    Map<Object, TopicWriter> ofTopic = targets.get(topic);
    TopicWriter known = ofTopic == null ? null : ofTopic.get(kind);
    return known == null ? newTarget(topic, kind, data) : known;
  }

  private TopicWriter newTarget(String topic, Object kind, T data) {
    TopicWriter target = new TopicWriter(id(topic, data.getSchema()), writer(data));
    targets.computeIfAbsent(topic, name -> new ConcurrentHashMap<>()).put(kind, target);
    return target;
  }

  private int id(String topic, Schema schema) {
    SerdeSettings s = settings;
    SchemaRegistry r = registry;
    if (s == null || r == null) {
      throw new IllegalStateException("configure() has not been called");
    }
    Schema wire = WireSchema.of(schema);
    String subject = s.subjects().subject(topic, s.key(), wire);
    if (s.useLatest()) {
      return latest(r, subject, wire);
    }
    return s.autoRegister()
        ? r.register(subject, wire)
        : r.idOf(subject, wire)
            .orElseThrow(
                () ->
                    new SchemaRefusedException(
                        "subject '%s' does not have this version of %s, and auto.register.schemas is false"
                            .formatted(subject, wire.getFullName())));
  }

  /** The newest version may differ in documentation and defaults only, not in the layout. */
  private static int latest(SchemaRegistry registry, String subject, Schema schema) {
    SchemaRegistry.Registered latest =
        registry
            .latest(subject)
            .orElseThrow(
                () ->
                    new SchemaRefusedException(
                        "subject '%s' has no version, and use.latest.version is true"
                            .formatted(subject)));
    if (!SchemaNormalization.toParsingForm(latest.schema())
        .equals(SchemaNormalization.toParsingForm(schema))) {
      throw new SchemaRefusedException(
          "the newest version of subject '%s' has other fields than %s; set use.latest.version to false"
              .formatted(subject, schema.getFullName()));
    }
    return latest.id();
  }

  private static DatumWriter<Object> writer(GenericContainer data) {
    if (!(data instanceof SpecificRecord)) {
      return new GenericDatumWriter<>(data.getSchema());
    }
    return new SpecificDatumWriter<>(data.getSchema(), SpecificData.getForClass(data.getClass()));
  }
}
