package io.postflight.demo.embedded;

import io.postflight.operations.OperationException;
import io.postflight.schema.directory.TenantTiers;
import io.postflight.schema.tenant.Tenant;
import io.postflight.settings.DeploymentSettings;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The servers of a {@code dev} that runs on this machine. */
public final class DevServers {
  private DevServers() {}

  /**
   * The addresses of a running {@code dev}.
   *
   * @param file its {@code endpoints.json}
   * @throws OperationException if none runs there
   */
  public static Endpoints read(Path file) {
    Path directory = Objects.requireNonNull(file.getParent());
    String start = "start 'postflight dev --servers-only --data-dir " + directory + "'";
    Endpoints endpoints;
    try {
      endpoints = Endpoints.read(file);
    } catch (IOException refused) {
      String reason =
          refused instanceof NoSuchFileException
              ? "no readable " + file
              : String.valueOf(refused.getMessage());
      throw OperationException.unreachable(
          "--servers " + directory + ": no dev runs there (" + reason + "): " + start, refused);
    }
    if (ProcessHandle.of(endpoints.pid()).filter(ProcessHandle::isAlive).isEmpty()) {
      throw OperationException.unreachable(
          "--servers "
              + directory
              + ": its dev, process "
              + endpoints.pid()
              + ", has ended: "
              + start);
    }
    return endpoints;
  }

  /**
   * Base address of webhooks of a running {@code dev}; null: it serves none.
   *
   * @param file its {@code endpoints.json}
   */
  public static @Nullable String urlOf(Path file) {
    Endpoints endpoints = read(file);
    return endpoints.servesHttp() ? endpoints.http() : null;
  }

  /**
   * Settings with the servers of a running {@code dev}.
   *
   * @throws OperationException if it was started with other tiers
   */
  public static DeploymentSettings on(Endpoints endpoints, DeploymentSettings settings) {
    Map<String, String> configured = new LinkedHashMap<>();
    settings.tiers().forEach(tier -> configured.put(tier.name(), tier.cluster().keyspace()));
    Map<String, String> running = new LinkedHashMap<>();
    endpoints.cql().forEach((tier, cql) -> running.put(tier, cql.keyspace()));
    if (!configured.equals(running)) {
      throw OperationException.usage(
          "--servers: that dev was started with the tiers "
              + new TreeSet<>(running.keySet())
              + ", the settings name "
              + new TreeSet<>(configured.keySet())
              + ", or their keyspaces differ: give the same --config and --set");
    }
    Endpoints.Cql any = endpoints.cql().values().iterator().next();
    return settings.on(
        endpoints.kafka(), endpoints.registry(), any.host() + ':' + any.port(), any.datacenter());
  }

  /**
   * Stores the new API key of a tenant in {@code endpoints.json}, so that other commands can use
   * it.
   */
  public static void remember(Path file, Tenant tenant, String apiKey) {
    try {
      Endpoints.read(file)
          .with(
              new Endpoints.TenantAccess(
                  tenant.getId(), TenantTiers.newest(tenant), apiKey, tenant.getSecrets()))
          .writeTo(Objects.requireNonNull(file.getParent()));
    } catch (IOException stoppedMeanwhile) {
      // The dev has stopped: nothing to update.
    }
  }
}
