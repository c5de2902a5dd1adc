package io.postflight.api.erasure;

import io.postflight.api.http.ProblemException;
import io.postflight.api.tier.HoldingTiers;
import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.log.ThrottledLog;
import io.postflight.store.WriteException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies commands to the tiers of their tenants until all have acknowledged, then writes the
 * notice of completion into the ledger. A tier that is away is tried again, with growing pauses,
 * and holds up no other tier's commands: a command that waits for its next attempt takes no turn.
 *
 * <p>All state but the permits belongs to the one thread of the scheduler.
 */
final class ErasureApplier {
  private static final Logger LOG = LoggerFactory.getLogger(ErasureApplier.class);
  private static final ThrottledLog WARNINGS = new ThrottledLog(LOG);

  /** Far above the time-outs of a store, for one that would never answer. */
  private static final Duration LONGEST_ATTEMPT = Duration.ofMinutes(5);

  private final HoldingTiers<TierEraser> tiers;
  private final TenantDirectory tenants;
  private final ErasureRegistry commands;
  private final CommandLog ledger;
  private final ErasureSettings settings;
  private final ErasureGuard guard;
  private final InstantSource clock;
  private final ScheduledExecutorService scheduler;
  private final Semaphore room;

  private final Set<String> underWay = new HashSet<>();
  private final Deque<Work> ready = new ArrayDeque<>();
  private int running;

  ErasureApplier(
      HoldingTiers<TierEraser> tiers,
      TenantDirectory tenants,
      ErasureRegistry commands,
      CommandLog ledger,
      ErasureSettings settings,
      ErasureGuard guard,
      InstantSource clock,
      ScheduledExecutorService scheduler) {
    this.tiers = tiers;
    this.tenants = tenants;
    this.commands = commands;
    this.ledger = ledger;
    this.settings = settings;
    this.guard = guard;
    this.clock = clock;
    this.scheduler = scheduler;
    this.room = new Semaphore(settings.mostUnderWay());
  }

  /** A command under way, and how far it has come. */
  private static final class Work {
    private final Erasure command;
    private final Set<String> doneTiers = new HashSet<>();
    private long rows;
    private int failures;

    Work(Erasure command) {
      this.command = command;
    }
  }

  /** Takes room for one command, which {@link #begin} or {@link #release} uses up; false: none. */
  boolean reserve() {
    return room.tryAcquire();
  }

  /** Gives room back that was not needed. */
  void release() {
    room.release();
  }

  /** Begins with a command that room was reserved for. */
  void begin(Erasure command) {
    onThread(
        () -> {
          if (underWay.add(command.getId())) {
            ready.add(new Work(command));
            next();
          } else {
            room.release();
          }
        });
  }

  /** Takes up what nobody has finished for long, as far as there is room. */
  void takeOver(Duration age) {
    onThread(
        () -> {
          for (Erasure command :
              commands.unfinished(age, settings.mostUnderWay(), this::waitsForRecovery)) {
            if (underWay.contains(command.getId())) {
              continue;
            }
            if (!room.tryAcquire()) {
              return;
            }
            LOG.info(
                "erasure {} of tenant {} is taken up: nobody has finished it for {}",
                command.getId(),
                command.getTenant(),
                age);
            underWay.add(command.getId());
            ready.add(new Work(command));
          }
          next();
        });
  }

  private void next() {
    while (running < settings.atOnce() && !ready.isEmpty()) {
      Work work = ready.remove();
      running++;
      attempt(work);
    }
  }

  private void attempt(Work work) {
    if (finishedElsewhere(work)) {
      running--;
      finish(work);
      return;
    }
    List<TierEraser> concerned;
    try {
      concerned = tiersOf(work.command);
    } catch (ProblemException notConfigured) {
      LOG.error(
          "erasure {} of tenant {} waits: {}",
          work.command.getId(),
          work.command.getTenant(),
          notConfigured.problem().detail());
      running--;
      again(work, () -> ready.add(work));
      return;
    }
    List<CompletableFuture<Boolean>> outcomes = new ArrayList<>(2);
    boolean waits = false;
    for (TierEraser each : concerned) {
      if (isLeftToRecovery(work.command, each)) {
        waits = true;
      } else if (!work.doneTiers.contains(each.tier().name())) {
        outcomes.add(erase(work, each));
      }
    }
    boolean leave = waits;
    var unused =
        CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new))
            .whenComplete(
                (done, failure) ->
                    onThread(
                        () -> {
                          running--;
                          if (outcomes.stream().allMatch(CompletableFuture::join)) {
                            work.failures = 0;
                            if (leave) {
                              leave(work);
                            } else {
                              tell(work);
                            }
                          } else {
                            again(work, () -> ready.add(work));
                          }
                          next();
                        }));
  }

  /** Completes with whether the tier has acknowledged; never fails. */
  private CompletableFuture<Boolean> erase(Work work, TierEraser each) {
    Erasure command = work.command;
    long micros =
        command.getFields().isEmpty()
            ? ErasureTimes.micros(command)
            : ErasureTimes.provisionalMicros(command);
    CompletableFuture<Boolean> outcome = new CompletableFuture<>();
    CompletableFuture<Long> erased;
    try {
      erased = each.eraser().erase(command, micros).thenApply(rows -> rows).toCompletableFuture();
    } catch (RuntimeException failure) {
      erased = CompletableFuture.failedFuture(failure);
    }
    var unused =
        erased
            .orTimeout(LONGEST_ATTEMPT.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete(
                (rows, failure) ->
                    onThread(
                        () -> {
                          if (failure == null) {
                            work.doneTiers.add(each.tier().name());
                            work.rows += rows;
                          } else {
                            log(work, each.tier().name(), failure);
                          }
                          outcome.complete(failure == null);
                        }));
    return outcome;
  }

  /**
   * Gives up its room until the recovery has ended; then it is taken over as any unfinished one.
   */
  private void leave(Work work) {
    LOG.info(
        "erasure {} of tenant {} waits for the end of a tier's recovery",
        work.command.getId(),
        work.command.getTenant());
    finish(work);
  }

  /** An erasure of a user finds nothing of what is still to be loaded from a backup. */
  private boolean isLeftToRecovery(Erasure command, TierEraser each) {
    return command.getUserId() != null && guard.recovers(each.tier().name());
  }

  /** Whether a command cannot be done before the recovery of a tier has ended. */
  boolean waitsForRecovery(Erasure command) {
    try {
      return tiersOf(command).stream().anyMatch(each -> isLeftToRecovery(command, each));
    } catch (ProblemException notConfigured) {
      return false;
    }
  }

  /** The notice makes it final: what was not told would be done, and counted, once more. */
  private void tell(Work work) {
    if (finishedElsewhere(work)) {
      finish(work);
      return;
    }
    Erasure notice =
        Erasure.newBuilder(work.command).setCompletedAt(clock.millis()).setRows(work.rows).build();
    var unused =
        ledger
            .append(notice)
            .whenComplete(
                (done, failure) ->
                    onThread(
                        () -> {
                          if (failure == null) {
                            LOG.info(
                                "erasure {} of tenant {} is done: {} rows",
                                notice.getId(),
                                notice.getTenant(),
                                work.rows);
                            commands.take(notice);
                            finish(work);
                          } else {
                            LOG.warn(
                                "erasure {} is applied, but Kafka did not take the notice of it: {}",
                                notice.getId(),
                                failure.toString());
                            again(work, () -> tell(work));
                          }
                        }));
  }

  private void again(Work work, Runnable step) {
    work.failures++;
    long most = settings.longestPause().toMillis();
    long pause =
        Math.min(most, settings.firstPause().toMillis() << Math.min(work.failures - 1, 20));
    long jittered = pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1);
    try {
      var unused =
          scheduler.schedule(
              () -> {
                step.run();
                next();
              },
              jittered,
              TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      LOG.debug("erasure {} is left for another instance", work.command.getId());
    }
  }

  private boolean finishedElsewhere(Work work) {
    return commands.find(work.command.getId()).map(Receipt::done).orElse(false);
  }

  private void finish(Work work) {
    underWay.remove(work.command.getId());
    room.release();
  }

  /** A tenant that is gone may have had any tier. */
  private List<TierEraser> tiersOf(Erasure command) {
    return tenants.current().find(command.getTenant()).map(tiers::of).orElseGet(tiers::all);
  }

  private static void log(Work work, String tier, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : failure;
    if (cause instanceof WriteException known && known.kind() == WriteException.Kind.TRANSIENT) {
      WARNINGS.warn(
          tier,
          "tier {} did not take erasure {} (attempt {}): {}",
          tier,
          work.command.getId(),
          work.failures + 1,
          cause.getMessage());
    } else {
      WARNINGS.error(
          tier + " refuses",
          "tier {} refuses erasure {} (attempt {}); it is tried again",
          tier,
          work.command.getId(),
          work.failures + 1,
          cause);
    }
  }

  private void onThread(Runnable step) {
    try {
      scheduler.execute(step);
    } catch (RejectedExecutionException closed) {
      LOG.debug("the server is being stopped; another instance goes on");
    }
  }
}
