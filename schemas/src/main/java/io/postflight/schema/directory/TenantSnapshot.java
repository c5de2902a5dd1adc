package io.postflight.schema.directory;

import io.postflight.schema.tenant.ApiKey;
import io.postflight.schema.tenant.Tenant;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All tenants at one version of topic {@code tenants}, which is the offset after the last record
 * applied. Immutable; unchanged parts are shared with the previous snapshot.
 */
public final class TenantSnapshot {
  /** No tenants, version 0. */
  public static final TenantSnapshot EMPTY =
      new TenantSnapshot(0, SharedMap.empty(), SharedMap.empty());

  private final long version;
  private final SharedMap<Tenant> tenants;

  /** By the hash of the key. */
  private final SharedMap<KeyOwner> keys;

  private TenantSnapshot(long version, SharedMap<Tenant> tenants, SharedMap<KeyOwner> keys) {
    this.version = version;
    this.tenants = tenants;
    this.keys = keys;
  }

  /** A valid API key and the tenant that it belongs to. */
  public record KeyOwner(Tenant tenant, ApiKey key) {}

  /** The offset after the last record applied. */
  public long version() {
    return version;
  }

  /** The tenant of this id. */
  public Optional<Tenant> find(String id) {
    return Optional.ofNullable(tenants.get(id));
  }

  /** A view of all tenants, in no particular order. */
  public Collection<Tenant> all() {
    return tenants.values();
  }

  /** The number of tenants. */
  public int size() {
    return tenants.size();
  }

  /**
   * The tenant of the key with this hash; called by {@link ApiKeys#authenticate}.
   *
   * @param sha256 hex, lower case
   */
  Optional<KeyOwner> owner(String sha256) {
    return Optional.ofNullable(keys.get(sha256));
  }

  /** Starts the next snapshot. */
  Draft draft() {
    return new Draft(this);
  }

  /** Builder of the next snapshot; used by one thread, once. */
  static final class Draft {
    private final SharedMap.MapDraft<Tenant> tenants;
    private final SharedMap.MapDraft<KeyOwner> keys;

    private Draft(TenantSnapshot base) {
      tenants = base.tenants.draft();
      keys = base.keys.draft();
    }

    void put(Tenant tenant) {
      disown(tenants.put(tenant.getId(), tenant));
      for (ApiKey key : tenant.getKeys()) {
        keys.put(key.getSha256(), new KeyOwner(tenant, key));
      }
    }

    void remove(String id) {
      disown(tenants.remove(id));
    }

    TenantSnapshot at(long version) {
      return new TenantSnapshot(version, tenants.done(), keys.done());
    }

    private void disown(@Nullable Tenant before) {
      if (before == null) {
        return;
      }
      for (ApiKey key : before.getKeys()) {
        KeyOwner owner = keys.get(key.getSha256());
        if (owner != null && owner.tenant().getId().equals(before.getId())) {
          keys.remove(key.getSha256());
        }
      }
    }
  }
}
