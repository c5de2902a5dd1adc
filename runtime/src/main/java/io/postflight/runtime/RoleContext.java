package io.postflight.runtime;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.settings.DeploymentSettings;
import java.time.Clock;

/**
 * What all roles of one process share.
 *
 * @param settings of the deployment
 * @param serdes of everything in Avro
 * @param tenants read to its captured end
 * @param meters registry of metrics
 * @param clock the wall clock
 */
public record RoleContext(
    DeploymentSettings settings,
    AvroSerdes serdes,
    TenantDirectory tenants,
    PrometheusMeterRegistry meters,
    Clock clock) {

  /** A registry of metrics with those of the JVM. */
  public static PrometheusMeterRegistry metersOfJvm() {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new JvmMemoryMetrics().bindTo(meters);
    new JvmThreadMetrics().bindTo(meters);
    new ProcessorMetrics().bindTo(meters);
    @SuppressWarnings("resource") // is never closed: it is used until the process ends
    JvmGcMetrics collections = new JvmGcMetrics();
    collections.bindTo(meters);
    return meters;
  }
}
