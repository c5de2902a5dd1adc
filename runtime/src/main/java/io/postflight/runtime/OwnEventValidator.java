package io.postflight.runtime;

import io.postflight.api.gateway.EventValidator;
import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.directory.TenantTiers;
import io.postflight.schema.event.MessageEvent;
import io.postflight.store.Tier;
import io.postflight.topology.lifecycle.LifecycleReducer;
import io.postflight.topology.normalize.Normalizer;
import io.postflight.topology.normalize.Outcome;
import io.postflight.topology.normalize.RawWebhook;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Normalizes events of {@code POST /v1/events} as the topology does. */
final class OwnEventValidator implements EventValidator {
  private final Normalizer normalizer = Normalizer.ofAllProviders();
  private final TenantDirectory tenants;
  private final Map<String, Duration> retentions = new HashMap<>();
  private final InstantSource clock;

  OwnEventValidator(TenantDirectory tenants, Collection<Tier> tiers, InstantSource clock) {
    this.tenants = tenants;
    this.clock = clock;
    for (Tier tier : tiers) {
      Duration retention = tier.retention();
      if (retention != null) {
        retentions.put(tier.name(), retention);
      }
    }
  }

  /** Whether an event is accepted, and its id, do not depend on when it arrives. */
  @Override
  public List<Validation> validate(String tenant, byte[] body) {
    long now = clock.millis();
    Duration retention =
        tenants
            .current()
            .find(tenant)
            .map(found -> retentions.get(TenantTiers.tierAt(found, now)))
            .orElse(null);
    long oldest = retention == null ? Long.MIN_VALUE : now - retention.toMillis();
    List<Validation> results = new ArrayList<>();
    RawWebhook raw = RawWebhook.of("events", tenant, now, body);
    for (Outcome outcome : normalizer.normalize(raw)) {
      if (outcome instanceof Outcome.Accepted accepted) {
        MessageEvent event = accepted.event();
        boolean expired = LifecycleReducer.anchorOf(event) <= oldest;
        results.add(new Validation.ValidEvent(event.getEventId(), expired));
      } else if (outcome instanceof Outcome.Rejected rejected) {
        results.add(new Validation.InvalidEvent(rejected.reason(), rejected.detail()));
      }
    }
    return results;
  }
}
