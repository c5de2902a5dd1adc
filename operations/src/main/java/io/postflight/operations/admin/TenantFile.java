package io.postflight.operations.admin;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.postflight.operations.OperationException;
import io.postflight.schema.directory.ApiKeys;
import io.postflight.schema.tenant.ApiKey;
import io.postflight.schema.tenant.Tenant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A HOCON or JSON file with requested tenants. What it leaves out is not changed: tenants that are
 * not in it, and of a tenant in it every field, secret and API key without a value in the file. A
 * secret is removed by null.
 *
 * <pre>
 * tenants.acme { tier = 30d, timelineShards = 4, secrets.whatsapp.appSecret = ${ACME_APP_SECRET} }
 * </pre>
 */
public final class TenantFile {
  private static final Set<String> KEYS =
      new TreeSet<>(Set.of("tier", "timelineShards", "listingShards", "secrets", "keys"));

  /** The library's message if there is no value for a substitution, with its file and line. */
  private static final Pattern SUBSTITUTION =
      Pattern.compile("(.*): Could not resolve substitution to a value: \\$\\{(\\w+)}");

  private final String name;
  private final Config tenants;

  private TenantFile(String name, Config tenants) {
    this.name = name;
    this.tenants = tenants;
  }

  /**
   * Reads a file; {@code ${NAME}} in it is the environment variable of that name.
   *
   * @throws OperationException if it cannot be read or is not of this form
   */
  public static TenantFile read(Path file, Map<String, String> environment) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw OperationException.usage("there is no file " + file + " or it is not readable");
    }
    try {
      Config config =
          ConfigFactory.parseFile(
                  file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
              .resolveWith(ConfigFactory.parseMap(asPaths(environment)));
      if (!config.root().keySet().equals(Set.of("tenants"))) {
        throw OperationException.usage(
            file + " has " + config.root().keySet() + "; allowed: the key 'tenants'");
      }
      return new TenantFile(file.toString(), config.getConfig("tenants"));
    } catch (ConfigException.UnresolvedSubstitution unset) {
      throw OperationException.usage(unset(ServerFaults.reason(unset)));
    } catch (ConfigException wrong) {
      throw OperationException.usage(ServerFaults.reason(wrong));
    }
  }

  /** A message that names the variable, instead of the library's. */
  private static String unset(String message) {
    Matcher substitution = SUBSTITUTION.matcher(message);
    return substitution.matches()
        ? "%s: the environment variable %s is not set"
            .formatted(substitution.group(1), substitution.group(2))
        : message;
  }

  /** Only names that are a path of one element can be referred to. */
  private static Map<String, String> asPaths(Map<String, String> environment) {
    Map<String, String> usable = new TreeMap<>();
    environment.forEach(
        (variable, value) -> {
          if (variable.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            usable.put(variable, value);
          }
        });
    return usable;
  }

  /**
   * Adds and changes the tenants of the file. Nothing is written if any of them is invalid.
   *
   * @param now epoch milliseconds
   * @param dryRun writes nothing
   * @return one for each tenant of the file
   * @throws OperationException naming what is invalid, or if a server is unavailable
   */
  public List<AppliedTenant> apply(TenantAdmin admin, long now, boolean dryRun) {
    List<Tenant> requested = new ArrayList<>();
    List<Tenant> changed = new ArrayList<>();
    List<AppliedTenant> outcomes = new ArrayList<>();
    for (String id : new TreeSet<>(tenants.root().keySet())) {
      @Nullable Tenant before = admin.find(id).orElse(null);
      Tenant after = applied(id, before, now);
      requested.add(after);
      if (!after.equals(before)) {
        changed.add(after);
      }
      outcomes.add(AppliedTenant.of(before, after, dryRun));
    }
    admin.check(name + ": ", requested);
    if (!dryRun) {
      changed.forEach(admin::put);
    }
    return outcomes;
  }

  /**
   * A tenant as the file describes it.
   *
   * @param before the present record; null: the tenant does not exist
   */
  Tenant applied(String id, @Nullable Tenant before, long now) {
    try {
      return applied(id, section(id), before, now);
    } catch (ConfigException wrong) {
      // Its message begins with the file.
      throw OperationException.usage(ServerFaults.reason(wrong) + " (tenant '" + id + "')");
    } catch (IllegalArgumentException wrong) {
      throw OperationException.usage(name + ": tenant '" + id + "': " + ServerFaults.reason(wrong));
    }
  }

  private static Tenant applied(String id, Config requested, @Nullable Tenant before, long now) {
    if (before == null && !requested.hasPath("tier")) {
      throw new IllegalArgumentException("it is new and has no tier");
    }
    Tenant tenant =
        before == null ? TenantChanges.created(id, requested.getString("tier")) : before;
    if (requested.hasPath("tier")) {
      tenant = TenantChanges.movedTo(tenant, requested.getString("tier"), now);
    }
    Tenant.Builder builder = Tenant.newBuilder(tenant);
    if (requested.hasPath("timelineShards")) {
      int count = whole(requested, "timelineShards");
      builder.setTimelineShards(
          TenantChanges.shards(before == null, tenant.getTimelineShards(), count, now));
    }
    if (requested.hasPath("listingShards")) {
      int count = whole(requested, "listingShards");
      builder.setListingShards(
          TenantChanges.shards(before == null, tenant.getListingShards(), count, now));
    }
    if (requested.hasPath("secrets")) {
      builder.setSecrets(secrets(requested.getObject("secrets"), tenant.getSecrets()));
    }
    if (requested.hasPath("keys")) {
      builder.setKeys(keys(requested.getConfigList("keys"), tenant.getKeys(), now));
    }
    return builder.build();
  }

  /** A whole number; the library would drop a fraction. */
  private static int whole(Config requested, String key) {
    double number = requested.getDouble(key);
    if (number != requested.getInt(key)) {
      throw new IllegalArgumentException(key + " " + number + " is not a whole number");
    }
    return (int) number;
  }

  private Config section(String id) {
    ConfigValue value = tenants.root().get(id);
    if (!(value instanceof ConfigObject object)) {
      throw new IllegalArgumentException("it must be an object with keys of " + KEYS);
    }
    object.forEach(
        (key, field) -> {
          if (!KEYS.contains(key)) {
            throw new IllegalArgumentException(
                key.toLowerCase(Locale.ROOT).contains("apikey")
                    ? "'" + key + "' is not allowed in a file: use 'postflight keys create'"
                    : "there is no '" + key + "'; allowed: " + String.join(", ", KEYS));
          }
          if (field.valueType() == ConfigValueType.NULL) {
            throw new IllegalArgumentException(
                "'" + key + "' is null; allowed: null for a single secret, which removes it");
          }
        });
    return object.toConfig();
  }

  /** The present secrets with those of the file; null in the file removes a secret. */
  private static Map<String, Map<String, String>> secrets(
      ConfigObject requested, Map<String, Map<String, String>> present) {
    Map<String, Map<String, String>> secrets = new TreeMap<>();
    present.forEach((provider, values) -> secrets.put(provider, new TreeMap<>(values)));
    Map<String, Set<String>> names = new TreeMap<>();
    requested.forEach(
        (provider, value) -> {
          if (!(value instanceof ConfigObject ofProvider)) {
            throw new IllegalArgumentException(
                "secrets." + provider + " must be an object of names and values");
          }
          names.put(provider, ofProvider.keySet());
          Map<String, String> values = secrets.computeIfAbsent(provider, any -> new TreeMap<>());
          ofProvider.forEach((name, secret) -> put(values, provider, name, secret));
        });
    List<String> problems = SecretNames.problems(names);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    secrets.values().removeIf(Map::isEmpty);
    return secrets;
  }

  private static void put(
      Map<String, String> secrets, String provider, String name, ConfigValue secret) {
    String key = "secrets." + provider + '.' + name;
    if (secret.valueType() == ConfigValueType.NULL) {
      secrets.remove(name);
      return;
    }
    if (secret.valueType() == ConfigValueType.LIST
        || secret.valueType() == ConfigValueType.OBJECT) {
      throw new IllegalArgumentException(key + " must be a text, or null to remove it");
    }
    String text = String.valueOf(secret.unwrapped());
    if (text.isBlank()) {
      throw new IllegalArgumentException(
          key + " is blank; allowed: a text, or null to remove it (is a variable empty?)");
    }
    SecretNames.requireUsable(provider, name, text);
    secrets.put(name, text);
  }

  /**
   * The present keys with those of the file, which replace keys of the same id. A key that exists
   * with the same hash keeps its time.
   */
  private static List<ApiKey> keys(
      List<? extends Config> requested, List<ApiKey> present, long now) {
    Map<String, ApiKey> keys = new LinkedHashMap<>();
    present.forEach(key -> keys.put(key.getId(), key));
    Set<String> ids = new TreeSet<>();
    for (Config each : requested) {
      String id = each.getString("id");
      String sha256 = each.getString("sha256");
      if (!ApiKeys.isId(id)) {
        throw new IllegalArgumentException(
            ("keys: id '%s' is not allowed; 1 to 32 letters, digits and '-': it is a part of the key,"
                    + " pf_<id>_<secret>")
                .formatted(id));
      }
      if (!ids.add(id)) {
        throw new IllegalArgumentException("keys: id '" + id + "' is used twice");
      }
      @Nullable ApiKey old = keys.get(id);
      keys.put(
          id,
          new ApiKey(
              id,
              sha256,
              each.hasPath("scopes") ? each.getStringList("scopes") : ApiKeys.SCOPES,
              old != null && old.getSha256().equals(sha256) ? old.getCreatedAt() : now));
    }
    return List.copyOf(keys.values());
  }
}
