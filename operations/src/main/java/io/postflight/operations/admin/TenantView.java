package io.postflight.operations.admin;

import io.postflight.schema.directory.TenantTiers;
import io.postflight.schema.signature.SignatureCheck;
import io.postflight.schema.signature.SignatureChecks;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.schema.tenant.Tenant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A tenant as it is shown: without secrets and hashes of keys. Times are in RFC 3339; one that is
 * null means from the beginning.
 *
 * @param id its name
 * @param tier its newest tier
 * @param tiers all its tiers, oldest first
 * @param timelineShards number of shards of its timelines, oldest first
 * @param listingShards number of shards of its listings, oldest first
 * @param keys its API keys
 * @param secrets names of its secrets, by provider
 * @param webhooks addresses to give to providers, by provider
 * @param missingSecrets names of the secrets that its webhooks, or a verification of their address,
 *     need and it does not have, by provider
 */
public record TenantView(
    String id,
    String tier,
    List<Period> tiers,
    List<ShardCount> timelineShards,
    List<ShardCount> listingShards,
    List<KeyView> keys,
    Map<String, TreeSet<String>> secrets,
    Map<String, String> webhooks,
    Map<String, List<String>> missingSecrets) {
  private static final String UNKNOWN_URL = "https://<your host: set gateway.publicUrl>";

  /** A tier from a time. */
  public record Period(String tier, @Nullable String from) {}

  /** A number of shards from a time. */
  public record ShardCount(int count, @Nullable String from) {}

  /** An API key; {@code createdAt} is null if it is not known. */
  public record KeyView(String id, List<String> scopes, @Nullable String createdAt) {}

  /**
   * The view of a tenant.
   *
   * @param publicUrl public address of the deployment; null: it is not known
   */
  public static TenantView of(Tenant tenant, @Nullable String publicUrl) {
    String url = publicUrl == null ? UNKNOWN_URL : publicUrl.replaceFirst("/$", "");
    Map<String, TreeSet<String>> secrets = new TreeMap<>();
    tenant
        .getSecrets()
        .forEach((provider, values) -> secrets.put(provider, new TreeSet<>(values.keySet())));
    Map<String, String> webhooks = new TreeMap<>();
    for (String provider : SignatureChecks.providers()) {
      webhooks.put(provider, url + "/webhooks/" + provider + "/" + tenant.getId());
    }
    return new TenantView(
        tenant.getId(),
        TenantTiers.newest(tenant),
        tenant.getTiers().stream()
            .map(each -> new Period(each.getTier(), time(each.getFrom())))
            .toList(),
        shards(tenant.getTimelineShards()),
        shards(tenant.getListingShards()),
        tenant.getKeys().stream()
            .map(
                key ->
                    new KeyView(
                        key.getId(), List.copyOf(key.getScopes()), time(key.getCreatedAt())))
            .toList(),
        secrets,
        webhooks,
        SecretNames.missing(tenant));
  }

  /**
   * Which requests to the address of a provider are rejected, and until which secrets are set;
   * human-readable, empty if none are.
   */
  public String rejected(String provider) {
    List<String> ofVerification =
        SignatureChecks.of(provider).map(SignatureCheck::verificationSecrets).orElseGet(List::of);
    List<String> ofWebhooks = new ArrayList<>();
    List<String> rejected = new ArrayList<>();
    for (String name : missingSecrets.getOrDefault(provider, List.of())) {
      if (ofVerification.contains(name)) {
        rejected.add("the provider's verification by GET is rejected until set: " + name);
      } else {
        ofWebhooks.add(name);
      }
    }
    if (!ofWebhooks.isEmpty()) {
      rejected.add(0, "rejected until set: " + String.join(", ", ofWebhooks));
    }
    return String.join("; ", rejected);
  }

  private static List<ShardCount> shards(List<ShardVersion> versions) {
    return versions.stream()
        .map(each -> new ShardCount(each.getCount(), time(each.getFrom())))
        .toList();
  }

  private static @Nullable String time(long millis) {
    return millis == 0 ? null : Instant.ofEpochMilli(millis).toString();
  }
}
