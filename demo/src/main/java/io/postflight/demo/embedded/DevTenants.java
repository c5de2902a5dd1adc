package io.postflight.demo.embedded;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import io.postflight.schema.directory.ApiKeys;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.tenant.TierPeriod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The tenants of {@code dev} and {@code demo}, from {@code config/dev-tenants.conf}. Their keys and
 * secrets are public.
 */
public final class DevTenants {
  private static final String RESOURCE = "io/postflight/settings/dev-tenants.conf";

  private DevTenants() {}

  /**
   * A tenant with its API key; of other tenants only a hash is stored.
   *
   * @param id its id
   * @param tier its tier
   * @param apiKey its API key, with all scopes
   * @param secrets secrets for signatures, per provider
   */
  public record DevTenant(
      String id, String tier, String apiKey, Map<String, Map<String, String>> secrets) {

    /** Its record. */
    public Tenant record() {
      List<ShardVersion> oneShard = List.of(new ShardVersion(1, 0L));
      return new Tenant(
          id,
          List.of(new TierPeriod(tier, 0L)),
          oneShard,
          oneShard,
          List.of(ApiKeys.kept(apiKey, ApiKeys.SCOPES, 0L)),
          secrets);
    }
  }

  /** The tenants of some tiers, by id. */
  public static List<DevTenant> of(Set<String> tiers) {
    return read(tiers::contains);
  }

  private static Config resource() {
    return ConfigFactory.parseResources(
        DevTenants.class.getClassLoader(),
        RESOURCE,
        ConfigParseOptions.defaults().setAllowMissing(false));
  }

  private static List<DevTenant> read(Predicate<String> tierWanted) {
    Config all = resource().getConfig("tenants");
    List<DevTenant> tenants = new ArrayList<>();
    for (String id : new TreeMap<>(all.root()).keySet()) {
      Config tenant = all.getConfig(ConfigUtil.quoteString(id));
      if (tierWanted.test(tenant.getString("tier"))) {
        tenants.add(
            new DevTenant(
                id,
                tenant.getString("tier"),
                tenant.getString("apiKey"),
                secrets(tenant.getConfig("secrets"))));
      }
    }
    return tenants;
  }

  /** The operator's key, which is public too. */
  public static String operatorKey() {
    return resource().getString("operatorKey");
  }

  /** Hashes of their keys, and their secrets, which must not be used elsewhere. */
  public static Set<String> published() {
    Set<String> published = new TreeSet<>();
    published.add(ApiKeys.sha256(operatorKey()));
    for (DevTenant tenant : read(tier -> true)) {
      published.add(ApiKeys.sha256(tenant.apiKey()));
      tenant.secrets().values().forEach(ofProvider -> published.addAll(ofProvider.values()));
    }
    return published;
  }

  private static Map<String, Map<String, String>> secrets(Config config) {
    Map<String, Map<String, String>> secrets = new TreeMap<>();
    for (String provider : config.root().keySet()) {
      Map<String, String> ofProvider = new TreeMap<>();
      Config values = config.getConfig(ConfigUtil.quoteString(provider));
      values.root().forEach((name, value) -> ofProvider.put(name, value.unwrapped().toString()));
      secrets.put(provider, ofProvider);
    }
    return secrets;
  }
}
