package io.postflight.api.query;

import com.linecorp.armeria.server.HttpService;
import io.micrometer.core.instrument.MeterRegistry;
import io.postflight.api.erasure.ErasureGuard;
import io.postflight.api.http.HoldingTiers;
import io.postflight.schema.directory.TenantDirectory;
import java.time.InstantSource;

/** The services that answer queries. */
public final class Queries implements AutoCloseable {
  private final MessageWait waiting;
  private final HttpService message;
  private final HttpService listing;
  private final HttpService timeline;
  private final HttpService last;
  private final HttpService tenant;

  /**
   * Creates the services.
   *
   * @param guard determines what must be hidden
   */
  public Queries(
      QuerySettings settings,
      TenantDirectory tenants,
      HoldingTiers tiers,
      ErasureGuard guard,
      InstantSource clock,
      MeterRegistry registry) {
    MergedReads reads =
        new MergedReads(new TierReads(tiers, new SingleFlight(registry), guard), guard);
    this.waiting = new MessageWait(settings.maxWaits(), settings.maxWaitsPerTenant());
    Cursors cursors = new Cursors(settings.cursorSecret());
    this.message = new MessageService(tenants, reads, waiting, settings.maxWait());
    this.listing = new ListingService(tenants, reads, cursors, settings.budget(), clock);
    this.timeline = new TimelineService(tenants, reads, cursors, settings.budget(), clock);
    this.last = new LastService(tenants, reads, settings.budget());
    this.tenant = new TenantService(tenants);
  }

  /** For {@code /v1/messages/{id}} and {@code /v1/message}. */
  public HttpService message() {
    return message;
  }

  /** For {@code /v1/messages}. */
  public HttpService listing() {
    return listing;
  }

  /** For {@code /v1/users/{user}/timeline} and {@code /v1/user/timeline}. */
  public HttpService timeline() {
    return timeline;
  }

  /** For {@code /v1/users/{user}/last} and {@code /v1/user/last}. */
  public HttpService last() {
    return last;
  }

  /** For {@code /v1/tenant}. */
  public HttpService tenant() {
    return tenant;
  }

  /** Ends held responses. */
  @Override
  public void close() {
    waiting.close();
  }
}
