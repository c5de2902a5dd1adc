package io.postflight.operations.replay;

import com.datastax.oss.driver.api.core.DriverException;
import io.postflight.operations.OperationException;
import io.postflight.operations.OperationsSettings;
import io.postflight.operations.Progress;
import io.postflight.operations.StorageTier;
import io.postflight.operations.admin.ServerFaults;
import io.postflight.operations.admin.TenantAdmin;
import io.postflight.replay.Drill;
import io.postflight.replay.DrillReport;
import io.postflight.replay.RecoveryReport;
import io.postflight.replay.RecoveryScan;
import io.postflight.replay.ReplayException;
import io.postflight.replay.ReplayStore;
import io.postflight.replay.Restore;
import io.postflight.replay.RestoreProgress;
import io.postflight.replay.RestoreReport;
import io.postflight.replay.RestoreSettings;
import io.postflight.replay.RunningRestores;
import io.postflight.replay.ScanProgress;
import io.postflight.replay.ScanSettings;
import io.postflight.replay.TierReplay;
import io.postflight.replay.Verify;
import io.postflight.replay.VerifyListener;
import io.postflight.replay.VerifySettings;
import io.postflight.schema.directory.TenantRules;
import io.postflight.schema.directory.TenantTiers;
import io.postflight.schema.recovery.RecoveryPhase;
import io.postflight.store.StoreException;
import io.postflight.store.cql.CqlEventStore;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of disaster recovery that work on a tier of a deployment. Each throws an {@link
 * OperationException} if a server that is needed is unavailable, if the request is refused, or if
 * its thread is interrupted.
 */
public final class TierJobs {
  private final OperationsSettings settings;
  private final TenantRules rules;
  private final RecoveryTopic recoveries;

  /**
   * For a deployment.
   *
   * @param rules that the deployment's tenants satisfy
   */
  public TierJobs(OperationsSettings settings, TenantRules rules) {
    this.settings = settings;
    this.rules = rules;
    this.recoveries = new RecoveryTopic(settings.kafka());
  }

  /** Receives the progress of a restore. */
  public interface RestoreListener {
    /** All servers are available; from now on the restore can be resumed. */
    void started();

    /** How far it is. */
    void at(RestoreProgress progress);
  }

  /** Tables and topics of a tier, opened for one job. */
  private record OpenTier(CqlEventStore store, TierReplay topics) {}

  private interface OpenTierJob<T> {
    T on(OpenTier tier) throws InterruptedException;
  }

  /**
   * Compares a tier's tables with its topic.
   *
   * @param repair writes again what is different; refused while the tier is in recovery, since it
   *     applies erasures
   */
  public TierVerifyReport verify(
      String tier, VerifySettings wanted, boolean repair, VerifyListener listener) {
    StorageTier storage = settings.requireTier(tier);
    if (repair && recoveries.phases().containsKey(tier)) {
      throw OperationException.parameter(
          "repair",
          ("applies erasures, and tier %s is in recovery: 'postflight tiers recovery"
                  + " finish --tier %s' first")
              .formatted(tier, tier));
    }
    return with(
        storage,
        wanted.tenant(),
        open ->
            TierVerifyReport.of(
                tier,
                repair
                    ? Verify.repair(open.topics(), ReplayStore.of(open.store()), wanted, listener)
                    : Verify.run(open.topics(), open.store(), wanted, listener)));
  }

  /**
   * Writes a tier's tables again from its topic. In a tier in recovery erasures are left out: the
   * scan at its end applies them, and needs what leads to other rows. So it is refused once that
   * scan has begun, and fails if it begins meanwhile.
   */
  public TierRestoreReport restore(String tier, RestoreSettings wanted, RestoreListener listener) {
    StorageTier storage = settings.requireTier(tier);
    RecoveryPhase phase = recoveries.phases().get(tier);
    if (phase == RecoveryPhase.ERASING) {
      throw OperationException.usage(
          ("the recovery of tier %s is being finished; 'postflight tiers recovery start --tier %s'"
                  + " first, and finish it again afterwards")
              .formatted(tier, tier));
    }
    RestoreSettings.ReplayRange range = wanted.range();
    return with(
        storage,
        range == null ? null : range.tenant(),
        open -> {
          listener.started();
          RestoreReport report =
              Restore.run(
                  open.topics(),
                  ReplayStore.of(open.store()).deferringErasures(recoveries.recovering(tier)),
                  wanted,
                  listener::at);
          if (phase != null && recoveries.phases().get(tier) != phase) {
            throw OperationException.negative(
                ("the recovery of tier %s was finished while this restore was running, so rows of"
                        + " erased users may have been written; repeat 'postflight tiers recovery"
                        + " start --tier %s' and 'finish --tier %s'")
                    .formatted(tier, tier, tier));
          }
          return TierRestoreReport.of(tier, report);
        });
  }

  /**
   * Ends the recovery of a tier: reads all its rows and erases what the ledger covers.
   *
   * @param rate rows read a second at most; 0: no limit
   */
  public TierRecoveryReport finishRecovery(
      String tier, LongSupplier rate, Consumer<ScanProgress> progress) {
    StorageTier storage = settings.requireTier(tier);
    if (!recoveries.phases().containsKey(tier)) {
      throw OperationException.parameter(
          "tier",
          "%s is not in recovery; 'postflight tiers recovery start --tier %s' starts one"
              .formatted(tier, tier));
    }
    return with(
        storage,
        null,
        open -> {
          List<String> running = RunningRestores.of(open.topics());
          if (!running.isEmpty()) {
            throw OperationException.usage(
                "tier %s is being restored (%s); finish its recovery when that is done"
                    .formatted(tier, String.join(", ", running)));
          }
          // From here on sinks apply erasures again: those that they skipped are in the ledger.
          recoveries.write(tier, RecoveryPhase.ERASING);
          RecoveryReport report =
              RecoveryScan.run(
                  open.topics(), ReplayStore.of(open.store()), ScanSettings.of(rate), progress);
          if (recoveries.phases().get(tier) != RecoveryPhase.ERASING) {
            throw OperationException.usage(
                "the recovery of tier %s was started again during the scan; finish it again"
                    .formatted(tier));
          }
          recoveries.write(tier, null);
          return TierRecoveryReport.of(tier, report);
        });
  }

  /**
   * Exercises a restore of a tier on scratch topics and a scratch keyspace, which are removed
   * afterwards.
   *
   * @param messages number of message lifecycles
   */
  public DrillReport drill(String tier, int messages, Progress progress) {
    StorageTier storage = settings.requireTier(tier);
    String suffix = "_drill_" + UUID.randomUUID().toString().substring(0, 8);
    return mapped(
        storage,
        () -> {
          try (DrillTopics topics = DrillTopics.create(settings, storage, suffix);
              DrillKeyspace keyspace = DrillKeyspace.of(storage, suffix)) {
            return Drill.run(topics.replay(), keyspace, messages, observer(progress));
          }
        });
  }

  private static Drill.Observer observer(Progress progress) {
    return new Drill.Observer() {
      @Override
      public void step(String what) {
        progress.step(what);
      }

      @Override
      public void at(String what, long done, long total, String unit) {
        progress.at(what, done, total, unit);
      }
    };
  }

  /** An unknown tenant must not be reported as an empty result. */
  private <T> T with(StorageTier tier, @Nullable String tenant, OpenTierJob<T> job) {
    return mapped(
        tier,
        () -> {
          try (TenantAdmin tenants = TenantAdmin.open(settings, rules)) {
            if (tenant != null) {
              tenants.requireNamed(tenant);
            }
            try (CqlEventStore store = ReplayWiring.store(tier, TenantShards.of(tenants::find))) {
              return job.on(new OpenTier(store, topics(tier, tenants)));
            }
          }
        });
  }

  private TierReplay topics(StorageTier tier, TenantAdmin tenants) {
    return ReplayWiring.replay(settings, tier).toBuilder()
        .identity(
            new TierReplay.IdentitySource(
                settings.kafka().topics().identity(),
                id ->
                    tenants
                        .find(id)
                        .filter(tenant -> TenantTiers.has(tenant, tier.name()))
                        .isPresent()))
        .build();
  }

  static String cluster(StorageTier tier) {
    return "the cluster of tier %s at %s".formatted(tier.name(), tier.cluster().contactPoints());
  }

  /** A job on a tier. */
  interface TierJob<T> {
    /** Runs it. */
    T run() throws InterruptedException;
  }

  /** Runs a job; a failure of a server becomes an {@link OperationException}. */
  static <T> T mapped(StorageTier tier, TierJob<T> job) {
    try {
      return job.run();
    } catch (ReplayException failure) {
      String message = String.valueOf(failure.getMessage());
      throw failure.reason() == ReplayException.Reason.UNAVAILABLE
          ? OperationException.unreachable(message, failure)
          : OperationException.usage(message);
    } catch (KafkaException failure) {
      throw ServerFaults.of("Kafka", failure);
    } catch (DriverException | StoreException | CompletionException failure) {
      throw ServerFaults.of(cluster(tier), failure);
    } catch (InterruptedException interrupted) {
      throw OperationException.interrupted();
    }
  }
}
