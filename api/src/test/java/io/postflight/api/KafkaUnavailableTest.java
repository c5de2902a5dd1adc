package io.postflight.api;

import static io.postflight.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.api.gateway.GatewaySettings;
import io.postflight.api.gateway.KafkaSender;
import io.postflight.api.http.Dependency;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.devstack.kafka.EmbeddedKafka;
import io.postflight.schema.topic.Topics;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A webhook is answered 200 only if Kafka has it, and always within a bounded time. */
final class KafkaUnavailableTest {
  private static final byte[] BODY = "{\"userId\":\"u\"}".getBytes(StandardCharsets.UTF_8);
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  /** Requests that do not fit into the producer's memory together. */
  private static final int MANY = 200;

  /** Where no request can succeed. */
  private static final Duration SHORT_TIMEOUT = Duration.ofSeconds(1);

  @Test
  void an_unavailable_kafka_is_503_within_seconds_for_all_requests() throws IOException {
    int unusedPort;
    try (ServerSocket free = new ServerSocket(0)) {
      unusedPort = free.getLocalPort();
    }
    try (KafkaProducer<byte[], byte[]> producer = producer("127.0.0.1:" + unusedPort);
        TestApi api = api(producer, List.of(), 1 << 20, SHORT_TIMEOUT)) {
      long start = System.nanoTime();
      List<CompletableFuture<HttpResponse<String>>> answers =
          IntStream.range(0, 50).mapToObj(i -> api.sendAsync(event(api))).toList();

      assertThat(answers)
          .allSatisfy(
              answer -> {
                assertThat(answer.join().statusCode()).isEqualTo(503);
                assertThat(answer.join().headers().firstValue("retry-after")).isPresent();
              });
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
      assertThat(api.get("/health/live").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void buffered_bytes_stay_within_the_budget() throws IOException {
    int unusedPort;
    try (ServerSocket free = new ServerSocket(0)) {
      unusedPort = free.getLocalPort();
    }
    try (KafkaProducer<byte[], byte[]> producer = producer("127.0.0.1:" + unusedPort);
        TestApi api = api(producer, List.of(), 8192, SHORT_TIMEOUT)) {
      List<CompletableFuture<HttpResponse<String>>> answers =
          IntStream.range(0, 20).mapToObj(i -> api.sendAsync(event(api))).toList();

      assertThat(answers)
          .extracting(answer -> json(answer.join()).get("detail").asText())
          .anyMatch(detail -> detail.contains("too many bytes"))
          .anyMatch(detail -> detail.contains("send it again"));
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(api.get("/metrics", TestApi.OPERATOR_KEY).body())
                      .contains("postflight_gateway_buffered_bytes 0.0"));
    }
  }

  @Test
  void an_outage_of_kafka_is_503_until_it_is_available_again() {
    Path directory = SharedServers.newDirectory("kafka-restarted");
    EmbeddedKafka kafka = EmbeddedKafka.start(directory);
    kafka.createTopics(new NewTopic("raw.webhooks", 1, (short) 1));
    int port = Integer.parseInt(kafka.bootstrapServers().split(":")[1]);
    try (KafkaProducer<byte[], byte[]> producer = producer(kafka.bootstrapServers());
        Admin admin = kafka.admin();
        TestApi api = api(producer, List.of(Dependency.kafka(admin)), 1 << 20, TIMEOUT)) {
      assertThat(api.send(event(api)).statusCode()).isEqualTo(202);

      kafka.close();
      HttpResponse<String> refused = api.send(event(api));
      HttpResponse<String> ready = api.get("/health/ready");
      HttpResponse<String> status = api.get("/health/status", TestApi.OPERATOR_KEY);
      kafka = EmbeddedKafka.start(directory, port);

      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("retry-after")).isPresent();
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(json(status).at("/dependencies/kafka/ready").asBoolean()).isFalse();
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> api.send(event(api)).statusCode() == 202);
    } finally {
      kafka.close();
    }
  }

  @Test
  void a_producer_without_memory_does_not_block_other_requests() {
    EmbeddedKafka kafka = EmbeddedKafka.start(SharedServers.newDirectory("kafka-full"));
    kafka.createTopics(new NewTopic("raw.webhooks", 1, (short) 1));
    Map<String, Object> config =
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "buffer.memory", "140000");
    try (KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(KafkaSender.producerConfig(config));
        TestApi api = api(producer, List.of(), 4 << 20, TIMEOUT)) {
      assertThat(api.send(event(api)).statusCode()).isEqualTo(202);

      kafka.close();
      List<CompletableFuture<HttpResponse<String>>> answers =
          IntStream.range(0, MANY).mapToObj(i -> api.sendAsync(large(api))).toList();
      Awaitility.await().atMost(TIMEOUT).until(() -> active(api) > MANY / 2);
      CompletableFuture<HttpResponse<String>> live = api.sendAsync(api.request("/health/live"));

      assertThat(live).succeedsWithin(Duration.ofSeconds(1)).returns(200, HttpResponse::statusCode);
      assertThat(answers).as("they still wait for Kafka").noneMatch(CompletableFuture::isDone);
      assertThat(answers).allMatch(answer -> answer.join().statusCode() == 503);
    } finally {
      kafka.close();
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(String servers) {
    return new KafkaProducer<>(KafkaSender.producerConfig(Map.of("bootstrap.servers", servers)));
  }

  private static TestApi api(
      KafkaProducer<byte[], byte[]> producer,
      List<Dependency> dependencies,
      long budget,
      Duration timeout) {
    return TestApi.writing(
        producer,
        dependencies,
        settings ->
            settings
                .withTopics(Topics.UNPREFIXED)
                .withGateway(
                    GatewaySettings.DEFAULTS.withSizes(4096, budget).withKafkaTimeout(timeout)));
  }

  private static double active(TestApi api) {
    return api.registry
        .get("postflight.http.active.requests")
        .tag("service", "events")
        .gauge()
        .value();
  }

  private static HttpRequest.Builder large(TestApi api) {
    String userId =
        Stream.generate(() -> UUID.randomUUID().toString()).limit(80).collect(Collectors.joining());
    return api.request("/v1/events")
        .header("Authorization", "Bearer " + TestApi.ACME_KEY)
        .POST(HttpRequest.BodyPublishers.ofString("{\"userId\":\"" + userId + "\"}"));
  }

  private static HttpRequest.Builder event(TestApi api) {
    return api.request("/v1/events")
        .header("Authorization", "Bearer " + TestApi.ACME_KEY)
        .POST(HttpRequest.BodyPublishers.ofByteArray(BODY));
  }
}
