package io.postflight.api.signature;

import io.postflight.schema.tenant.ApiKey;
import io.postflight.schema.tenant.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What one tenant shares with one provider. While a secret is being rotated the former one may
 * stand beside it under its name with {@code Previous} behind ({@code appSecretPrevious}): both are
 * valid.
 */
public final class ProviderSecrets {
  private static final String PREVIOUS = "Previous";

  private final Map<String, String> values;
  private final List<ApiKey> keys;

  private ProviderSecrets(Map<String, String> values, List<ApiKey> keys) {
    this.values = Map.copyOf(values);
    this.keys = List.copyOf(keys);
  }

  /** Secrets by name, such as {@code appSecret}, and no API keys. */
  public static ProviderSecrets of(Map<String, String> values) {
    return new ProviderSecrets(values, List.of());
  }

  /** What a tenant has for a provider; empty if it has nothing. */
  public static ProviderSecrets of(Tenant tenant, String provider) {
    return new ProviderSecrets(
        tenant.getSecrets().getOrDefault(provider, Map.of()), tenant.getKeys());
  }

  /** The valid values of a secret, the current one first; empty if there is none. */
  List<String> all(String name) {
    List<String> found = new ArrayList<>(2);
    for (String each : List.of(name, name + PREVIOUS)) {
      String value = values.get(each);
      if (value != null && !value.isEmpty()) {
        found.add(value);
      }
    }
    return found;
  }

  /**
   * The current value of a secret.
   *
   * @throws IllegalArgumentException if there is none
   */
  String current(String provider, String name) {
    List<String> found = all(name);
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "the tenant has no secret '" + name + "' for provider '" + provider + "'");
    }
    return found.get(0);
  }

  List<ApiKey> keys() {
    return keys;
  }

  /** The names only. */
  @Override
  public String toString() {
    return "secrets " + values.keySet();
  }
}
