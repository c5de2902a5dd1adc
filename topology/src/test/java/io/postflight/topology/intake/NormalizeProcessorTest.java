package io.postflight.topology.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postflight.schema.directory.FixedTenants;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.tenant.TierPeriod;
import io.postflight.schema.topic.RawHeaders;
import io.postflight.topology.metrics.TopologyMetrics;
import io.postflight.topology.normalize.Normalizer;
import io.postflight.topology.route.TenantResolver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;

class NormalizeProcessorTest {
  private static final long NOW = 1_760_000_000_000L;

  /** Events with and without a time of their own, and an entry that is rejected. */
  private static final String BODY =
      "[{\"messageId\":\"m1\",\"userId\":\"u1\",\"status\":\"SENT\",\"eventTime\":1759999999000},"
          + "{\"messageId\":\"m1\",\"status\":\"in_orbit\"},"
          + "{\"userId\":\"u1\",\"type\":\"product_viewed\"},"
          + "{\"messageId\":\"m2\",\"userId\":\"u2\",\"status\":\"DELIVERED\"}]";

  private final Tenant acme =
      new Tenant(
          "acme",
          List.of(new TierPeriod("30d", 0L)),
          List.of(new ShardVersion(4, 0L)),
          List.of(new ShardVersion(2, 0L)),
          List.of(),
          Map.of());

  /** What the next instance makes of a webhook after a crash. */
  @Test
  void a_webhook_that_is_read_again_gives_the_same_events_and_the_same_dead_letter() {
    List<String> first = outputs();

    assertThat(first).hasSize(4);
    assertThat(outputs()).isEqualTo(first);
  }

  /** The records that a new instance forwards, whole. */
  private List<String> outputs() {
    MockProcessorContext<byte[], byte[]> context = new MockProcessorContext<>();
    context.setRecordMetadata("raw.webhooks", 3, 7);
    NormalizeProcessor processor =
        new NormalizeProcessor(
            Normalizer.ofAllProviders(),
            new TenantResolver(FixedTenants.of(acme), Duration.ZERO),
            Set.of("30d"),
            "events",
            AvroSerdes.mock("read-again").value(MessageEvent.class).serializer(),
            new TopologyMetrics(new SimpleMeterRegistry(), Set.of("events")));
    processor.init(context);
    Headers headers = new RecordHeaders();
    Map.of(
            RawHeaders.PROVIDER, "events",
            RawHeaders.TENANT, "acme",
            RawHeaders.RECEIVED_AT, Long.toString(NOW),
            RawHeaders.TENANTS_VERSION, "1",
            RawHeaders.CONTENT_TYPE, "application/json")
        .forEach((name, value) -> headers.add(name, bytes(value)));
    processor.process(new Record<>(null, bytes(BODY), NOW, headers));
    return context.forwarded().stream().map(NormalizeProcessorTest::text).toList();
  }

  private static String text(
      MockProcessorContext.CapturedForward<? extends byte[], ? extends byte[]> forward) {
    Record<? extends byte[], ? extends byte[]> record = forward.record();
    return "%s %s %s %d %s"
        .formatted(
            forward.childName(),
            Arrays.toString(record.key()),
            Arrays.toString(record.value()),
            record.timestamp(),
            Arrays.stream(record.headers().toArray())
                .map(header -> header.key() + '=' + Arrays.toString(header.value()))
                .sorted()
                .toList());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
