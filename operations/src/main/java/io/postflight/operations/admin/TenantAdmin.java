package io.postflight.operations.admin;

import io.postflight.operations.OperationException;
import io.postflight.operations.OperationsSettings;
import io.postflight.schema.directory.TenantFeed;
import io.postflight.schema.directory.TenantRules;
import io.postflight.schema.directory.TenantTiers;
import io.postflight.schema.directory.TenantWriter;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.tenant.Tenant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Reads and changes the tenants of a deployment. Running roles apply a change within seconds.
 * Concurrent changes of one tenant are not detected: the last one wins.
 */
public final class TenantAdmin implements AutoCloseable {
  private final OperationsSettings settings;
  private final TenantRules rules;
  private final AvroSerdes serdes;
  private final TenantFeed feed;
  private @Nullable TenantWriter writer;

  private TenantAdmin(
      OperationsSettings settings, TenantRules rules, AvroSerdes serdes, TenantFeed feed) {
    this.settings = settings;
    this.rules = rules;
    this.serdes = serdes;
    this.feed = feed;
  }

  /**
   * Reads all tenants.
   *
   * @param rules that a written tenant must satisfy
   * @throws OperationException if Kafka or the registry is unavailable, or there is no topic of
   *     tenants
   */
  public static TenantAdmin open(OperationsSettings settings, TenantRules rules) {
    String topic = settings.kafka().topics().tenants();
    try (KafkaAdmin admin = KafkaAdmin.open(settings.kafka())) {
      if (new KafkaTopics(admin).read(List.of(topic)).isEmpty()) {
        throw OperationException.negative(
            "there is no topic '" + topic + "': create it with 'postflight topics apply'");
      }
    }
    new RegistryClient(settings.registry()).requireReachable();
    AvroSerdes serdes = settings.registry().serdesOfCommand();
    try {
      return new TenantAdmin(
          settings,
          rules,
          serdes,
          TenantFeed.start(settings.kafka().clientProperties(), topic, rules, serdes));
    } catch (KafkaException fault) {
      throw ServerFaults.of("tenants", fault);
    }
  }

  /** A tenant, if there is one of this name. */
  public Optional<Tenant> find(String id) {
    return feed.current().find(id);
  }

  /**
   * A tenant that must exist.
   *
   * @throws OperationException if there is none of this name
   */
  public Tenant require(String id) {
    return find(id)
        .orElseThrow(
            () ->
                OperationException.negative(
                    "there is no tenant '" + id + "': 'postflight tenants list' shows all"));
  }

  /**
   * The tenant of a given name.
   *
   * @throws OperationException if there is none of this name
   */
  public Tenant requireNamed(String id) {
    return find(id)
        .orElseThrow(
            () ->
                OperationException.parameter(
                    "tenant",
                    id + ": there is no such tenant; 'postflight tenants list' shows all"));
  }

  /** All tenants, by id. */
  private List<Tenant> all() {
    List<Tenant> all = new ArrayList<>(feed.current().all());
    all.sort(Comparator.comparing(Tenant::getId));
    return all;
  }

  /** Summaries of all tenants, by id. */
  public List<TenantSummary> list() {
    return all().stream().map(TenantSummary::of).toList();
  }

  /**
   * Adds a tenant.
   *
   * @throws OperationException if it exists, or as {@link #put} does
   */
  public void add(Tenant tenant) {
    find(tenant.getId())
        .ifPresent(
            existing -> {
              throw OperationException.negative(
                  ("tenant '%s' already exists, in tier %s: 'keys create' creates another key,"
                          + " 'tenants apply' changes it")
                      .formatted(existing.getId(), TenantTiers.newest(existing)));
            });
    put(tenant);
  }

  /**
   * Checks tenants before they are written.
   *
   * @param source begins the message, such as the file that they are from; may be empty
   * @throws OperationException naming all problems
   */
  public void check(String source, Collection<Tenant> tenants) {
    List<String> problems = new ArrayList<>();
    for (Tenant tenant : tenants) {
      for (String problem : rules.problems(tenant)) {
        problems.add("tenant '" + tenant.getId() + "': " + problem);
      }
    }
    if (!problems.isEmpty()) {
      throw OperationException.usage(source + String.join("; ", problems));
    }
  }

  /**
   * Adds or replaces a tenant; returns once Kafka has it on all in-sync replicas.
   *
   * @throws OperationException if the rules refuse it, or Kafka or the registry does
   */
  public void put(Tenant tenant) {
    check("", List.of(tenant));
    try {
      if (writer == null) {
        writer =
            TenantWriter.open(
                settings.kafka().clientProperties(),
                settings.kafka().topics().tenants(),
                rules,
                serdes);
      }
      writer.put(tenant);
    } catch (KafkaException fault) {
      throw ServerFaults.of("tenant '" + tenant.getId() + "' was not written", fault);
    }
  }

  @Override
  public void close() {
    if (writer != null) {
      writer.close();
    }
    feed.close();
  }
}
