package io.postflight.bench.gateway;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.postflight.api.gateway.KafkaSender;
import io.postflight.bench.role.SteppedRole;
import io.postflight.bench.workload.Deployment;
import io.postflight.schema.topic.RawHeaders;
import io.postflight.settings.DeploymentSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * The ceiling: the same HTTP server and the same producer, and nothing between them. Signatures are
 * not checked, buffers not limited.
 */
final class PlainHandler extends SteppedRole {
  @Override
  protected Running start(Deployment deployment) {
    DeploymentSettings settings = deployment.settings();
    String topic = settings.kafka().topics().rawWebhooks();
    Map<String, Object> config =
        new HashMap<>(KafkaSender.producerConfig(settings.kafka().clientProperties()));
    // The first record awaits the metadata of the topic.
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 2_000L);
    KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(config);
    Server server =
        Server.builder()
            .http(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .service(
                "/webhooks/{provider}/{tenant}",
                (ctx, request) ->
                    HttpResponse.of(
                        request
                            .aggregate()
                            .thenCompose(
                                body ->
                                    produce(producer, record(topic, ctx, body.content().array())))
                            .thenApply(done -> HttpResponse.of(HttpStatus.OK))))
            .build();
    server.start().join();
    return server::activeLocalPort;
  }

  private static ProducerRecord<byte[], byte[]> record(
      String topic, ServiceRequestContext ctx, byte[] body) {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, body);
    add(record, RawHeaders.PROVIDER, String.valueOf(ctx.pathParam("provider")));
    add(record, RawHeaders.TENANT, String.valueOf(ctx.pathParam("tenant")));
    add(record, RawHeaders.TENANTS_VERSION, "0");
    add(record, RawHeaders.RECEIVED_AT, Long.toString(System.currentTimeMillis()));
    add(record, RawHeaders.REQUEST_ID, ctx.id().text());
    return record;
  }

  private static void add(ProducerRecord<byte[], byte[]> record, String name, String value) {
    record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  private static CompletableFuture<RecordMetadata> produce(
      KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
    CompletableFuture<RecordMetadata> acknowledged = new CompletableFuture<>();
    Future<RecordMetadata> unused =
        producer.send(
            record,
            (metadata, failure) -> {
              if (failure == null) {
                acknowledged.complete(metadata);
              } else {
                acknowledged.completeExceptionally(failure);
              }
            });
    return acknowledged;
  }
}
