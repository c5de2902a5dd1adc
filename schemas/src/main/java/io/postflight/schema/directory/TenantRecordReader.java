package io.postflight.schema.directory;

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
 * Takes one record of topic {@code tenants} into a draft: a good tenant replaces the one before, no
 * value removes it, and anything else is refused with a WARN and leaves the last good one in place.
 */
final class TenantRecordReader {
  private static final Logger LOG = LoggerFactory.getLogger(TenantRecordReader.class);

  private static final int MOST_REFUSED = 1_000;

  private final TenantRules rules;
  private final Deserializer<Tenant> deserializer;
  private final SharedValues shared = new SharedValues();

  /** Why the newest record of a tenant was refused; read by other threads. */
  private final Map<String, String> refused = new ConcurrentHashMap<>();

  TenantRecordReader(TenantRules rules, Deserializer<Tenant> deserializer) {
    this.rules = rules;
    this.deserializer = deserializer;
  }

  /**
   * Applies a record.
   *
   * @throws RegistryUnavailableException if the registry is away; the draft is then unchanged
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

  /** Tenants whose newest record was refused, with the reason; some of them, if there are many. */
  Map<String, String> refused() {
    return Map.copyOf(refused);
  }

  private void refuse(ConsumerRecord<byte[], byte[]> record, String reason) {
    String id = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    if (refused.size() < MOST_REFUSED || refused.containsKey(id)) {
      refused.put(id, reason);
    }
    LOG.warn(
        "Tenant '{}' (offset {} of {}) is refused and the last good one stays: {}",
        id,
        record.offset(),
        record.topic(),
        reason);
  }
}
