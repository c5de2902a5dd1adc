package io.postflight.operations.admin;

import io.postflight.operations.OperationException;
import io.postflight.schema.directory.TenantRules;
import io.postflight.schema.directory.TenantTiers;
import io.postflight.schema.serde.TrustedRecords;
import io.postflight.schema.tenant.ApiKey;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.tenant.TierPeriod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Changes of a tenant's record: pure functions that return a new record. Times are epoch millis.
 */
public final class TenantChanges {
  /**
   * A new shard count is effective this long after it is set, so that every role has it before the
   * first row uses it: a reader with fewer shards than the writer would miss rows.
   */
  static final Duration SHARDS_AHEAD = Duration.ofMinutes(10);

  private TenantChanges() {}

  /** A new tenant with one shard, without keys and secrets. */
  public static Tenant created(String id, String tier) {
    // Avro copies records, and must trust their classes.
    TrustedRecords.trust();
    List<ShardVersion> oneShard = List.of(new ShardVersion(1, 0L));
    return new Tenant(
        id, List.of(new TierPeriod(tier, 0L)), oneShard, oneShard, List.of(), Map.of());
  }

  /** The tenant with another tier for new messages; unchanged if it is the present one. */
  public static Tenant movedTo(Tenant tenant, String tier, long now) {
    if (TenantTiers.newest(tenant).equals(tier)) {
      return tenant;
    }
    List<TierPeriod> history = new ArrayList<>(tenant.getTiers());
    long last = history.get(history.size() - 1).getFrom();
    history.add(new TierPeriod(tier, Math.max(now, last + 1)));
    return Tenant.newBuilder(tenant).setTiers(history).build();
  }

  /**
   * A history of shard counts that ends with a count; unchanged if it is the present one.
   *
   * @param isNew whether the tenant is new: it has no rows, so the count is effective from the
   *     beginning
   */
  public static List<ShardVersion> shards(
      boolean isNew, List<ShardVersion> history, int count, long now) {
    if (isNew) {
      return List.of(new ShardVersion(count, 0L));
    }
    ShardVersion last = history.get(history.size() - 1);
    if (last.getCount() == count) {
      return history;
    }
    List<ShardVersion> longer = new ArrayList<>(history);
    longer.add(
        new ShardVersion(count, Math.max(now + SHARDS_AHEAD.toMillis(), last.getFrom() + 1)));
    return longer;
  }

  /**
   * The tenant with one more key.
   *
   * @throws OperationException if it has the maximum number of keys
   */
  public static Tenant withKey(Tenant tenant, ApiKey key) {
    if (tenant.getKeys().size() >= TenantRules.MOST_KEYS) {
      throw OperationException.negative(
          ("tenant '%s' already has %d keys (%s), the maximum: 'keys revoke' revokes one, 'keys"
                  + " rotate' replaces the older")
              .formatted(tenant.getId(), tenant.getKeys().size(), ids(tenant)));
    }
    List<ApiKey> keys = byAge(tenant);
    keys.add(key);
    return Tenant.newBuilder(tenant).setKeys(keys).build();
  }

  /** The tenant with a new key and its newest previous one; older keys are revoked. */
  public static Tenant rotated(Tenant tenant, ApiKey key) {
    List<ApiKey> keys = byAge(tenant);
    List<ApiKey> kept = new ArrayList<>(keys.subList(Math.max(0, keys.size() - 1), keys.size()));
    kept.add(key);
    return Tenant.newBuilder(tenant).setKeys(kept).build();
  }

  /**
   * The tenant without a key.
   *
   * @param id of the key; empty: the older of two
   * @throws OperationException if it has no such key, or only one and it was not named
   */
  public static Tenant withoutKey(Tenant tenant, String id) {
    List<ApiKey> keys = byAge(tenant);
    if (id.isEmpty() && keys.size() < 2) {
      throw OperationException.usage(
          "tenant '%s' has %s: pass the key to revoke it, after which the tenant cannot read"
              .formatted(
                  tenant.getId(),
                  keys.isEmpty() ? "no key" : "only the key " + keys.get(0).getId()));
    }
    String ended = id.isEmpty() ? keys.get(0).getId() : id;
    if (!keys.removeIf(key -> key.getId().equals(ended))) {
      throw OperationException.negative(
          "tenant '%s' has no key '%s'; it has %s".formatted(tenant.getId(), ended, ids(tenant)));
    }
    return Tenant.newBuilder(tenant).setKeys(keys).build();
  }

  private static List<ApiKey> byAge(Tenant tenant) {
    List<ApiKey> keys = new ArrayList<>(tenant.getKeys());
    keys.sort(Comparator.comparingLong(ApiKey::getCreatedAt));
    return keys;
  }

  private static String ids(Tenant tenant) {
    return tenant.getKeys().isEmpty()
        ? "none"
        : String.join(", ", tenant.getKeys().stream().map(ApiKey::getId).toList());
  }
}
