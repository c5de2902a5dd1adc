package io.postflight.cli;

import io.postflight.operations.admin.TenantView;
import io.postflight.schema.tenant.Tenant;
import io.postflight.settings.DeploymentSettings;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A command that shows a tenant, without secrets and hashes of keys. */
abstract class TenantCommand extends ServerCommand {
  final TenantView view(Tenant tenant, DeploymentSettings settings) {
    String url = settings.gateway().publicUrl();
    return TenantView.of(tenant, url == null ? servers.urlOfDev() : url);
  }

  final void print(TenantView tenant) {
    out().println(tenant.id());
    for (int i = tenant.tiers().size() - 1; i >= 0; i--) {
      TenantView.Period period = tenant.tiers().get(i);
      printLine("tier", period.tier() + from(period.from()));
    }
    printLine("timeline shards", shards(tenant.timelineShards()));
    printLine("listing shards", shards(tenant.listingShards()));
    for (TenantView.KeyView key : tenant.keys()) {
      String created = key.createdAt() == null ? "" : ", created " + key.createdAt();
      printLine("key " + key.id(), String.join(",", key.scopes()) + created);
    }
    tenant
        .secrets()
        .forEach((provider, names) -> printLine("secrets " + provider, String.join(", ", names)));
    printUrls(tenant);
  }

  /** Prints the webhook URLs, each with what is rejected until secrets are set. */
  final void printUrls(TenantView tenant) {
    tenant
        .webhooks()
        .forEach(
            (provider, url) -> {
              String rejected = tenant.rejected(provider);
              printLine(provider, rejected.isEmpty() ? url : url + "  (" + rejected + ")");
            });
  }

  private static String shards(List<TenantView.ShardCount> versions) {
    return versions.stream()
        .map(each -> each.count() + from(each.from()))
        .collect(Collectors.joining(", "));
  }

  private static String from(@Nullable String time) {
    return time == null ? "" : " from " + time;
  }

  private void printLine(String name, String value) {
    out().printf("  %-18s %s%n", name, value);
  }
}
