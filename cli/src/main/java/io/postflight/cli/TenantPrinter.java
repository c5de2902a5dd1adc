package io.postflight.cli;

import io.postflight.operations.admin.SecretNames;
import io.postflight.operations.admin.TenantView;
import io.postflight.schema.tenant.Tenant;
import io.postflight.settings.DeploymentSettings;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How tenants are shown. No secret and no hash of a key ever is. */
final class TenantPrinter {
  private final DeploymentSettings settings;

  TenantPrinter(DeploymentSettings settings) {
    this.settings = settings;
  }

  /** The view of a tenant. */
  TenantView view(Tenant tenant) {
    String url = settings.gateway().publicUrl();
    if (url == null) {
      String host = settings.http().host();
      boolean any = host.equals("0.0.0.0") || host.equals("::");
      url = "http://" + (any ? "localhost" : host) + ":" + settings.http().port();
    }
    return TenantView.of(tenant, url);
  }

  /** Human-readable. */
  void print(Tenant tenant, PrintStream out) {
    TenantView view = view(tenant);
    out.println(view.id());
    for (int i = view.tiers().size() - 1; i >= 0; i--) {
      TenantView.Period period = view.tiers().get(i);
      line(out, "tier", period.tier() + from(period.from()));
    }
    line(out, "timeline shards", shards(view.timelineShards()));
    line(out, "listing shards", shards(view.listingShards()));
    for (TenantView.Key key : view.keys()) {
      line(out, "key " + key.id(), String.join(",", key.scopes()) + ", created " + key.createdAt());
    }
    view.secrets()
        .forEach((provider, names) -> line(out, "secrets " + provider, String.join(", ", names)));
    printUrls(tenant, out);
  }

  /** The addresses, each with what is missing before webhooks are taken there. */
  void printUrls(Tenant tenant, PrintStream out) {
    Map<String, List<String>> missing = SecretNames.missing(tenant);
    view(tenant)
        .webhooks()
        .forEach(
            (provider, url) -> {
              List<String> absent = missing.getOrDefault(provider, List.of());
              line(
                  out,
                  provider,
                  absent.isEmpty()
                      ? url
                      : url + "  (rejected until set: " + String.join(", ", absent) + ")");
            });
  }

  private static String shards(List<TenantView.Shards> versions) {
    return versions.stream()
        .map(each -> each.count() + from(each.from()))
        .collect(Collectors.joining(", "));
  }

  private static String from(@Nullable String time) {
    return time == null ? "" : " from " + time;
  }

  private static void line(PrintStream out, String name, String value) {
    out.printf("  %-18s %s%n", name, value);
  }
}
