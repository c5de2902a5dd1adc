package io.postflight.schema.signature;

import io.postflight.schema.tenant.ApiKey;
import io.postflight.schema.tenant.Tenant;
import java.util.List;
import java.util.Map;

/**
 * The secrets that a tenant shares with a provider. During rotation the previous secret may be
 * configured with the suffix {@code Previous} ({@code appSecretPrevious}): both are valid.
 */
public final class ProviderSecrets {
  private static final String PREVIOUS = "Previous";

  private final Map<String, String> values;
  private final List<ApiKey> keys;

  private ProviderSecrets(Map<String, String> values, List<ApiKey> keys) {
    this.values = values;
    this.keys = keys;
  }

  /** Creates secrets by name, such as {@code appSecret}, without API keys. */
  public static ProviderSecrets of(Map<String, String> values) {
    return of(values, List.of());
  }

  /** Creates secrets by name, and API keys of the tenant. */
  public static ProviderSecrets of(Map<String, String> values, List<ApiKey> keys) {
    return new ProviderSecrets(Map.copyOf(values), List.copyOf(keys));
  }

  /** The secrets of a tenant for a provider; may be empty. */
  public static ProviderSecrets of(Tenant tenant, String provider) {
    return new ProviderSecrets(
        tenant.getSecrets().getOrDefault(provider, Map.of()), tenant.getKeys());
  }

  /** The valid values of a secret, current first; may be empty. */
  List<String> all(String name) {
    String current = values.getOrDefault(name, "");
    String previous = values.getOrDefault(name + PREVIOUS, "");
    if (previous.isEmpty()) {
      return current.isEmpty() ? List.of() : List.of(current);
    }
    return current.isEmpty() ? List.of(previous) : List.of(current, previous);
  }

  /**
   * The current value of a secret.
   *
   * @throws IllegalArgumentException if there is none
   */
  String current(String provider, String name) {
    List<String> found = all(name);
    if (found.isEmpty()) {
      throw new IllegalArgumentException(missing(provider, name));
    }
    return found.get(0);
  }

  static String missing(String provider, String name) {
    return "the tenant has no secret '" + name + "' for provider '" + provider + "'";
  }

  List<ApiKey> keys() {
    return keys;
  }

  /** Names only. */
  @Override
  public String toString() {
    return "secrets " + values.keySet();
  }
}
