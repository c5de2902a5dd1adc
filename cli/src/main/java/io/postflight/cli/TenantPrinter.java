package io.postflight.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postflight.api.signature.SignatureChecks;
import io.postflight.operations.admin.SecretNames;
import io.postflight.schema.directory.TenantTiers;
import io.postflight.schema.tenant.ApiKey;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.schema.tenant.Tenant;
import io.postflight.settings.DeploymentSettings;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** How tenants are shown. No secret and no hash of a key ever is. */
final class TenantPrinter {
  private final DeploymentSettings settings;

  TenantPrinter(DeploymentSettings settings) {
    this.settings = settings;
  }

  /** The addresses that a tenant gives to its providers, by provider. */
  Map<String, String> webhookUrls(String tenant) {
    String base = settings.gateway().publicUrl();
    if (base == null) {
      String host = settings.http().host();
      boolean any = host.equals("0.0.0.0") || host.equals("::");
      base = "http://" + (any ? "localhost" : host) + ":" + settings.http().port();
    }
    Map<String, String> urls = new TreeMap<>();
    for (String provider : SignatureChecks.providers()) {
      urls.put(provider, base.replaceFirst("/$", "") + "/webhooks/" + provider + "/" + tenant);
    }
    return urls;
  }

  /** Everything but secrets and hashes. */
  void fill(Tenant tenant, ObjectNode node) {
    node.put("id", tenant.getId()).put("tier", TenantTiers.newest(tenant));
    ArrayNode tiers = node.putArray("tiers");
    tenant
        .getTiers()
        .forEach(
            period ->
                tiers
                    .addObject()
                    .put("tier", period.getTier())
                    .put("from", time(period.getFrom())));
    shards(tenant.getTimelineShards(), node.putArray("timelineShards"));
    shards(tenant.getListingShards(), node.putArray("listingShards"));
    ArrayNode keys = node.putArray("keys");
    for (ApiKey key : tenant.getKeys()) {
      ObjectNode each = keys.addObject().put("id", key.getId());
      key.getScopes().forEach(each.putArray("scopes")::add);
      each.put("createdAt", Instant.ofEpochMilli(key.getCreatedAt()).toString());
    }
    ObjectNode secrets = node.putObject("secrets");
    new TreeMap<>(tenant.getSecrets())
        .forEach(
            (provider, values) -> {
              ArrayNode names = secrets.putArray(provider);
              new TreeSet<>(values.keySet()).forEach(names::add);
            });
    ObjectNode urls = node.putObject("webhooks");
    webhookUrls(tenant.getId()).forEach(urls::put);
  }

  /** The same for people. */
  void print(Tenant tenant, PrintStream out) {
    out.println(tenant.getId());
    for (int i = tenant.getTiers().size() - 1; i >= 0; i--) {
      String from = time(tenant.getTiers().get(i).getFrom());
      line(out, "tier", tenant.getTiers().get(i).getTier() + (from == null ? "" : " from " + from));
    }
    line(out, "timeline shards", shards(tenant.getTimelineShards()));
    line(out, "listing shards", shards(tenant.getListingShards()));
    for (ApiKey key : tenant.getKeys()) {
      line(
          out,
          "key " + key.getId(),
          "%s, created %s"
              .formatted(
                  String.join(",", key.getScopes()), Instant.ofEpochMilli(key.getCreatedAt())));
    }
    new TreeMap<>(tenant.getSecrets())
        .forEach(
            (provider, values) ->
                line(
                    out, "secrets " + provider, String.join(", ", new TreeSet<>(values.keySet()))));
    printUrls(tenant, out);
  }

  /** The addresses, each with what is missing before webhooks are taken there. */
  void printUrls(Tenant tenant, PrintStream out) {
    Map<String, List<String>> missing = SecretNames.missing(tenant);
    webhookUrls(tenant.getId())
        .forEach(
            (provider, url) -> {
              List<String> absent = missing.getOrDefault(provider, List.of());
              String note =
                  absent.isEmpty()
                      ? ""
                      : "  (rejected until set: " + String.join(", ", absent) + ")";
              line(out, provider, url + note);
            });
  }

  private static void shards(List<ShardVersion> versions, ArrayNode array) {
    versions.forEach(
        each -> array.addObject().put("count", each.getCount()).put("from", time(each.getFrom())));
  }

  private static String shards(List<ShardVersion> versions) {
    return String.join(
        ", ",
        versions.stream()
            .map(
                each -> {
                  String from = time(each.getFrom());
                  return each.getCount() + (from == null ? "" : " from " + from);
                })
            .toList());
  }

  /** A time for people and programs; null: from the beginning. */
  private static @Nullable String time(long millis) {
    return millis == 0 ? null : Instant.ofEpochMilli(millis).toString();
  }

  private static void line(PrintStream out, String name, String value) {
    out.printf("  %-18s %s%n", name, value);
  }
}
