package io.postflight.api.gateway;

import com.linecorp.armeria.server.HttpService;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.postflight.schema.directory.TenantDirectory;
import java.time.Duration;
import java.time.InstantSource;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/** The services that take webhooks and events in, over one producer. */
public final class Gateway implements AutoCloseable {
  private final RawTopic topic;
  private final HttpService webhooks;
  private final HttpService events;

  /**
   * Puts the gateway together.
   *
   * @param publicUrl what providers have before {@code /webhooks/...}; null: told by the request
   * @param trustForwarded whether forwarded headers may tell it
   * @param kafkaTimeout until a request is answered 503
   */
  public Gateway(
      TenantDirectory tenants,
      Producer<byte[], byte[]> producer,
      String rawTopic,
      @Nullable String publicUrl,
      boolean trustForwarded,
      int maxBodyBytes,
      long maxBufferedBytes,
      Duration kafkaTimeout,
      InstantSource clock,
      MeterRegistry registry) {
    this.topic = new RawTopic(producer, rawTopic, kafkaTimeout);
    BufferBudget budget = new BufferBudget(maxBufferedBytes);
    Gauge.builder("postflight.gateway.buffered.bytes", budget, BufferBudget::held)
        .description("Bytes of webhooks that are read and not yet answered")
        .register(registry);
    RawIntake intake = new RawIntake(topic, budget, maxBodyBytes, clock);
    this.webhooks =
        new WebhookService(
            tenants, intake, new RequestUrl(publicUrl, trustForwarded), registry);
    this.events = new EventsService(tenants, intake);
  }

  /** For {@code /webhooks/{provider}/{tenant}}. */
  public HttpService webhooks() {
    return webhooks;
  }

  /** For {@code /v1/events}. */
  public HttpService events() {
    return events;
  }

  /** Stops sending; the producer stays open. */
  @Override
  public void close() {
    topic.close();
  }
}
