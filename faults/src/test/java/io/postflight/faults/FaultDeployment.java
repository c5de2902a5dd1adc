package io.postflight.faults;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postflight.demo.embedded.Endpoints;
import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.replay.TierReplay;
import io.postflight.replay.Verify;
import io.postflight.replay.VerifyReport;
import io.postflight.replay.VerifySettings;
import io.postflight.schema.directory.FixedTenants;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.tenant.TierPeriod;
import io.postflight.schema.topic.TopicCatalogue;
import io.postflight.schema.topic.TopicSizes;
import io.postflight.schema.topic.Topics;
import io.postflight.sink.SinkSettings;
import io.postflight.sink.SinkStatus;
import io.postflight.sink.TierSink;
import io.postflight.store.Tier;
import io.postflight.store.cql.ClusterSettings;
import io.postflight.store.cql.CqlEventStore;
import io.postflight.store.cql.CqlSchema;
import io.postflight.topology.PostflightTopology;
import io.postflight.topology.TopologyRole;
import io.postflight.topology.TopologySettings;
import io.postflight.topology.TopologyStreamsSettings;
import io.postflight.topology.normalize.Normalizer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;

/**
 * Topology and sinks of this JVM over servers into which a test may inject faults, with its own
 * topics and keyspaces; an oracle observes the clients and the writer of each tier's sinks.
 */
final class FaultDeployment implements AutoCloseable {
  static final int PARTITIONS = 3;
  static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration CLOSE = Duration.ofSeconds(5);

  private final Clock clock;
  private final Topics topics;
  private final String bootstrap;
  private final TopicInspector kafka;
  private final AvroSerdes serdes;
  private final AvroSerdes sinkSerdes;
  private final FixedTenants tenants;
  private final Map<String, Place> places;
  private final Map<String, CqlEventStore> stores = new LinkedHashMap<>();
  private final Map<String, GroupCommitOracle> oracles = new LinkedHashMap<>();
  private final List<TierSink> sinks = new CopyOnWriteArrayList<>();
  private final List<TopologyRole> topologies = new CopyOnWriteArrayList<>();
  private final MeterRegistry meters = new SimpleMeterRegistry();

  /** A tier and its database. */
  record Place(Tier tier, ClusterSettings cluster) {
    /** A tier of some days in its own keyspace on one node. */
    static Place on(EmbeddedCassandra node, int days) {
      return new Place(
          Tier.of(days + "d", Duration.ofDays(days)),
          ClusterSettings.singleNode(
                  node.host(),
                  node.port(),
                  node.datacenter(),
                  SharedServers.uniqueName("faults_" + days + "d"))
              .withRequestTimeout(REQUEST_TIMEOUT));
    }

    /** The same with the credentials of a user. */
    Place as(String user, String password) {
      return new Place(tier, cluster.withCredentials(user, password));
    }
  }

  /**
   * Creates topics and tables; nothing is running yet.
   *
   * @param bootstrap address of Kafka
   * @param tenants whose tiers are among the places
   */
  FaultDeployment(
      String name,
      String bootstrap,
      String registryUrl,
      FixedTenants tenants,
      Collection<Place> places)
      throws Exception {
    this(name, bootstrap, registryUrl, tenants, places, Clock.systemUTC());
  }

  /** The same with another clock. */
  FaultDeployment(
      String name,
      String bootstrap,
      String registryUrl,
      FixedTenants tenants,
      Collection<Place> places,
      Clock clock)
      throws Exception {
    this(
        new Topics(SharedServers.uniqueName(name) + '.'),
        bootstrap,
        registryUrl,
        tenants,
        places,
        clock);
    kafka.create(TopicCatalogue.of(topics, this.places.keySet(), TopicSizes.of(PARTITIONS, 1)));
    for (Place place : places) {
      CqlSchema.create(place.tier(), place.cluster());
      String tier = place.tier().name();
      stores.put(tier, CqlEventStore.open(place.tier(), place.cluster(), clock));
      oracles.put(tier, new GroupCommitOracle(place.tier(), System::currentTimeMillis));
    }
  }

  private FaultDeployment(
      Topics topics,
      String bootstrap,
      String registryUrl,
      FixedTenants tenants,
      Collection<Place> places,
      Clock clock) {
    this.clock = clock;
    this.topics = topics;
    this.bootstrap = bootstrap;
    this.kafka = new TopicInspector(bootstrap);
    this.tenants = tenants;
    this.places = new LinkedHashMap<>();
    places.forEach(place -> this.places.put(place.tier().name(), place));
    this.serdes = AvroSerdes.of(Map.of("schema.registry.url", registryUrl));
    this.sinkSerdes =
        AvroSerdes.of(Map.of("schema.registry.url", registryUrl, AvroSerdes.RETRY_MS, "2000"));
  }

  /** A deployment of another process, read only. */
  static FaultDeployment over(Endpoints endpoints, String tenant, int days) {
    String tier = days + "d";
    Endpoints.Cql cql = Objects.requireNonNull(endpoints.cql().get(tier), tier);
    FaultDeployment deployment =
        new FaultDeployment(
            Topics.UNPREFIXED,
            endpoints.kafka(),
            endpoints.registry(),
            FixedTenants.of(tenant(tenant, new TierPeriod(tier, 0L))),
            List.of(
                new Place(
                    Tier.of(tier, Duration.ofDays(days)),
                    ClusterSettings.singleNode(
                        cql.host(), cql.port(), cql.datacenter(), cql.keyspace()))),
            Clock.systemUTC());
    deployment
        .places
        .values()
        .forEach(
            place ->
                deployment.stores.put(
                    tier, CqlEventStore.open(place.tier(), place.cluster(), deployment.clock)));
    return deployment;
  }

  /** The default: one tier on one node, with one tenant. */
  static FaultDeployment of(
      String name, String bootstrap, String registryUrl, EmbeddedCassandra node) throws Exception {
    return new FaultDeployment(
        name,
        bootstrap,
        registryUrl,
        FixedTenants.of(tenant("acme", new TierPeriod("30d", 0L))),
        List.of(Place.on(node, 30)));
  }

  static Tenant tenant(String id, TierPeriod... tiers) {
    return new Tenant(
        id,
        List.of(tiers),
        List.of(new ShardVersion(2, 0L)),
        List.of(new ShardVersion(2, 0L)),
        List.of(),
        Map.of());
  }

  /** Starts an instance of the topology with a state directory of its own. */
  TopologyRole startTopology() throws InterruptedException {
    TopologyRole role =
        TopologyRole.start(
            TopologySettings.of(
                    topics,
                    places.keySet(),
                    TopologyStreamsSettings.of(SharedServers.newDirectory("topology"))
                        .withTiming(Duration.ofMillis(100), Duration.ofSeconds(6)),
                    Map.of("bootstrap.servers", bootstrap))
                .withCaughtUpInterval(Duration.ofMillis(200)),
            new PostflightTopology.Services(tenants, serdes, Normalizer.ofAllProviders(), meters),
            clock);
    topologies.add(role);
    return role;
  }

  /** Starts an instance of the only tier's sink. */
  TierSink startSink() {
    return startSink(places.keySet().iterator().next());
  }

  /** Starts an instance of a tier's sink. */
  TierSink startSink(String tier) {
    Place place = Objects.requireNonNull(places.get(tier), tier);
    GroupCommitOracle oracle = oracle(tier);
    TierSink sink =
        TierSink.start(
            SinkSettings.of(
                    place.tier(),
                    new SinkSettings.Source(topics.store(tier), topics.deadLetters(), group(tier)),
                    SharedServers.newDirectory("sink"),
                    bootstrap)
                .withKafka(
                    Map.of(
                        "bootstrap.servers", bootstrap,
                        "commit.interval.ms", "200",
                        "session.timeout.ms", "6000",
                        "heartbeat.interval.ms", "1500")),
            new OracleWriter(store(tier), oracle),
            sinkSerdes.value(TierRecord.class).deserializer(),
            new SimpleMeterRegistry(),
            new OracleClientSupplier("sink " + tier + " #" + sinks.size(), oracle));
    sinks.add(sink);
    return sink;
  }

  /** Starts one instance of everything. */
  void startAll() throws InterruptedException {
    startTopology();
    places.keySet().forEach(this::startSink);
  }

  void stop(TierSink sink) {
    sink.close(CLOSE);
    sinks.remove(sink);
  }

  void stop(TopologyRole role) {
    role.close(CLOSE);
    topologies.remove(role);
  }

  /** The clock of all roles. */
  Clock clock() {
    return clock;
  }

  Topics topics() {
    return topics;
  }

  String bootstrap() {
    return bootstrap;
  }

  /** Inspects its topics and consumer groups. */
  TopicInspector kafka() {
    return kafka;
  }

  AvroSerdes serdes() {
    return serdes;
  }

  FixedTenants tenants() {
    return tenants;
  }

  Collection<Place> places() {
    return places.values();
  }

  CqlEventStore store(String tier) {
    return Objects.requireNonNull(stores.get(tier), tier);
  }

  GroupCommitOracle oracle(String tier) {
    return Objects.requireNonNull(oracles.get(tier), tier);
  }

  /** The oracle of the only tier. */
  GroupCommitOracle oracle() {
    return oracles.values().iterator().next();
  }

  Collection<GroupCommitOracle> oracles() {
    return oracles.values();
  }

  /** Consumer group of a tier's sinks. */
  String group(String tier) {
    return topics.prefix() + "sink-" + tier;
  }

  List<TierSink> sinks() {
    return sinks;
  }

  /** The running sink of a tier. */
  TierSink sink(String tier) {
    return sinks.stream()
        .filter(sink -> sink.status().sink().equals(tier))
        .findFirst()
        .orElseThrow();
  }

  /** Dead letters written by sinks: simulated invalid webhooks never reach them. */
  long deadLettersOfSinks() {
    return kafka.deadLetters(topics.deadLetters(), "sink");
  }

  /** Rows in flight in all sinks. */
  int rowsInFlight() {
    return sinks.stream().map(TierSink::status).mapToInt(SinkStatus::rowsInFlight).sum();
  }

  /** Whether all started roles are running. */
  boolean isRunning() {
    return topologies.stream().allMatch(TopologyRole::ready)
        && sinks.stream().allMatch(TierSink::running);
  }

  /** Roles that failed; empty: none. */
  List<String> failures() {
    List<String> failures = new ArrayList<>();
    topologies.stream()
        .filter(role -> !role.healthy())
        .forEach(role -> failures.add("the topology has stopped"));
    sinks.stream()
        .filter(sink -> !sink.healthy())
        .forEach(sink -> failures.add("a sink has stopped: " + sink.status().reason()));
    return failures;
  }

  /**
   * Whether everything sent is stored and committed. Checked in data-flow order: what a stage has
   * committed is in the topic checked next.
   */
  boolean lagIsZero() throws ExecutionException, InterruptedException {
    String topology = topics.prefix() + "postflight-topology";
    if (kafka.lag(topics.rawWebhooks(), topology + "-normalize") != 0
        || kafka.lag(topics.events(), topology) != 0) {
      return false;
    }
    for (String tier : places.keySet()) {
      if (kafka.lag(topics.store(tier), group(tier)) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Compares a tier's topic with its tables, row by row, as {@code postflight verify} does. */
  VerifyReport verify(String tier) throws InterruptedException {
    return Verify.run(
        TierReplay.builder(
                Objects.requireNonNull(places.get(tier), tier).tier(),
                topics,
                Map.of("bootstrap.servers", bootstrap),
                serdes)
            .timeout(Duration.ofSeconds(30))
            .build(),
        store(tier),
        VerifySettings.of(0, null).withRechecks(2, Duration.ofSeconds(1)));
  }

  @Override
  public void close() {
    sinks.forEach(sink -> sink.close(CLOSE));
    topologies.forEach(role -> role.close(CLOSE));
    stores.values().forEach(CqlEventStore::close);
    kafka.close();
  }
}
