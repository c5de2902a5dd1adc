package io.postflight.cli.doctor;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import io.postflight.cli.admin.KafkaAdmin;
import io.postflight.cli.admin.KafkaTopics;
import io.postflight.cli.admin.RegistryClient;
import io.postflight.cli.admin.ServerFaults;
import io.postflight.cli.admin.TopicState;
import io.postflight.cli.config.DeploymentSettings;
import io.postflight.cli.config.StorageTier;
import io.postflight.cli.output.CommandException;
import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.wiring.CqlSessions;
import io.postflight.cli.wiring.Provisioning;
import io.postflight.schema.directory.TenantFeed;
import io.postflight.schema.directory.TenantRules;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.topic.TopicCatalogue;
import io.postflight.store.WriteException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

/**
 * Holds a deployment against its configuration: all checks, in the order of the way of an event.
 */
public final class Doctor {
  private static final String REACHABLE = "reachable";

  private final DeploymentSettings settings;
  private final TenantRules tenantRules;
  private final InstantSource clock;
  private final List<Finding> findings = new ArrayList<>();
  private boolean unreachable;

  /**
   * For one examination.
   *
   * @param tenantRules what tenants must be like
   * @param clock our time, which the servers' is held against
   */
  public Doctor(DeploymentSettings settings, TenantRules tenantRules, InstantSource clock) {
    this.settings = settings;
    this.tenantRules = tenantRules;
    this.clock = clock;
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

  /**
   * Examines everything.
   *
   * @param running whether roles should be running: then their lag is looked at
   */
  public Report examine(boolean running) {
    boolean registryThere = guarded("registry", this::registry);
    guarded("kafka", () -> kafka(running, registryThere));
    for (StorageTier tier : settings.tiers()) {
      guarded("tier " + tier.name(), () -> tier(tier));
    }
    return new Report(findings, unreachable);
  }

  private List<Finding> registry() {
    return new RegistryCheck(new RegistryClient(settings.registry()), settings).findings();
  }

  private List<Finding> kafka(boolean running, boolean registryThere) {
    List<Finding> found = new ArrayList<>();
    try (KafkaAdmin admin = KafkaAdmin.open(settings)) {
      admin.requireReachable();
      List<TopicCatalogue.Spec> wanted = Provisioning.topics(settings);
      Map<String, TopicState> topics =
          new KafkaTopics(admin).read(wanted.stream().map(TopicCatalogue.Spec::name).toList());
      found.addAll(new TopicsCheck(settings.kafka().topics()).findings(wanted, topics));
      found.addAll(new RetentionCheck(settings).findings(topics));
      if (registryThere && topics.containsKey(settings.kafka().topics().tenants())) {
        found.addAll(tenants());
      }
      if (running) {
        found.addAll(new LagCheck(settings, admin, clock).findings(topics));
      }
    }
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
      found.addAll(
          new SignedUrlCheck(settings.gateway(), settings.http().host())
              .findings(feed.current().all()));
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

  /** Takes in what a part finds; a server that is away is a finding, and no end of the rest. */
  private boolean guarded(String what, Supplier<List<Finding>> part) {
    try {
      findings.addAll(part.get());
      return true;
    } catch (CommandException | KafkaException | WriteException | DriverException fault) {
      CommandException known = ServerFaults.of(what, fault);
      if (known.exitCode() == ExitCodes.INTERRUPTED) {
        throw known;
      }
      unreachable |= known.exitCode() == ExitCodes.UNREACHABLE;
      findings.add(
          Finding.fail(
              REACHABLE,
              what,
              String.valueOf(known.getMessage()),
              "start it, or correct its address or credentials; what it would have told is not"
                  + " checked"));
      return false;
    }
  }
}
