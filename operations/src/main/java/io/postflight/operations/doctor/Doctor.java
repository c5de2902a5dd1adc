package io.postflight.operations.doctor;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import io.postflight.operations.CqlSessions;
import io.postflight.operations.OperationException;
import io.postflight.operations.OperationsSettings;
import io.postflight.operations.StorageTier;
import io.postflight.operations.admin.KafkaAdmin;
import io.postflight.operations.admin.KafkaTopics;
import io.postflight.operations.admin.Provisioning;
import io.postflight.operations.admin.RegistryClient;
import io.postflight.operations.admin.ServerFaults;
import io.postflight.operations.admin.TopicFormatCheck;
import io.postflight.operations.admin.TopicState;
import io.postflight.operations.replay.RecoveryTopic;
import io.postflight.schema.directory.TenantFeed;
import io.postflight.schema.directory.TenantRules;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.topic.TopicCatalogue;
import io.postflight.store.StoreException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

/** Compares a deployment with its configuration: all checks, in the order of the data flow. */
public final class Doctor {
  private static final String REACHABLE = "reachable";

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final OperationsSettings settings;
  private final GatewayExposure gateway;
  private final TenantRules tenantRules;
  private final InstantSource clock;
  private final Duration limit;

  /**
   * How the gateway can be reached.
   *
   * @param host address that it listens on
   * @param senderNamesHost whether signatures are verified against a URL that the sender chooses
   * @param signsUrl whether a provider of a tenant signs the URL that it calls
   */
  public record GatewayExposure(String host, boolean senderNamesHost, Predicate<Tenant> signsUrl) {}

  /**
   * For one run of the checks.
   *
   * @param gateway how the gateway can be reached
   * @param tenantRules rules that tenants must satisfy
   * @param clock the local time, which the servers' is compared with
   */
  public Doctor(
      OperationsSettings settings,
      GatewayExposure gateway,
      TenantRules tenantRules,
      InstantSource clock) {
    this(settings, gateway, tenantRules, clock, LIMIT);
  }

  /**
   * The same with another timeout.
   *
   * @param limit how long the checks of one server may take
   */
  Doctor(
      OperationsSettings settings,
      GatewayExposure gateway,
      TenantRules tenantRules,
      InstantSource clock,
      Duration limit) {
    this.settings = settings;
    this.gateway = gateway;
    this.tenantRules = tenantRules;
    this.clock = clock;
    this.limit = limit;
  }

  /** Findings of the checks of one server, and whether it is available. */
  private record ServerChecks(List<Finding> findings, boolean answered, boolean unreachable) {}

  /**
   * Runs all checks, of all servers concurrently. A server that does not respond within the limit
   * is a finding, and the others are checked.
   *
   * @param running whether roles should be running: then their lag is checked
   */
  public DoctorReport examine(boolean running) {
    Map<String, TopicState> topics = new ConcurrentHashMap<>();
    CompletableFuture<ServerChecks> registry = part("registry", "", this::registry);
    CompletableFuture<ServerChecks> kafka =
        part("kafka", " at " + settings.kafka().bootstrapServers(), () -> kafka(topics));
    List<CompletableFuture<ServerChecks>> parts = new ArrayList<>(List.of(registry, kafka));
    parts.add(
        registry
            .thenCombine(kafka, (one, other) -> one.answered() && other.answered())
            .thenCompose(
                both ->
                    both && topics.containsKey(settings.kafka().topics().tenants())
                        ? part("tenants", "", this::tenants)
                        : nothing()));
    parts.add(
        kafka.thenCompose(
            part -> running && part.answered() ? part("lag", "", () -> lag(topics)) : nothing()));
    parts.add(
        kafka.thenCompose(
            part ->
                part.answered() && hasRecoveries(topics)
                    ? part("recoveries", "", this::recoveries)
                    : nothing()));
    for (StorageTier tier : settings.tiers()) {
      parts.add(
          part(
              "tier " + tier.name(),
              " at " + String.join(", ", tier.cluster().contactPoints()),
              () -> tier(tier)));
    }
    return report(parts);
  }

  private static DoctorReport report(List<CompletableFuture<ServerChecks>> parts) {
    List<Finding> findings = new ArrayList<>();
    boolean unreachable = false;
    for (CompletableFuture<ServerChecks> each : parts) {
      try {
        ServerChecks part = each.get();
        findings.addAll(part.findings());
        unreachable |= part.unreachable();
      } catch (InterruptedException interrupted) {
        throw OperationException.interrupted();
      } catch (ExecutionException failed) {
        throw failed.getCause() instanceof RuntimeException fault
            ? fault
            : new IllegalStateException(failed);
      }
    }
    return DoctorReport.of(findings, unreachable);
  }

  private List<Finding> registry() {
    return new RegistryCheck(new RegistryClient(settings.registry()), settings).findings();
  }

  private List<Finding> kafka(Map<String, TopicState> read) {
    List<Finding> found = new ArrayList<>();
    try (KafkaAdmin admin =
        KafkaAdmin.open(settings.kafka(), limit.multipliedBy(9).dividedBy(10))) {
      admin.requireReachable();
      List<TopicCatalogue.Spec> wanted = Provisioning.topics(settings);
      Map<String, TopicState> topics =
          new KafkaTopics(admin).read(wanted.stream().map(TopicCatalogue.Spec::name).toList());
      found.addAll(new TopicsCheck(settings.kafka().topics()).findings(wanted, topics));
      found.addAll(new RetentionCheck(settings).findings(topics));
      read.putAll(topics);
    }
    return found;
  }

  private List<Finding> lag(Map<String, TopicState> topics) {
    try (KafkaAdmin admin =
        KafkaAdmin.open(settings.kafka(), limit.multipliedBy(9).dividedBy(10))) {
      return new LagCheck(settings, admin, clock).findings(topics);
    }
  }

  /** Whether the topic can be read; else the check of topics has a finding. */
  private boolean hasRecoveries(Map<String, TopicState> topics) {
    TopicState topic = topics.get(settings.kafka().topics().recoveries());
    return topic != null && topic.partitions() == 1;
  }

  private List<Finding> recoveries() {
    List<Finding> found =
        new ArrayList<>(new RecoveryCheck().findings(new RecoveryTopic(settings.kafka()).phases()));
    TopicFormatCheck.problem(settings.kafka())
        .ifPresent(
            problem ->
                found.add(Finding.fail("topics", "format", problem, TopicFormatCheck.REMEDY)));
    return found;
  }

  private List<Finding> tenants() {
    Map<String, String> properties = new HashMap<>(settings.registry().serdeProperties());
    properties.put(AvroSerdes.RETRY_MS, "5000");
    try (TenantFeed feed =
        TenantFeed.start(
            settings.kafka().clientProperties(),
            settings.kafka().topics().tenants(),
            tenantRules,
            AvroSerdes.of(properties))) {
      List<Finding> found = new ArrayList<>(new TenantsCheck().findings(feed));
      found.addAll(new SignedUrlCheck(gateway).findings(feed.current().all()));
      return found;
    }
  }

  private List<Finding> tier(StorageTier tier) {
    List<Finding> found = new ArrayList<>();
    try (CqlSession session = CqlSessions.open(tier.cluster())) {
      TierCluster cluster = new TierCluster(tier, session);
      List<Function<TierCluster, List<Finding>>> checks =
          List.of(
              new SchemaCheck()::findings,
              new TablesCheck()::findings,
              new ReplicationCheck()::findings,
              new ConsistencyCheck()::findings,
              new CommitLogCheck()::findings,
              new ClockCheck(clock)::findings);
      checks.forEach(check -> found.addAll(check.apply(cluster)));
    }
    return found;
  }

  private static CompletableFuture<ServerChecks> nothing() {
    return CompletableFuture.completedFuture(new ServerChecks(List.of(), true, false));
  }

  /**
   * Runs checks on a thread of their own. A server that is unavailable, or does not respond within
   * the limit, is a finding; its thread ends with the process.
   *
   * @param where its address, to be appended to the name
   */
  private CompletableFuture<ServerChecks> part(
      String what, String where, Supplier<List<Finding>> checks) {
    return CompletableFuture.supplyAsync(
            () -> guarded(what, where, checks), task -> daemon(what, task).start())
        .completeOnTimeout(
            failed(what, ServerFaults.noResponse(what + where, limit)),
            limit.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private static Thread daemon(String what, Runnable task) {
    Thread thread = new Thread(task, "doctor " + what);
    thread.setDaemon(true);
    return thread;
  }

  private static ServerChecks guarded(String what, String where, Supplier<List<Finding>> checks) {
    try {
      return new ServerChecks(checks.get(), true, false);
    } catch (OperationException | KafkaException | StoreException | DriverException fault) {
      OperationException known = ServerFaults.of(what + where, fault);
      if (known.kind() == OperationException.FailureKind.INTERRUPTED) {
        throw known;
      }
      return failed(what, known);
    }
  }

  private static ServerChecks failed(String what, OperationException fault) {
    return new ServerChecks(
        List.of(
            Finding.fail(
                REACHABLE,
                what,
                String.valueOf(fault.getMessage()),
                "start it, or correct its address or credentials; dependent checks are skipped")),
        false,
        fault.kind() == OperationException.FailureKind.UNREACHABLE);
  }
}
