package io.postflight.operations.normalize;

import io.postflight.operations.KafkaSettings;
import io.postflight.operations.OperationsSettings;
import io.postflight.replay.deadletter.EventsAgeLimit;
import io.postflight.schema.directory.TenantTiers;
import io.postflight.schema.tenant.Tenant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;

/**
 * What is compared. The same for a webhook and its events, since it depends only on the tenant and
 * the time of arrival.
 */
final class ReplayScope {
  private final NormalizeReplayRequest request;
  private final Set<String> tiers;
  private final Function<String, Optional<Tenant>> tenants;
  private final EventsAgeLimit age;
  private final long now;

  /** The tenants as they were when they were first looked up: they may change meanwhile. */
  private final Map<String, Optional<Tenant>> known = new HashMap<>();

  private ReplayScope(
      NormalizeReplayRequest request,
      Set<String> tiers,
      Function<String, Optional<Tenant>> tenants,
      EventsAgeLimit age,
      long now) {
    this.request = request;
    this.tiers = tiers;
    this.tenants = tenants;
    this.age = age;
    this.now = now;
  }

  static ReplayScope of(
      NormalizeReplayRequest request,
      OperationsSettings settings,
      Function<String, Optional<Tenant>> tenants,
      Admin admin,
      long now)
      throws InterruptedException {
    KafkaSettings kafka = settings.kafka();
    EventsAgeLimit age =
        EventsAgeLimit.of(
            admin, kafka.topics().events(), KafkaSettings.timeout(kafka.readerProperties()));
    return new ReplayScope(request, settings.tierNames(), tenants, age, now);
  }

  NormalizeReplayRequest request() {
    return request;
  }

  /** Whether the normalizer accepts webhooks of a tenant. */
  boolean accepts(String tenant, long receivedAt) {
    return known
        .computeIfAbsent(tenant, tenants)
        .filter(found -> tiers.contains(TenantTiers.tierAt(found, receivedAt)))
        .isPresent();
  }

  /** Whether an event that arrived then is certainly retained, if it was appended. */
  boolean isRetained(long receivedAt) {
    return age.tooOld(receivedAt, now) == null;
  }
}
