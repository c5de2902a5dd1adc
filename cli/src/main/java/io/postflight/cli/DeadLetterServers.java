package io.postflight.cli;

import io.postflight.cli.output.Surroundings;
import io.postflight.operations.OperationException;
import io.postflight.operations.admin.TenantAdmin;
import io.postflight.replay.deadletter.DeadLetterContext;
import io.postflight.replay.deadletter.RedriveTakenOverException;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.topic.MissingTopicException;
import io.postflight.settings.DeploymentSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/** Where the dead letters are, and what going wrong there means for a command. */
final class DeadLetterServers {
  private static final String API_TIMEOUT = "default.api.timeout.ms";
  private static final String REQUEST_TIMEOUT = "request.timeout.ms";
  private static final String PATIENCE_MILLIS = "15000";
  private static final String REGISTRY_PATIENCE_MILLIS = "5000";

  private final ConfiguredServers servers;
  private final GlobalOptions global;
  private final Surroundings surroundings;
  private @Nullable DeploymentSettings settings;

  DeadLetterServers(ConfiguredServers servers, GlobalOptions global, Surroundings surroundings) {
    this.servers = servers;
    this.global = global;
    this.surroundings = surroundings;
  }

  /** What is done with the dead letters. */
  @FunctionalInterface
  interface Work<T> {
    /** Does it. */
    T on(DeadLetterContext deployment) throws InterruptedException;
  }

  /**
   * Does it, and says what goes wrong as a user needs it.
   *
   * @throws OperationException if a topic is missing, a server is away or the work was interrupted
   */
  <T> T run(Work<T> work) {
    DeadLetterContext deployment = deployment();
    try {
      return work.on(deployment);
    } catch (InterruptedException | InterruptException e) {
      throw OperationException.interrupted();
    } catch (MissingTopicException e) {
      throw OperationException.usage(String.valueOf(e.getMessage()));
    } catch (RedriveTakenOverException e) {
      throw OperationException.negative(String.valueOf(e.getMessage()));
    } catch (KafkaException e) {
      throw OperationException.unreachable(
          "the servers (Kafka at "
              + deployment.kafka().get("bootstrap.servers")
              + ") failed: "
              + e.getMessage(),
          e);
    }
  }

  /**
   * Called when no dead letter is of the tenant and provider that were named: a name that does not
   * exist would make an empty answer look like a good one. A dead letter's tenant need not exist.
   *
   * @throws OperationException if one of them does not exist
   */
  void requireKnown(@Nullable String tenant, @Nullable String provider) {
    if (provider != null) {
      WebhookSecrets.requireProvider(provider);
    }
    if (tenant != null && settings != null) {
      try (TenantAdmin tenants =
          TenantAdmin.open(settings.operations(), servers.tenantRules(settings))) {
        tenants.requireNamed(tenant);
      }
    }
  }

  private DeadLetterContext deployment() {
    DeploymentSettings chosen = servers.settings(global, surroundings);
    settings = chosen;
    Map<String, String> kafka = new HashMap<>(chosen.kafka().clientProperties());
    String millis = kafka.computeIfAbsent(API_TIMEOUT, each -> PATIENCE_MILLIS);
    // Kafka wants a whole call to take no less than one request of it.
    kafka.putIfAbsent(REQUEST_TIMEOUT, millis);
    Map<String, String> serdes = new HashMap<>(chosen.registry().serdeProperties());
    serdes.put(AvroSerdes.RETRY_MS, REGISTRY_PATIENCE_MILLIS);
    return new DeadLetterContext(
        kafka,
        chosen.kafka().topics(),
        chosen.tierNames(),
        AvroSerdes.of(serdes),
        Duration.ofMillis(Long.parseLong(millis)));
  }
}
