package io.postflight.faults;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.postflight.api.ApiServer;
import io.postflight.api.ApiServices;
import io.postflight.api.ApiSettings;
import io.postflight.api.erasure.ErasureBackend;
import io.postflight.api.erasure.KafkaCommandLog;
import io.postflight.api.explain.EventLog;
import io.postflight.api.gateway.IntakeBackend;
import io.postflight.api.gateway.KafkaSender;
import io.postflight.api.query.CursorSecret;
import io.postflight.operations.client.DeploymentClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;

/** An API server over all tiers of a deployment. */
final class FaultApi implements AutoCloseable {
  private final Producer<byte[], byte[]> producer;
  private final KafkaCommandLog ledger;
  private final ApiServer server;

  private FaultApi(FaultDeployment deployment) {
    Map<String, Object> kafka = Map.of("bootstrap.servers", deployment.bootstrap());
    producer = new KafkaProducer<>(KafkaSender.producerConfig(kafka));
    ledger =
        new KafkaCommandLog(
            new KafkaCommandLog.LedgerSettings(
                kafka, deployment.topics().erasures(), Duration.ofDays(1)),
            producer,
            deployment.serdes(),
            Clock.systemUTC());
    server =
        ApiServer.start(
            ApiSettings.of("127.0.0.1", 0, CursorSecret.of("a secret for cursors in tests"))
                .withTopics(deployment.topics()),
            new ApiServices(
                deployment.tenants(),
                deployment.places().stream()
                    .map(place -> deployment.store(place.tier().name()))
                    .toList(),
                new IntakeBackend(producer, (tenant, body) -> List.of()),
                new ErasureBackend(ledger),
                (tenant, message, since) ->
                    CompletableFuture.completedFuture(new EventLog.Deliveries(List.of(), false)),
                List.of()),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            Clock.systemUTC());
  }

  static FaultApi start(FaultDeployment deployment) {
    return new FaultApi(deployment);
  }

  DeploymentClient client() {
    return new DeploymentClient("http://127.0.0.1:" + server.port());
  }

  @Override
  public void close() {
    server.close();
    ledger.close();
    producer.close();
  }
}
