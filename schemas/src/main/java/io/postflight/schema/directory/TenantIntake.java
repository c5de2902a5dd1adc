package io.postflight.schema.directory;

import io.postflight.schema.serde.RegistryUnavailableException;
import io.postflight.schema.tenant.Tenant;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one record of topic {@code tenants} into a draft: a good tenant replaces the one before, no
 * value removes it, and anything else is refused with a WARN and leaves the last good one in place.
 */
final class TenantIntake {
  private static final Logger LOG = LoggerFactory.getLogger(TenantIntake.class);

  private final TenantRules rules;
  private final Deserializer<Tenant> deserializer;
  private final SharedValues shared = new SharedValues();

  TenantIntake(TenantRules rules, Deserializer<Tenant> deserializer) {
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
      draft.put(shared.share(tenant));
    }
  }

  private static void refuse(ConsumerRecord<byte[], byte[]> record, String reason) {
    LOG.warn(
        "Tenant '{}' (offset {} of {}) is refused and the last good one stays: {}",
        record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8),
        record.offset(),
        record.topic(),
        reason);
  }
}
