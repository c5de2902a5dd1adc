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
import io.postflight.operations.admin.TopicState;
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
  private final Gateway gateway;
  private final TenantRules tenantRules;
  private final InstantSource clock;
  private final Duration limit;

  /**
   * What takes webhooks in.
   *
   * @param host address that it listens on
   * @param senderNamesHost whether the sender chooses the URL that is taken for the signed one
   * @param signsUrl whether a provider of a tenant signs the URL that it calls
   */
  public record Gateway(String host, boolean senderNamesHost, Predicate<Tenant> signsUrl) {}

  /**
   * For one examination.
   *
   * @param gateway what takes webhooks in
   * @param tenantRules what tenants must be like
   * @param clock our time, which the servers' is compared with
   */
  public Doctor(
      OperationsSettings settings, Gateway gateway, TenantRules tenantRules, InstantSource clock) {
    this(settings, gateway, tenantRules, clock, LIMIT);
  }

  /**
   * The same with another limit.
   *
   * @param limit how long one server may take to answer all that is asked of it
   */
  Doctor(
      OperationsSettings settings,
      Gateway gateway,
      TenantRules tenantRules,
      InstantSource clock,
      Duration limit) {
    this.settings = settings;
    this.gateway = gateway;
    this.tenantRules = tenantRules;
    this.clock = clock;
    this.limit = limit;
  }

  /**
   * What was found.
   *
   * @param findings one for each thing that was looked at
   * @param unreachable whether a server could not be reached, so that things were left out
   */
  public record Report(List<Finding> findings, boolean unreachable) {
    /** Copies the list. */
    public Report {
      findings = List.copyOf(findings);
    }

    /** How many findings are of a level. */
    public long count(Finding.Level level) {
      return findings.stream().filter(finding -> finding.level() == level).count();
    }
  }

  /** Findings of one part, and whether its server answered. */
  private record Part(List<Finding> findings, boolean answered, boolean unreachable) {}

  /**
   * Examines everything, all servers at a time. One that does not answer within the limit is a
   * finding, and does not keep the others from being examined.
   *
   * @param running whether roles should be running: then their lag is examined
   */
  public Report examine(boolean running) {
    Map<String, TopicState> topics = new ConcurrentHashMap<>();
    CompletableFuture<Part> registry = part("registry", "", this::registry);
    CompletableFuture<Part> kafka =
        part("kafka", " at " + settings.kafka().bootstrapServers(), () -> kafka(topics));
    List<CompletableFuture<Part>> parts = new ArrayList<>(List.of(registry, kafka));
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
    for (StorageTier tier : settings.tiers()) {
      parts.add(
          part(
              "tier " + tier.name(),
              " at " + String.join(", ", tier.cluster().contactPoints()),
              () -> tier(tier)));
    }
    return report(parts);
  }

  private static Report report(List<CompletableFuture<Part>> parts) {
    List<Finding> findings = new ArrayList<>();
    boolean unreachable = false;
    for (CompletableFuture<Part> each : parts) {
      try {
        Part part = each.get();
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
    return new Report(findings, unreachable);
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

  private static CompletableFuture<Part> nothing() {
    return CompletableFuture.completedFuture(new Part(List.of(), true, false));
  }

  /**
   * Examines on a thread of its own. A server that is unavailable, or silent for longer than the
   * limit, is a finding; the thread is then left behind, and ends with the process.
   *
   * @param where its address, as it continues the name
   */
  private CompletableFuture<Part> part(String what, String where, Supplier<List<Finding>> checks) {
    return CompletableFuture.supplyAsync(
            () -> guarded(what, where, checks), task -> daemon(what, task).start())
        .completeOnTimeout(
            away(
                what, what + where + ": no response within " + limit.toMillis() / 1e3 + " s", true),
            limit.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private static Thread daemon(String what, Runnable task) {
    Thread thread = new Thread(task, "doctor " + what);
    thread.setDaemon(true);
    return thread;
  }

  private static Part guarded(String what, String where, Supplier<List<Finding>> checks) {
    try {
      return new Part(checks.get(), true, false);
    } catch (OperationException | KafkaException | StoreException | DriverException fault) {
      OperationException known = ServerFaults.of(what + where, fault);
      if (known.kind() == OperationException.Kind.INTERRUPTED) {
        throw known;
      }
      return away(
          what,
          String.valueOf(known.getMessage()),
          known.kind() == OperationException.Kind.UNREACHABLE);
    }
  }

  private static Part away(String what, String detail, boolean unreachable) {
    return new Part(
        List.of(
            Finding.fail(
                REACHABLE,
                what,
                detail,
                "start it, or correct its address or credentials; dependent checks are skipped")),
        false,
        unreachable);
  }
}
