package io.postflight.schema.directory;

import io.postflight.schema.tenant.ApiKey;
import io.postflight.schema.tenant.Tenant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Deduplicates values that are equal in most of a million tenants: histories of tiers and shard
 * counts, and scopes of keys. Used by one thread.
 */
final class SharedValues {
  /** Maximum number of distinct values to keep. */
  private static final int MAX = 10_000;

  private final Map<Object, Object> known = new HashMap<>();

  /** An equal tenant that consists of shared values. */
  Tenant share(Tenant tenant) {
    return new Tenant(
        tenant.getId(),
        shared(List.copyOf(tenant.getTiers())),
        shared(List.copyOf(tenant.getTimelineShards())),
        shared(List.copyOf(tenant.getListingShards())),
        tenant.getKeys().stream().map(this::share).toList(),
        secrets(tenant));
  }

  private ApiKey share(ApiKey key) {
    return new ApiKey(
        key.getId(), key.getSha256(), shared(List.copyOf(key.getScopes())), key.getCreatedAt());
  }

  private Map<String, Map<String, String>> secrets(Tenant tenant) {
    Map<String, Map<String, String>> copy = new HashMap<>();
    tenant
        .getSecrets()
        .forEach(
            (provider, secrets) -> {
              Map<String, String> own = new HashMap<>();
              secrets.forEach((name, secret) -> own.put(shared(name), secret));
              copy.put(shared(provider), Map.copyOf(own));
            });
    return Map.copyOf(copy);
  }

  @SuppressWarnings("unchecked") // a key's value is equal to the key
  private <T> T shared(T value) {
    Object first = known.get(value);
    if (first == null && known.size() < MAX) {
      known.put(value, value);
    }
    return first == null ? value : (T) first;
  }
}
