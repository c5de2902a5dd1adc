package io.postflight.cli;

import io.postflight.cli.config.DeploymentSettings;
import io.postflight.cli.embedded.Endpoints;
import io.postflight.cli.embedded.RunningStacks;
import io.postflight.cli.output.CommandException;
import io.postflight.cli.output.Surroundings;
import io.postflight.replay.deadletter.Deployment;
import io.postflight.replay.deadletter.MissingTopicException;
import io.postflight.replay.deadletter.RedriveTakenOverException;
import io.postflight.schema.serde.AvroSerdes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Where the dead letters are: with the servers that the settings name, else with a {@code dev} or
 * {@code demo --stay} that runs here.
 */
final class DeadLetterServers {
  private static final String API_TIMEOUT = "default.api.timeout.ms";
  private static final String PATIENCE_MILLIS = "15000";
  private static final String REGISTRY_PATIENCE_MILLIS = "5000";

  private final GlobalOptions global;
  private final Surroundings surroundings;

  DeadLetterServers(GlobalOptions global, Surroundings surroundings) {
    this.global = global;
    this.surroundings = surroundings;
  }

  /** What is done with the dead letters. */
  @FunctionalInterface
  interface Work<T> {
    /** Does it. */
    T on(Deployment deployment) throws InterruptedException;
  }

  /**
   * Does it, and says what goes wrong as a user needs it.
   *
   * @throws CommandException if a topic is missing, a server is away or the work was interrupted
   */
  <T> T run(Work<T> work) {
    Deployment deployment = deployment();
    try {
      return work.on(deployment);
    } catch (InterruptedException | InterruptException e) {
      throw CommandException.interrupted();
    } catch (MissingTopicException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    } catch (RedriveTakenOverException e) {
      throw CommandException.badAnswer(String.valueOf(e.getMessage()));
    } catch (KafkaException e) {
      throw CommandException.unreachable(
          "the servers (Kafka at "
              + deployment.kafka().get("bootstrap.servers")
              + ") do not answer as they should: "
              + e.getMessage(),
          e);
    }
  }

  private Deployment deployment() {
    Optional<Endpoints> running =
        namesKafka()
            ? Optional.empty()
            : new RunningStacks(surroundings.environment(), surroundings.workingDirectory()).find();
    if (running.isEmpty()) {
      DeploymentSettings settings = global.settings(surroundings);
      return deployment(settings, settings.tierNames());
    }
    Endpoints stack = running.get();
    DeploymentSettings settings =
        global
            .developmentSettings(surroundings)
            .on(stack.kafka(), stack.registry(), "127.0.0.1:1", "datacenter1");
    return deployment(settings, stack.cql().keySet());
  }

  private static Deployment deployment(DeploymentSettings settings, Set<String> tiers) {
    Map<String, String> kafka = new HashMap<>(settings.kafka().clientProperties());
    String millis = kafka.computeIfAbsent(API_TIMEOUT, each -> PATIENCE_MILLIS);
    Map<String, String> serdes = new HashMap<>(settings.registry().serdeProperties());
    serdes.put(AvroSerdes.RETRY_MS, REGISTRY_PATIENCE_MILLIS);
    return new Deployment(
        kafka,
        settings.kafka().topics(),
        tiers,
        AvroSerdes.of(serdes),
        Duration.ofMillis(Long.parseLong(millis)));
  }

  /** Whether the user says himself which Kafka he means. */
  private boolean namesKafka() {
    return global.config != null
        || global.assignments.stream().anyMatch(each -> each.startsWith("kafka.bootstrap"))
        || surroundings.environment().keySet().stream()
            .map(name -> name.toUpperCase(Locale.ROOT))
            .anyMatch("POSTFLIGHT_KAFKA_BOOTSTRAP"::equals);
  }
}
