package io.postflight.schema.directory;

import io.postflight.schema.serde.RegistryOutage;
import io.postflight.schema.serde.RegistryUnavailableException;
import io.postflight.schema.tenant.Tenant;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies a record of topic {@code tenants} to a draft: a valid tenant replaces the previous one, a
 * null value removes it, and anything else is rejected with a warning, so that the last valid
 * tenant is kept.
 */
final class TenantRecordReader {
  private static final Logger LOG = LoggerFactory.getLogger(TenantRecordReader.class);

  private static final int MAX_REJECTED = 1_000;

  private final TenantRules rules;
  private final Deserializer<Tenant> deserializer;
  private final SharedValues shared = new SharedValues();

  /** The reason why the newest record of a tenant was rejected; read by other threads. */
  private final Map<String, String> refused = new ConcurrentHashMap<>();

  TenantRecordReader(TenantRules rules, Deserializer<Tenant> deserializer) {
    this.rules = rules;
    this.deserializer = deserializer;
  }

  /**
   * Applies a record.
   *
   * @throws RegistryUnavailableException if the registry is unavailable; the draft is unchanged
   */
  void apply(ConsumerRecord<byte[], byte[]> record, TenantSnapshot.Draft draft) {
    if (record.key() == null) {
      refuse(record, "it has no key");
      return;
    }
    String id = new String(record.key(), StandardCharsets.UTF_8);
    if (record.value() == null) {
      refused.remove(id);
      draft.remove(id);
      return;
    }
    Tenant tenant;
    try {
      tenant = deserializer.deserialize(record.topic(), record.value());
    } catch (SerializationException undecodable) {
      if (RegistryOutage.isCauseOf(undecodable)) {
        throw new RegistryUnavailableException(
            String.valueOf(undecodable.getMessage()), undecodable);
      }
      refuse(record, undecodable.toString());
      return;
    }
    List<String> problems = rules.problems(tenant);
    if (!tenant.getId().equals(id)) {
      refuse(record, "id: '%s' is not the record's key '%s'".formatted(tenant.getId(), id));
    } else if (!problems.isEmpty()) {
      refuse(record, String.join("; ", problems));
    } else {
      refused.remove(id);
      draft.put(shared.share(tenant));
    }
  }

  /** Tenants whose newest record was rejected, with the reason; limited in number. */
  Map<String, String> refused() {
    return Map.copyOf(refused);
  }

  private void refuse(ConsumerRecord<byte[], byte[]> record, String reason) {
    String id = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    if (refused.size() < MAX_REJECTED || refused.containsKey(id)) {
      refused.put(id, reason);
    }
    LOG.warn(
        "Record of tenant '{}' (offset {} of {}) is rejected, the last valid one is kept: {}",
        id,
        record.offset(),
        record.topic(),
        reason);
  }
}
