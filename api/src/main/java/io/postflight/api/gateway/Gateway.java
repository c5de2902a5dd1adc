package io.postflight.api.gateway;

import com.linecorp.armeria.server.HttpService;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.postflight.api.http.ApiMetric;
import io.postflight.schema.directory.TenantDirectory;

/** The services that receive webhooks and events, over one producer. */
public final class Gateway implements AutoCloseable {
  private final KafkaSender sender;
  private final HttpService webhooks;
  private final HttpService events;

  /** Creates the services. */
  public Gateway(
      GatewaySettings settings,
      TenantDirectory tenants,
      IntakeBackend backend,
      String rawTopic,
      ArrivalClock arrivals,
      MeterRegistry registry) {
    this.sender = new KafkaSender(backend.producer(), rawTopic, settings.kafkaTimeout());
    BufferBudget budget =
        new BufferBudget(settings.maxBuffered(), settings.maxBody(), System::nanoTime);
    ApiMetric.BUFFERED_BYTES.gauge(registry, Tags.empty(), budget::held);
    RawIntake intake = new RawIntake(sender, budget, settings.maxBody(), arrivals);
    RequestUrl url = new RequestUrl(settings.publicUrl(), settings.trustForwarded());
    this.webhooks =
        new WebhookService(
            tenants,
            intake,
            url,
            new WebhookVerifier(settings, backend.sns(), arrivals),
            new SnsSubscriptions(backend.sns(), settings.confirmSubscriptions(), registry),
            registry);
    this.events = new EventsService(tenants, intake, backend.validator());
  }

  /** For {@code /webhooks/{provider}/{tenant}}. */
  public HttpService webhooks() {
    return webhooks;
  }

  /** For {@code /v1/events}. */
  public HttpService events() {
    return events;
  }

  /** Stops sending; does not close the producer. */
  @Override
  public void close() {
    sender.close();
  }
}
