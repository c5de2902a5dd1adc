package io.postflight.demo.embedded;

import com.datastax.oss.driver.api.core.CqlSession;
import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.operations.CqlSessions;
import io.postflight.operations.Progress;
import io.postflight.operations.StorageTier;
import io.postflight.operations.admin.Provisioning;
import io.postflight.runtime.RoleContext;
import io.postflight.runtime.RoleSelection;
import io.postflight.runtime.RunningRoles;
import io.postflight.schema.directory.ApiKeys;
import io.postflight.schema.directory.TenantFeed;
import io.postflight.schema.directory.TenantRules;
import io.postflight.schema.directory.TenantTiers;
import io.postflight.schema.directory.TenantWriter;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.tenant.Tenant;
import io.postflight.settings.DeploymentSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A whole deployment on this machine: embedded servers, topics, schema, dev tenants and all roles.
 * A start on the directory of an earlier one resumes with its data.
 */
public final class EmbeddedStack implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
  private static final Duration TENANTS_TIMEOUT = Duration.ofSeconds(30);
  private static final long POLL_MILLIS = 50;

  private final DeploymentSettings settings;
  private final EmbeddedServers servers;
  private final TenantFeed tenants;
  private final @Nullable RunningRoles roles;

  private EmbeddedStack(
      DeploymentSettings settings,
      EmbeddedServers servers,
      TenantFeed tenants,
      @Nullable RunningRoles roles) {
    this.settings = settings;
    this.servers = servers;
    this.tenants = tenants;
    this.roles = roles;
  }

  /**
   * What to start.
   *
   * @param settings for development; addresses of servers and state directories are replaced
   * @param directory data directory
   * @param cqlLibraries directory of the CQL server's jars; null: that of the build
   * @param serversOnly no roles: servers, topics, schema and tenants
   */
  public record Plan(
      DeploymentSettings settings,
      Path directory,
      @Nullable Path cqlLibraries,
      boolean serversOnly) {}

  /**
   * Starts everything; returns when all roles are ready.
   *
   * @throws InterruptedException if interrupted; started servers are stopped
   */
  public static EmbeddedStack start(Plan plan, Progress progress) throws InterruptedException {
    progress.step("Starting Kafka, schema registry and CQL server");
    EmbeddedServers servers =
        EmbeddedServers.start(
            plan.directory(), plan.cqlLibraries(), plan.settings().dev().cassandraHeapMiB());
    TenantFeed tenants = null;
    try {
      DeploymentSettings onKafka =
          plan.settings()
              .on(servers.bootstrap(), servers.registryUrl(), "127.0.0.1:1", "datacenter1")
              .keepingStateIn(plan.directory().resolve("state"));
      Provisioning.createTopics(onKafka.operations());
      AvroSerdes serdes = AvroSerdes.of(onKafka.registry().serdeProperties());
      tenants = putTenants(onKafka, serdes);
      EmbeddedCassandra cassandra = servers.cassandra();
      DeploymentSettings settings =
          onKafka.on(
              servers.bootstrap(),
              servers.registryUrl(),
              cassandra.host() + ':' + cassandra.port(),
              cassandra.datacenter());
      progress.step("Creating tables");
      createSchemas(settings);
      RunningRoles roles =
          plan.serversOnly() ? null : startRoles(settings, serdes, tenants, progress);
      return new EmbeddedStack(settings, servers, tenants, roles);
    } catch (RuntimeException | InterruptedException e) {
      if (tenants != null) {
        tenants.close();
      }
      servers.close();
      throw e;
    }
  }

  private static TenantFeed putTenants(DeploymentSettings settings, AvroSerdes serdes) {
    Map<String, String> kafka = settings.kafka().clientProperties();
    String topic = settings.kafka().topics().tenants();
    TenantRules rules = TenantRules.withTiers(settings.tierNames());
    TenantFeed feed = TenantFeed.start(kafka, topic, rules, serdes);
    try (TenantWriter writer = TenantWriter.open(kafka, topic, rules, serdes)) {
      long version = feed.current().version();
      for (DevTenants.DevTenant tenant : DevTenants.of(settings.tierNames())) {
        // An existing tenant is not changed: the user may have changed its keys or tier.
        if (feed.current().find(tenant.id()).isEmpty()) {
          version = writer.put(tenant.record());
        }
      }
      if (!feed.awaitVersion(version, TENANTS_TIMEOUT)) {
        throw new IllegalStateException("the tenants could not be read back");
      }
      return feed;
    } catch (RuntimeException e) {
      feed.close();
      throw e;
    }
  }

  private static void createSchemas(DeploymentSettings settings) {
    StorageTier any = settings.tiers().get(0);
    try (CqlSession session = CqlSessions.open(any.cluster())) {
      Provisioning.createSchemas(settings.tiers(), session);
    }
  }

  private static RunningRoles startRoles(
      DeploymentSettings settings, AvroSerdes serdes, TenantFeed tenants, Progress progress)
      throws InterruptedException {
    progress.step("Starting topology, sinks and API");
    RoleContext context =
        new RoleContext(settings, serdes, tenants, RoleContext.metersOfJvm(), Clock.systemUTC());
    RunningRoles roles = RunningRoles.start(context, RoleSelection.all(settings.tierNames()));
    try {
      awaitReady(roles, progress);
      return roles;
    } catch (RuntimeException | InterruptedException e) {
      roles.close();
      throw e;
    }
  }

  private static void awaitReady(RunningRoles roles, Progress progress)
      throws InterruptedException {
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (true) {
      List<String> waiting = roles.waitingFor();
      List<String> failures = roles.failures();
      if (!failures.isEmpty()) {
        throw new IllegalStateException(String.join("; ", failures));
      }
      if (waiting.isEmpty()) {
        progress.clear();
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "not ready after " + START_TIMEOUT.toSeconds() + " s: " + waiting);
      }
      progress.still("Waiting for " + String.join(", ", waiting));
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Its settings, with the addresses of its servers. */
  public DeploymentSettings settings() {
    return settings;
  }

  /** The roles; null if only servers were started. */
  public @Nullable RunningRoles roles() {
    return roles;
  }

  /** Its addresses and keys. */
  public Endpoints endpoints() {
    Map<String, Endpoints.Cql> cql = new TreeMap<>();
    EmbeddedCassandra cassandra = servers.cassandra();
    for (StorageTier tier : settings.tiers()) {
      cql.put(
          tier.name(),
          new Endpoints.Cql(
              cassandra.host(),
              cassandra.port(),
              cassandra.datacenter(),
              tier.cluster().keyspace()));
    }
    List<Endpoints.TenantAccess> access = new ArrayList<>();
    for (DevTenants.DevTenant tenant : DevTenants.of(settings.tierNames())) {
      Tenant record = tenants.current().find(tenant.id()).orElseThrow();
      access.add(
          new Endpoints.TenantAccess(
              tenant.id(),
              TenantTiers.newest(record),
              isValid(tenant.apiKey(), record) ? tenant.apiKey() : "",
              record.getSecrets()));
    }
    int port = roles == null ? settings.http().port() : roles.httpPort();
    int status = roles == null ? 0 : roles.statusPort();
    return Endpoints.builder("http://127.0.0.1:" + port, servers.bootstrap(), servers.registryUrl())
        .servesHttp(roles != null)
        .status(status == 0 ? null : "http://127.0.0.1:" + status)
        .cql(cql)
        .tenants(access)
        .adminKey(isOperatorKey(DevTenants.operatorKey()) ? DevTenants.operatorKey() : null)
        .build();
  }

  private boolean isOperatorKey(String key) {
    return settings.http().operatorKeyHash().equals(Optional.of(ApiKeys.sha256(key)));
  }

  /** Completes with a description if the CQL server's process ends before the stack is closed. */
  public CompletableFuture<String> cqlServerEnded() {
    EmbeddedCassandra cassandra = servers.cassandra();
    long pid = cassandra.pid();
    return cassandra
        .onExit()
        .thenApply(code -> "the CQL server, process " + pid + ", ended with exit code " + code);
  }

  private static boolean isValid(String apiKey, Tenant tenant) {
    String hash = ApiKeys.sha256(apiKey);
    return tenant.getKeys().stream().anyMatch(key -> key.getSha256().equals(hash));
  }

  /** Stops everything gracefully; the data is kept. */
  @Override
  public void close() {
    if (roles != null) {
      roles.close();
    }
    tenants.close();
    servers.close();
  }
}
