package io.postflight.cli.wiring;

import io.postflight.api.ApiServer;
import io.postflight.api.ApiSettings;
import io.postflight.api.gateway.RawProducerConfig;
import io.postflight.api.http.Dependency;
import io.postflight.api.query.TierReader;
import io.postflight.cli.config.DeploymentSettings;
import io.postflight.store.EventStore;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;

/** The role {@code api}: webhooks in, queries out. */
final class ApiWiring implements AutoCloseable {
  private static final Duration PRODUCER_CLOSE = Duration.ofSeconds(5);

  private final ApiServer server;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Admin admin;

  private ApiWiring(ApiServer server, KafkaProducer<byte[], byte[]> producer, Admin admin) {
    this.server = server;
    this.producer = producer;
    this.admin = admin;
  }

  static ApiWiring start(
      RoleContext context, Collection<? extends EventStore> stores, List<Dependency> others) {
    Map<String, String> connection = context.settings().kafka().clientProperties();
    KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(RawProducerConfig.of(connection));
    Admin admin = Admin.create(new HashMap<String, Object>(connection));
    try {
      List<Dependency> dependencies = new java.util.ArrayList<>(others);
      dependencies.add(Dependency.kafka(admin));
      ApiServer server =
          ApiServer.start(
              settings(context.settings()),
              context.tenants(),
              stores.stream().map(TierReader::of).toList(),
              producer,
              dependencies,
              context.meters(),
              context.clock());
      return new ApiWiring(server, producer, admin);
    } catch (RuntimeException e) {
      producer.close(Duration.ZERO);
      admin.close(Duration.ZERO);
      throw e;
    }
  }

  int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.close();
    producer.close(PRODUCER_CLOSE);
    admin.close(Duration.ZERO);
  }

  private static ApiSettings settings(DeploymentSettings settings) {
    return new ApiSettings(
        settings.http().host(),
        settings.http().port(),
        settings.kafka().topics(),
        settings.gateway(),
        settings.query(),
        settings.http().limits());
  }
}
