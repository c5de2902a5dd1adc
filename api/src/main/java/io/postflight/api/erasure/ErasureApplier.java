package io.postflight.api.erasure;

import io.postflight.api.http.HoldingTiers;
import io.postflight.api.http.Problem;
import io.postflight.api.http.TenantLimit;
import io.postflight.schema.concurrent.FutureFailures;
import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.log.ThrottledLog;
import io.postflight.store.EventStore;
import io.postflight.store.StoreException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies commands to the tiers of their tenants until all have acknowledged, then appends the
 * completion notice to the ledger. An unavailable tier is retried with exponential backoff and does
 * not delay commands of other tiers: a command that backs off occupies no slot.
 *
 * <p>All state is confined to the scheduler's thread, except the permits and what other threads may
 * read: the pending commands and their acknowledgements.
 */
final class ErasureApplier {
  private static final Logger LOG = LoggerFactory.getLogger(ErasureApplier.class);
  private static final ThrottledLog WARNINGS = new ThrottledLog(LOG);

  /** Far above the timeouts of a store, in case one never responds. */
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofMinutes(5);

  private final HoldingTiers tiers;
  private final TenantDirectory tenants;
  private final ErasureRegistry commands;
  private final CommandLog ledger;
  private final ErasureSettings settings;
  private final ErasureGuard guard;
  private final InstantSource clock;
  private final ScheduledExecutorService scheduler;

  /** Of pending commands; a tenant may have a quarter. */
  private final TenantLimit permits;

  /** Of commands that are applied now; a tenant may have a half. */
  private final TenantLimit slots;

  private final Map<String, Work> pending = new ConcurrentHashMap<>();
  private final Deque<Work> ready = new ArrayDeque<>();

  ErasureApplier(
      HoldingTiers tiers,
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
    this.permits = limit(settings.maxPending(), 4);
    this.slots = limit(settings.concurrency(), 2);
  }

  private static TenantLimit limit(int all, int tenantShare) {
    return new TenantLimit("erasures", all, Math.max(1, all / tenantShare));
  }

  /** A command and its progress. */
  private static final class Work {
    private final Erasure command;
    private final Set<String> doneTiers = ConcurrentHashMap.newKeySet();
    private long rows;
    private int failures;

    Work(Erasure command) {
      this.command = command;
    }
  }

  /**
   * Acquires a permit for one command, to be used by {@link #begin} or {@link #release}.
   *
   * @throws Problem 429 if the tenant has too many pending commands, 503 if all together do
   */
  void reserve(String tenant) {
    permits.acquire(tenant);
  }

  /** Releases an unused permit. */
  void release(String tenant) {
    permits.release(tenant);
  }

  /** Starts a command for which a permit was acquired. */
  void begin(Erasure command) {
    onThread(
        () -> {
          Work work = new Work(command);
          if (pending.putIfAbsent(command.getId(), work) == null) {
            ready.add(work);
            next();
          } else {
            permits.release(command.getTenant());
          }
        });
  }

  /** Starts a command if a permit is available; else it is taken over when one is. */
  void beginIfPermitted(Erasure command) {
    if (permits.tryAcquire(command.getTenant())) {
      begin(command);
    }
  }

  /**
   * Takes over commands that are unfinished for longer than an age, while permits are available.
   */
  void takeOver(Duration age) {
    onThread(
        () -> {
          for (Erasure command : commands.unfinished(age, this::claim)) {
            LOG.info(
                "taking over erasure {} of tenant {}: unfinished for more than {}",
                command.getId(),
                command.getTenant(),
                age);
            Work work = new Work(command);
            pending.put(command.getId(), work);
            ready.add(work);
          }
          next();
        });
  }

  /** Acquires a permit for a command that this instance does not apply yet. */
  private boolean claim(Erasure command) {
    return !pending.containsKey(command.getId())
        && !awaitsRecovery(command)
        && permits.tryAcquire(command.getTenant());
  }

  private void next() {
    List<Work> started = new ArrayList<>();
    ready.removeIf(work -> slots.tryAcquire(work.command.getTenant()) && started.add(work));
    started.forEach(this::attempt);
  }

  private void attempt(Work work) {
    if (finishedElsewhere(work)) {
      slots.release(work.command.getTenant());
      finish(work);
      return;
    }
    List<EventStore> concerned;
    try {
      concerned = tiersOf(work.command);
    } catch (Problem notConfigured) {
      LOG.error(
          "erasure {} of tenant {} is delayed: {}",
          work.command.getId(),
          work.command.getTenant(),
          notConfigured.detail());
      slots.release(work.command.getTenant());
      again(work, () -> ready.add(work));
      return;
    }
    List<CompletableFuture<Boolean>> outcomes = new ArrayList<>(2);
    boolean recovering = false;
    for (EventStore each : concerned) {
      if (isDeferred(work.command, each)) {
        recovering = true;
      } else if (!work.doneTiers.contains(each.tier().name())) {
        outcomes.add(erase(work, each));
      }
    }
    boolean defer = recovering;
    var unused =
        CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new))
            .whenComplete(
                (done, failure) ->
                    onThread(
                        () -> {
                          slots.release(work.command.getTenant());
                          if (outcomes.stream().allMatch(CompletableFuture::join)) {
                            work.failures = 0;
                            if (defer) {
                              defer(work);
                            } else {
                              complete(work);
                            }
                          } else {
                            again(work, () -> ready.add(work));
                          }
                          next();
                        }));
  }

  /** Completes with whether the tier acknowledged; never fails. */
  private CompletableFuture<Boolean> erase(Work work, EventStore each) {
    Erasure command = work.command;
    long micros =
        command.getFields().isEmpty()
            ? ErasureTimes.micros(command)
            : ErasureTimes.provisionalMicros(command);
    CompletableFuture<Boolean> outcome = new CompletableFuture<>();
    CompletableFuture<Long> erased;
    try {
      erased = each.erase(command, micros).thenApply(rows -> rows).toCompletableFuture();
    } catch (RuntimeException failure) {
      erased = CompletableFuture.failedFuture(failure);
    }
    var unused =
        erased
            .orTimeout(ATTEMPT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
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
   * Releases the permit until the recovery ends; then the command is taken over like any unfinished
   * one.
   */
  private void defer(Work work) {
    LOG.info(
        "erasure {} of tenant {} is deferred until a tier's recovery ends",
        work.command.getId(),
        work.command.getTenant());
    finish(work);
  }

  /** An erasure of a user cannot find rows that are still to be loaded from a backup. */
  private boolean isDeferred(Erasure command, EventStore each) {
    return command.getUserId() != null && guard.isRecovering(each.tier().name());
  }

  /** Whether a command cannot complete before the recovery of a tier ends. */
  boolean awaitsRecovery(Erasure command) {
    try {
      return tiersOf(command).stream().anyMatch(each -> isDeferred(command, each));
    } catch (Problem notConfigured) {
      return false;
    }
  }

  /** The tiers that have not acknowledged a command, or defer it, as far as this instance knows. */
  List<String> awaitedTiers(Erasure command) {
    Work work = pending.get(command.getId());
    try {
      return tiersOf(command).stream()
          .filter(
              each ->
                  isDeferred(command, each)
                      || (work != null && !work.doneTiers.contains(each.tier().name())))
          .map(each -> each.tier().name())
          .toList();
    } catch (Problem notConfigured) {
      return List.of();
    }
  }

  /**
   * The notice completes the command: without it the command would be applied, and counted, again.
   */
  private void complete(Work work) {
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
                                "erasure {} of tenant {} completed: {} rows",
                                notice.getId(),
                                notice.getTenant(),
                                work.rows);
                            commands.take(notice);
                            finish(work);
                          } else {
                            LOG.warn(
                                "erasure {} is applied, but Kafka rejected its completion"
                                    + " notice: {}",
                                notice.getId(),
                                failure.toString());
                            again(work, () -> complete(work));
                          }
                        }));
  }

  private void again(Work work, Runnable step) {
    work.failures++;
    long most = settings.maxBackoff().toMillis();
    long pause =
        Math.min(most, settings.initialBackoff().toMillis() << Math.min(work.failures - 1, 20));
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
      LOG.debug("erasure {} is left to another instance", work.command.getId());
    }
  }

  private boolean finishedElsewhere(Work work) {
    return commands.isCompleted(work.command.getId());
  }

  private void finish(Work work) {
    pending.remove(work.command.getId());
    permits.release(work.command.getTenant());
  }

  /** A removed tenant may have had any tier. */
  private List<EventStore> tiersOf(Erasure command) {
    return tenants.current().find(command.getTenant()).map(tiers::of).orElseGet(tiers::all);
  }

  private static void log(Work work, String tier, Throwable failure) {
    Throwable cause = FutureFailures.unwrap(failure);
    if (cause instanceof StoreException known && known.kind() == StoreException.Kind.TRANSIENT) {
      WARNINGS.warn(
          tier,
          "tier {} failed to apply erasure {} (attempt {}): {}",
          tier,
          work.command.getId(),
          work.failures + 1,
          cause.getMessage());
    } else {
      WARNINGS.error(
          tier + " rejected",
          "tier {} rejected erasure {} (attempt {}); retrying",
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
      LOG.debug("the server is stopping; another instance takes over");
    }
  }
}
