package io.postflight.api;

import io.postflight.api.erasure.ErasureBackend;
import io.postflight.api.explain.EventLog;
import io.postflight.api.gateway.IntakeBackend;
import io.postflight.api.http.Dependency;
import io.postflight.schema.directory.TenantDirectory;
import io.postflight.store.EventStore;
import java.util.Collection;
import java.util.List;

/**
 * What a server uses; closed by the caller, after the server.
 *
 * @param tenants the tenants
 * @param stores the store of each tier
 * @param intake what receives webhooks and events
 * @param erasing what erasure commands need besides the stores
 * @param events of messages, for explanations
 * @param dependencies dependencies in {@code /health/status} besides the tiers' stores and the
 *     tenants, such as {@link Dependency#kafka}
 */
public record ApiServices(
    TenantDirectory tenants,
    Collection<? extends EventStore> stores,
    IntakeBackend intake,
    ErasureBackend erasing,
    EventLog events,
    List<Dependency> dependencies) {
  /** Copies the lists. */
  public ApiServices {
    stores = List.copyOf(stores);
    dependencies = List.copyOf(dependencies);
  }
}
