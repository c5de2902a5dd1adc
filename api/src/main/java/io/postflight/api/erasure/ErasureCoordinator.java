package io.postflight.api.erasure;

import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.util.ThreadFactories;
import io.postflight.api.http.Caller;
import io.postflight.api.http.Dependency;
import io.postflight.api.http.HoldingTiers;
import io.postflight.api.http.Problem;
import io.postflight.api.http.TenantLimit;
import io.postflight.schema.concurrent.FutureFailures;
import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureIds;
import io.postflight.schema.identity.AliasGroup;
import io.postflight.schema.identity.DerivedErasures;
import io.postflight.schema.log.ThrottledLog;
import io.postflight.schema.tenant.Tenant;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Erasure commands, from request to receipt. A command is durable in the ledger before it is
 * applied: by this instance at once, and again by the tiers' sinks after all earlier writes. Every
 * instance follows the ledger, guards reads against its commands and takes over those of failed
 * instances.
 */
public final class ErasureCoordinator implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ErasureCoordinator.class);
  private static final ThrottledLog WARNINGS = new ThrottledLog(LOG);

  private final HoldingTiers tiers;
  private final CommandLog ledger;
  private final LongSupplier newestReceivedAt;
  private final InstantSource clock;
  private final RandomGenerator random = new SecureRandom();
  private final ErasureGuard guard;
  private final ErasureRegistry commands;
  private final ErasureApplier applier;
  private final ScheduledExecutorService scheduler;

  /** Held responses, by command id. */
  private final Map<String, CompletableFuture<Void>> held = new ConcurrentHashMap<>();

  /** Lookups in the ledger, by command id. */
  private final Map<String, CompletableFuture<List<Erasure>>> lookUps = new ConcurrentHashMap<>();

  /** A lookup may take seconds, so a tenant has one at a time. */
  private final TenantLimit lookUpLimit = new TenantLimit("lookups of erasures", 16, 1);

  private volatile boolean closing;

  /**
   * Starts following the ledger.
   *
   * @param newestReceivedAt the newest received_at assigned by this instance, epoch milliseconds
   */
  public ErasureCoordinator(
      ErasureSettings settings,
      HoldingTiers tiers,
      TenantDirectory tenants,
      ErasureBackend erasing,
      LongSupplier newestReceivedAt,
      InstantSource clock) {
    this.ledger = erasing.ledger();
    this.guard = new ErasureGuard(erasing.recoveries());
    this.newestReceivedAt = newestReceivedAt;
    this.clock = clock;
    this.tiers = tiers;
    this.scheduler =
        Executors.newSingleThreadScheduledExecutor(
            ThreadFactories.newThreadFactory("postflight-erasures", true));
    this.commands = new ErasureRegistry(guard, settings.maxGuarded(), settings.guardedFor(), clock);
    this.applier =
        new ErasureApplier(tiers, tenants, commands, ledger, settings, guard, clock, scheduler);
    followLedger(settings.takeOverAfter());
  }

  /** What reads must hide. */
  public ErasureGuard guard() {
    return guard;
  }

  /** Whether the ledger has been read. */
  public Dependency dependency() {
    return new Dependency(
        "erasures",
        () ->
            guard.loaded()
                ? CompletableFuture.completedFuture(true)
                : CompletableFuture.failedFuture(
                    new IllegalStateException("the ledger has not been read yet")));
  }

  /** Completes held responses with the current state, so that shutdown does not wait for them. */
  public void stopWaiting() {
    closing = true;
    held.values().forEach(each -> each.complete(null));
  }

  /** Leaves unfinished commands to other instances. */
  @Override
  public void close() {
    scheduler.shutdownNow();
  }

  /**
   * Stores a command to erase a person durably, with those that extend it to the person's other
   * ids, and starts applying them.
   *
   * @param userId one of the person's ids
   * @return completes once the commands are durable; fails with a problem if nothing was done
   */
  CompletableFuture<StartedCommand> eraseUser(Caller caller, String userId, PersonLookup persons) {
    Erasure command = reserved(caller, Erasure.newBuilder().setUserId(userId));
    Tenant tenant = caller.tenant();
    CompletableFuture<PersonLookup.Person> found;
    try {
      found = persons.find(tenant, userId, command.getAt());
    } catch (RuntimeException failure) {
      found = CompletableFuture.failedFuture(failure);
    }
    return found
        .exceptionally(
            failure -> {
              applier.release(tenant.getId());
              throw unreadable(command, failure);
            })
        .thenCompose(
            person -> {
              AliasGroup group = person.group();
              Erasure root =
                  Erasure.newBuilder(command)
                      .setScope(DerivedErasures.scope(group.members().get(0), command.getAt()))
                      .setUsedAt(person.usedAt())
                      .build();
              return begin(root, "erase user").thenCompose(started -> extended(started, group));
            });
  }

  private static RuntimeException unreadable(Erasure command, Throwable failure) {
    Throwable cause = FutureFailures.unwrap(failure);
    if (cause instanceof Problem problem
        && !problem.status().equals(HttpStatus.SERVICE_UNAVAILABLE)) {
      return problem;
    }
    WARNINGS.warn(
        "ids",
        "the ids of a user of tenant {} cannot be read: {}",
        command.getTenant(),
        cause.toString());
    return Problem.unavailable(
        "the ids of this user cannot be read; nothing was erased, retry later");
  }

  /**
   * Appends the commands that extend a user's. If Kafka rejects one, the topology appends it, as it
   * does for ids that are linked later.
   */
  private CompletableFuture<StartedCommand> extended(StartedCommand started, AliasGroup group) {
    List<CompletableFuture<Void>> appended = new ArrayList<>();
    for (Erasure derived : DerivedErasures.of(started.command(), group)) {
      appended.add(
          ledger
              .append(derived)
              .handle(
                  (durable, failure) -> {
                    if (failure == null) {
                      take(derived);
                    } else {
                      WARNINGS.warn(
                          "extend",
                          "Kafka rejected erasure {}, which extends {}: {}",
                          derived.getId(),
                          derived.getRoot(),
                          failure.toString());
                    }
                    return null;
                  }));
    }
    return CompletableFuture.allOf(appended.toArray(CompletableFuture[]::new))
        .thenApply(done -> started(started.command()));
  }

  /** A record of the ledger. What extends a command of this instance is applied by it. */
  private void take(Erasure record) {
    if (commands.take(record)) {
      applier.beginIfPermitted(record);
    }
  }

  /** The same for a message. */
  CompletableFuture<StartedCommand> eraseMessage(Caller caller, String messageId) {
    return begin(reserved(caller, Erasure.newBuilder().setMessageId(messageId)), "erase message");
  }

  /** The same for fields of a message. */
  CompletableFuture<StartedCommand> redactMessage(
      Caller caller, String messageId, List<String> fields) {
    return begin(
        reserved(caller, Erasure.newBuilder().setMessageId(messageId).setFields(fields)),
        "redact message");
  }

  /** A command for which there is capacity, and a permit. */
  private Erasure reserved(Caller caller, Erasure.Builder target) {
    guard.requireLoaded();
    Tenant tenant = caller.tenant();
    // Fails if a tier is not configured, since the command could never complete.
    var unused = tiers.of(tenant);
    long at = Math.max(clock.millis(), newestReceivedAt.getAsLong());
    Erasure command =
        target
            .setId(ErasureIds.next(at, random))
            .setTenant(tenant.getId())
            .setAt(at)
            .setRequestedBy(caller.keyId())
            .build();
    commands.requireCapacity(tenant.getId());
    applier.reserve(tenant.getId());
    return command;
  }

  private CompletableFuture<StartedCommand> begin(Erasure command, String kind) {
    return ledger
        .append(command)
        .handle(
            (durable, failure) -> {
              if (failure != null) {
                applier.release(command.getTenant());
                WARNINGS.warn(
                    "append",
                    "Kafka rejected erasure {} of tenant {} ({}) by key {}: {}",
                    command.getId(),
                    command.getTenant(),
                    kind,
                    command.getRequestedBy(),
                    failure.toString());
                throw Problem.unavailable("Kafka is unavailable; nothing was erased, retry later");
              }
              LOG.info(
                  "erasure {} of tenant {} ({}) by key {}",
                  command.getId(),
                  command.getTenant(),
                  kind,
                  command.getRequestedBy());
              commands.take(command);
              commands.setAcceptedHere(command.getId());
              applier.begin(command);
              return started(command);
            });
  }

  private StartedCommand started(Erasure command) {
    return new StartedCommand(
        command, commands.done(command.getId()).orElseGet(CompletableFuture::new));
  }

  /** The receipt once the command is done, or its state at the timeout. */
  CompletableFuture<Receipt> await(StartedCommand started, long nanos) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    String id = started.command().getId();
    held.put(id, end);
    var unused = started.done().whenComplete((receipt, failure) -> end.complete(null));
    if (closing || applier.awaitsRecovery(started.command())) {
      end.complete(null);
    }
    return end.completeOnTimeout(null, Math.max(0, nanos), TimeUnit.NANOSECONDS)
        .handle(
            (ended, failure) -> {
              held.remove(id);
              return withState(
                  commands.find(id).orElseGet(() -> Receipt.running(started.command())));
            });
  }

  /** A durable command, and its receipt once completed. */
  record StartedCommand(Erasure command, CompletableFuture<Receipt> done) {}

  /** Finds a tenant's command; fails with a problem if there is none. */
  CompletableFuture<Receipt> receipt(Caller caller, String id) {
    String tenant = caller.tenant().getId();
    return commands
        .find(id)
        .map(CompletableFuture::completedFuture)
        .orElseGet(() -> lookUp(tenant, id))
        .thenApply(
            found -> {
              if (!found.command().getTenant().equals(tenant)) {
                throw noSuch();
              }
              return withState(found);
            });
  }

  private Receipt withState(Receipt receipt) {
    return receipt.done()
        ? receipt
        : receipt.awaiting(
            receipt.open().stream()
                .flatMap(each -> applier.awaitedTiers(each).stream())
                .distinct()
                .toList(),
            receipt.open().stream().anyMatch(applier::awaitsRecovery));
  }

  private CompletableFuture<Receipt> lookUp(String tenant, String id) {
    if (ErasureIds.timeOf(id).isEmpty()) {
      throw noSuch();
    }
    return entries(tenant, id)
        .handle(
            (entries, failure) -> {
              if (failure != null) {
                WARNINGS.warn("find", "the lookup of an erasure timed out: {}", failure.toString());
                throw Problem.unavailable("the erasure ledger did not respond in time");
              }
              return Receipt.of(id, entries).orElseThrow(ErasureCoordinator::noSuch);
            });
  }

  /** Searches the ledger; equal lookups are one search. */
  private synchronized CompletableFuture<List<Erasure>> entries(String tenant, String id) {
    CompletableFuture<List<Erasure>> inProgress = lookUps.get(id);
    if (inProgress != null) {
      return inProgress;
    }
    lookUpLimit.acquire(tenant);
    CompletableFuture<List<Erasure>> started = ledger.find(id);
    lookUps.put(id, started);
    var unused =
        started.whenComplete(
            (entries, failure) -> {
              lookUps.remove(id);
              lookUpLimit.release(tenant);
            });
    return started;
  }

  private static RuntimeException noSuch() {
    return Problem.notFound("there is no erasure with this id");
  }

  private void followLedger(Duration takeOverAfter) {
    // Jitter: instances that start together must not take over the same commands.
    Duration age = takeOverAfter.plusMillis(random.nextLong(takeOverAfter.toMillis() / 2 + 1));
    long period = Math.max(10, takeOverAfter.toMillis() / 4);
    var unused =
        scheduler.scheduleWithFixedDelay(
            () -> applier.takeOver(age), period, period, TimeUnit.MILLISECONDS);
    var unusedLoad =
        ledger
            .follow(this::take)
            .whenComplete(
                (loaded, failure) -> {
                  if (failure == null) {
                    guard.setLoaded();
                  } else {
                    LOG.warn(
                        "the ledger of erasures was not read to its end: {}", failure.getMessage());
                  }
                });
  }
}
