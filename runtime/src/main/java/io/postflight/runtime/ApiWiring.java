package io.postflight.runtime;

import io.postflight.api.ApiServer;
import io.postflight.api.ApiServices;
import io.postflight.api.ApiSettings;
import io.postflight.api.erasure.ErasureBackend;
import io.postflight.api.erasure.ErasureSettings;
import io.postflight.api.erasure.KafkaCommandLog;
import io.postflight.api.explain.KafkaEventLog;
import io.postflight.api.gateway.EventValidator;
import io.postflight.api.gateway.IntakeBackend;
import io.postflight.api.gateway.KafkaSender;
import io.postflight.api.http.Dependency;
import io.postflight.schema.recovery.Recoveries;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.settings.DeploymentSettings;
import io.postflight.store.EventStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;

/** The role {@code api}: gateway, queries and erasures. */
final class ApiWiring implements AutoCloseable {
  private static final Duration PRODUCER_CLOSE = Duration.ofSeconds(5);

  /** How long an explanation may search the topic of events. */
  private static final Duration EXPLAIN_BUDGET = Duration.ofSeconds(3);

  private final ApiServer server;
  private final KafkaCommandLog ledger;
  private final KafkaEventLog events;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Admin admin;

  private ApiWiring(
      ApiServer server,
      KafkaCommandLog ledger,
      KafkaEventLog events,
      KafkaProducer<byte[], byte[]> producer,
      Admin admin) {
    this.server = server;
    this.ledger = ledger;
    this.events = events;
    this.producer = producer;
    this.admin = admin;
  }

  static ApiWiring start(
      RoleContext context,
      Collection<? extends EventStore> stores,
      Recoveries recoveries,
      List<Dependency> others) {
    Map<String, String> connection = context.settings().kafka().clientProperties();
    KafkaProducer<byte[], byte[]> producer = producer(context.settings(), connection);
    Admin admin = Admin.create(new HashMap<String, Object>(connection));
    KafkaCommandLog ledger = ledger(context, connection, producer);
    KafkaEventLog events =
        new KafkaEventLog(
            connection,
            context.settings().kafka().topics().events(),
            serdes(context.settings()),
            EXPLAIN_BUDGET);
    try {
      List<Dependency> dependencies = new ArrayList<>(others);
      dependencies.add(Dependency.kafka(admin));
      EventValidator validator =
          new OwnEventValidator(
              context.tenants(), stores.stream().map(EventStore::tier).toList(), context.clock());
      ApiServer server =
          ApiServer.start(
              settings(context.settings()),
              new ApiServices(
                  context.tenants(),
                  stores,
                  new IntakeBackend(producer, validator),
                  new ErasureBackend(ledger, recoveries),
                  events,
                  dependencies),
              context.meters(),
              context.clock());
      return new ApiWiring(server, ledger, events, producer, admin);
    } catch (RuntimeException e) {
      events.close();
      ledger.close();
      producer.close(Duration.ZERO);
      admin.close(Duration.ZERO);
      throw e;
    }
  }

  int port() {
    return server.port();
  }

  List<Dependency> dependencies() {
    return server.dependencies();
  }

  @Override
  public void close() {
    server.close();
    events.close();
    ledger.close();
    producer.close(PRODUCER_CLOSE);
    admin.close(Duration.ZERO);
  }

  /** For raw.webhooks, and for the ledger, which has one partition. */
  private static KafkaProducer<byte[], byte[]> producer(
      DeploymentSettings settings, Map<String, String> connection) {
    return new KafkaProducer<>(
        KafkaSender.producerConfig(
            connection,
            settings.gateway().maxBuffered(),
            settings.kafka().sizes().partitions().raw() + 1));
  }

  /** Followed as far back as a sink can lag: the retention of its topic. */
  private static KafkaCommandLog ledger(
      RoleContext context, Map<String, String> connection, KafkaProducer<byte[], byte[]> producer) {
    DeploymentSettings settings = context.settings();
    return new KafkaCommandLog(
        new KafkaCommandLog.LedgerSettings(
            connection,
            settings.kafka().topics().erasures(),
            settings.kafka().sizes().retention().store()),
        producer,
        serdes(settings),
        context.clock());
  }

  private static AvroSerdes serdes(DeploymentSettings settings) {
    Map<String, String> registry = new HashMap<>(settings.registry().serdeProperties());
    registry.put("postflight.registry.retry.ms", "2000");
    return AvroSerdes.of(registry);
  }

  private static ApiSettings settings(DeploymentSettings settings) {
    return ApiSettings.of(settings.http(), settings.gateway(), settings.query())
        .withTopics(settings.kafka().topics())
        .withErasure(
            ErasureSettings.DEFAULTS.withGuardedFor(settings.kafka().sizes().retention().store()));
  }
}
