package io.postflight.operations.deadletter;

import io.postflight.operations.KafkaSettings;
import io.postflight.operations.OperationException;
import io.postflight.operations.OperationsSettings;
import io.postflight.operations.admin.SecretNames;
import io.postflight.operations.admin.ServerFaults;
import io.postflight.operations.admin.TenantAdmin;
import io.postflight.replay.deadletter.DeadLetterContext;
import io.postflight.replay.deadletter.DeadLetterFilter;
import io.postflight.replay.deadletter.DeadLetterId;
import io.postflight.replay.deadletter.DeadLetterTopic;
import io.postflight.replay.deadletter.DeadLetterTopic.ListedDeadLetter;
import io.postflight.replay.deadletter.Redrive;
import io.postflight.replay.deadletter.RedriveListener;
import io.postflight.replay.deadletter.RedriveReport;
import io.postflight.replay.deadletter.RedriveSettings;
import io.postflight.replay.deadletter.RedriveTakenOverException;
import io.postflight.schema.directory.TenantRules;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters of a deployment. All methods throw an {@link OperationException} if a topic is
 * missing, a server is unavailable or the thread is interrupted.
 */
public final class DeadLetters {
  private final OperationsSettings settings;
  private final TenantRules rules;

  /**
   * Of a deployment.
   *
   * @param rules that its tenants satisfy
   */
  public DeadLetters(OperationsSettings settings, TenantRules rules) {
    this.settings = settings;
    this.rules = rules;
  }

  /**
   * A range of time.
   *
   * @param from dead letters written before this are left out, epoch milliseconds
   * @param to dead letters written from this on are left out, epoch milliseconds
   */
  public record TimeRange(long from, long to) {}

  /**
   * Passes on all dead letters that match, oldest first.
   *
   * @param read receives the number of dead letters read so far
   */
  public void list(
      DeadLetterFilter filter,
      TimeRange range,
      LongConsumer read,
      Consumer<ListedDeadLetter> each) {
    on(
        context -> {
          new DeadLetterTopic(context).read(filter, range.from(), range.to(), read, each);
          return range;
        });
  }

  /** The dead letter of an id. */
  public ListedDeadLetter require(DeadLetterId id) {
    return on(context -> new DeadLetterTopic(context).find(id))
        .orElseThrow(() -> OperationException.negative("there is no dead letter " + id));
  }

  /** Redrives dead letters to their source topics. */
  public RedriveReport redrive(
      RedriveSettings wanted, InstantSource clock, RedriveListener listener) {
    return on(context -> new Redrive(context, wanted, clock, listener).run());
  }

  /**
   * Called if no dead letter matches, so that an unknown tenant or provider is not reported as an
   * empty result. The tenant of a dead letter need not exist.
   */
  public void requireKnown(@Nullable String tenant, @Nullable String provider) {
    if (provider != null) {
      SecretNames.requireProvider(provider);
    }
    if (tenant != null) {
      try (TenantAdmin tenants = TenantAdmin.open(settings, rules)) {
        tenants.requireNamed(tenant);
      }
    }
  }

  private interface DeadLetterJob<T> {
    T on(DeadLetterContext context) throws InterruptedException;
  }

  /** A job that can be interrupted. */
  interface InterruptibleJob<T> {
    /** Runs it. */
    T run() throws InterruptedException;
  }

  private <T> T on(DeadLetterJob<T> job) {
    DeadLetterContext context = context();
    return mapped(context.kafka().get("bootstrap.servers"), () -> job.on(context));
  }

  /** Runs a job; a failure of a server becomes an {@link OperationException}. */
  static <T> T mapped(@Nullable String bootstrap, InterruptibleJob<T> job) {
    try {
      return job.run();
    } catch (RedriveTakenOverException e) {
      throw OperationException.negative(String.valueOf(e.getMessage()));
    } catch (InterruptedException | KafkaException e) {
      throw ServerFaults.of("dead letters of Kafka at " + bootstrap, e);
    }
  }

  private DeadLetterContext context() {
    Map<String, String> kafka = settings.kafka().readerProperties();
    return new DeadLetterContext(
        kafka,
        settings.kafka().topics(),
        settings.tierNames(),
        settings.registry().serdesOfCommand(),
        KafkaSettings.timeout(kafka));
  }
}
