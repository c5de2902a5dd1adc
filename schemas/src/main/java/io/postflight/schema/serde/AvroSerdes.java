package io.postflight.schema.serde;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Creates serdes of generated records for one configuration. The implementations are configured by
 * {@value #SERIALIZER} and {@value #DESERIALIZER}: Postflight's by default, or others, such as
 * {@code io.confluent.kafka.serializers.KafkaAvroSerializer} and {@code ...KafkaAvroDeserializer}
 * with their jar on the class path.
 *
 * <p>Keys, which are Confluent's except those that start with {@code postflight.}:
 *
 * <ul>
 *   <li>{@code schema.registry.url}: one or several, separated by commas; {@code mock://scope} is
 *       an in-memory registry
 *   <li>{@code auto.register.schemas} (true), {@code use.latest.version} (false)
 *   <li>{@code value.subject.name.strategy}, {@code key.subject.name.strategy}
 *   <li>{@code basic.auth.credentials.source} (URL, USER_INFO), {@code basic.auth.user.info} or
 *       {@code schema.registry.basic.auth.user.info}; {@code bearer.auth.credentials.source}
 *       (STATIC_TOKEN), {@code bearer.auth.token}
 *   <li>{@code http.read.timeout.ms} (10000)
 *   <li>{@value #RETRY_MS} (60000): how long calls are retried while the registry is unavailable;
 *       {@value #RECHECK_MS} (2000): how long the lookup of an unknown schema id is retried
 * </ul>
 */
public final class AvroSerdes {
  /** Name of the serializer's class. */
  public static final String SERIALIZER = "postflight.avro.serializer";

  /** Name of the deserializer's class. */
  public static final String DESERIALIZER = "postflight.avro.deserializer";

  /** How long calls are retried while the registry is unavailable, milliseconds. */
  public static final String RETRY_MS = "postflight.registry.retry.ms";

  /** How long the lookup of an unknown schema id is retried, milliseconds. */
  public static final String RECHECK_MS = "postflight.registry.recheck.ms";

  private final Map<String, Object> config;

  private AvroSerdes(Map<String, Object> config) {
    this.config = config;
  }

  /**
   * Serdes of this configuration; unknown keys are ignored.
   *
   * @throws ConfigException if a value is not allowed, naming key, value and what is allowed
   */
  public static AvroSerdes of(Map<String, ?> config) {
    TrustedRecords.trust();
    SerdeSettings.of(config, false);
    return new AvroSerdes(new HashMap<>(config));
  }

  /** A copy with other values of some keys. */
  public AvroSerdes with(Map<String, ?> changes) {
    Map<String, Object> changed = new HashMap<>(config);
    changed.putAll(changes);
    return of(changed);
  }

  /** Serdes with an in-memory registry, shared by all users of the scope. For tests. */
  public static AvroSerdes mock(String scope) {
    return of(Map.of(SerdeSettings.URL, SerdeSettings.MOCK + "://" + scope));
  }

  /** Whether the schema registry is available: one request, without retries. */
  public boolean registryAvailable() {
    try {
      Registries.withoutRetries(SerdeSettings.of(config, false)).byId(1);
      return true;
    } catch (RegistryUnavailableException unavailable) {
      return false;
    } catch (PoisonRecordException notAvro) {
      return true;
    }
  }

  /** The longest that one call may wait for the schema registry before it succeeds or fails. */
  public Duration longestWait() {
    return SerdeSettings.of(config, false).longestWait();
  }

  /** A serde of values of this record; close it when it is no longer needed. */
  public <T extends SpecificRecord> Serde<T> value(Class<T> type) {
    return serde(type, false);
  }

  /** A serde of keys of this record; close it when it is no longer needed. */
  public <T extends SpecificRecord> Serde<T> key(Class<T> type) {
    return serde(type, true);
  }

  @SuppressWarnings("unchecked") // classes are configured by name
  private <T extends SpecificRecord> Serde<T> serde(Class<T> type, boolean key) {
    Map<String, Object> full = new HashMap<>(config);
    full.put("specific.avro.reader", true);
    full.put(key ? "specific.avro.key.type" : "specific.avro.value.type", type);
    Serializer<T> serializer =
        instance(SERIALIZER, Serializer.class, PostflightAvroSerializer.class);
    Deserializer<T> deserializer =
        instance(DESERIALIZER, Deserializer.class, PostflightAvroDeserializer.class);
    serializer.configure(full, key);
    deserializer.configure(full, key);
    return Serdes.serdeFrom(serializer, deserializer);
  }

  private <T> T instance(String key, Class<T> kind, Class<? extends T> otherwise) {
    Object configured = config.getOrDefault(key, otherwise);
    String name = configured instanceof Class<?> type ? type.getName() : configured.toString();
    try {
      return Utils.newInstance(name, kind);
    } catch (ClassNotFoundException missing) {
      throw new ConfigException(
          key, name, "this class is not on the class path; by default " + otherwise.getName());
    }
  }
}
