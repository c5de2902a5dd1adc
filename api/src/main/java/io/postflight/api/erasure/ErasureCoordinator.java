package io.postflight.api.erasure;

import com.linecorp.armeria.server.HttpService;
import io.postflight.api.http.Caller;
import io.postflight.api.http.Dependency;
import io.postflight.api.http.Problem;
import io.postflight.api.tier.HoldingTiers;
import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureIds;
import io.postflight.schema.log.ThrottledLog;
import io.postflight.schema.tenant.Tenant;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Privacy commands, from the request to the receipt. A command is durable in the ledger before
 * anything is done; then it is applied here, at once, and by the tiers' sinks again, after all that
 * was written before it. Whoever follows the ledger guards reads against it and finishes what an
 * instance left that died.
 */
public final class ErasureCoordinator implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ErasureCoordinator.class);
  private static final ThrottledLog WARNINGS = new ThrottledLog(LOG);

  private final HoldingTiers<TierEraser> tiers;
  private final CommandLog ledger;
  private final LongSupplier newestReceivedAt;
  private final InstantSource clock;
  private final RandomGenerator random = new SecureRandom();
  private final ErasureGuard guard;
  private final ErasureRegistry commands;
  private final ErasureApplier applier;
  private final ScheduledExecutorService scheduler;

  /** Answers that are held, by the command's id. */
  private final Map<String, CompletableFuture<Void>> held = new ConcurrentHashMap<>();

  private volatile boolean closing;
  private final HttpService messages;
  private final HttpService users;
  private final HttpService receipts;

  /**
   * Puts it together and begins to follow the ledger.
   *
   * @param lifeRetained how long a tier that a tenant has left still gets rows
   * @param newestReceivedAt the newest received_at that was given out here, epoch milliseconds
   */
  public ErasureCoordinator(
      ErasureSettings settings,
      Duration lifeRetained,
      TenantDirectory tenants,
      ErasureBackend erasing,
      LongSupplier newestReceivedAt,
      InstantSource clock) {
    this.ledger = erasing.ledger();
    this.guard = new ErasureGuard(erasing.recoveries());
    this.newestReceivedAt = newestReceivedAt;
    this.clock = clock;
    this.tiers = new HoldingTiers<>(erasing.tiers(), TierEraser::tier, lifeRetained, clock);
    this.scheduler =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "postflight-erasures");
              thread.setDaemon(true);
              return thread;
            });
    this.commands =
        new ErasureRegistry(guard, settings.mostRemembered(), settings.rememberedFor(), clock);
    this.applier =
        new ErasureApplier(tiers, tenants, commands, ledger, settings, guard, clock, scheduler);
    this.messages = new MessageErasureService(tenants, this, settings.answerWithin());
    this.users = new UserErasureService(tenants, this, settings.answerWithin());
    this.receipts = new ReceiptService(tenants, this);
    followLedger(settings.takeOverAfter());
  }

  /** What reads must not show. */
  public ErasureGuard guard() {
    return guard;
  }

  /** For DELETE and PATCH of {@code /v1/messages/{id}} and {@code /v1/message}. */
  public HttpService messages() {
    return messages;
  }

  /** For {@code /v1/users/{user}} and {@code /v1/user}. */
  public HttpService users() {
    return users;
  }

  /** For {@code /v1/erasures/{id}}. */
  public HttpService receipts() {
    return receipts;
  }

  /** Whether the commands of the past are known. */
  public Dependency dependency() {
    return new Dependency(
        "erasures",
        () ->
            guard.loaded()
                ? CompletableFuture.completedFuture(true)
                : CompletableFuture.failedFuture(
                    new IllegalStateException("the ledger is not read yet")));
  }

  /** Ends the answers that are held with what is known, so that a stop need not sit them out. */
  public void stopWaiting() {
    closing = true;
    held.values().forEach(each -> each.complete(null));
  }

  /** Leaves what is not finished to other instances. */
  @Override
  public void close() {
    scheduler.shutdownNow();
  }

  /**
   * Makes a command durable and begins to apply it.
   *
   * @param messageId the message; null: it is about a user
   * @param userId the user; null: it is about a message
   * @param fields of the message, to be redacted; none: everything is erased
   * @return completes once the command is durable, with what completes once it is done; fails with
   *     a problem, and then nothing has been done
   */
  CompletableFuture<Begun> begin(
      Caller caller, @Nullable String messageId, @Nullable String userId, List<String> fields) {
    guard.requireLoaded();
    Tenant tenant = caller.tenant();
    // Asked here for its refusal only: a tier that is not configured would never be done.
    List<TierEraser> concerned = tiers.of(tenant);
    long at = Math.max(clock.millis(), newestReceivedAt.getAsLong());
    Erasure command =
        Erasure.newBuilder()
            .setId(ErasureIds.next(at, random))
            .setTenant(tenant.getId())
            .setMessageId(messageId)
            .setUserId(userId)
            .setFields(fields)
            .setAt(at)
            .setRequestedBy(caller.keyId())
            .build();
    String kind =
        userId != null ? "erase user" : fields.isEmpty() ? "erase message" : "redact message";
    if (!applier.reserve()) {
      throw Problem.unavailable("too many erasures are under way; nothing was done").asException();
    }
    return ledger
        .append(command)
        .handle(
            (durable, failure) -> {
              if (failure != null) {
                applier.release();
                WARNINGS.warn(
                    "append",
                    "erasure {} of tenant {} ({}) by key {} was not taken by Kafka: {}",
                    command.getId(),
                    tenant.getId(),
                    kind,
                    caller.keyId(),
                    failure.toString());
                throw Problem.unavailable("Kafka does not answer; nothing was erased, ask again")
                    .asException();
              }
              LOG.info(
                  "erasure {} of tenant {} ({}) by key {} in {} tiers",
                  command.getId(),
                  tenant.getId(),
                  kind,
                  caller.keyId(),
                  concerned.size());
              commands.take(command);
              CompletableFuture<Receipt> done =
                  commands.done(command.getId()).orElseGet(CompletableFuture::new);
              applier.begin(command);
              return new Begun(command, done);
            });
  }

  /** The receipt once the command is done, or that it is running when time is over. */
  CompletableFuture<Receipt> await(Begun begun, long nanos) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    String id = begun.command().getId();
    held.put(id, end);
    var unused = begun.done().whenComplete((receipt, failure) -> end.complete(null));
    if (closing || applier.waitsForRecovery(begun.command())) {
      end.complete(null);
    }
    return end.completeOnTimeout(null, Math.max(0, nanos), TimeUnit.NANOSECONDS)
        .handle(
            (ended, failure) -> {
              held.remove(id);
              return stated(begun.done().getNow(Receipt.running(begun.command())));
            });
  }

  /** A durable command, and its receipt once it is done. */
  record Begun(Erasure command, CompletableFuture<Receipt> done) {}

  /** What is known of a tenant's command; fails with a problem if there is none of that id. */
  CompletableFuture<Receipt> receipt(Caller caller, String id) {
    String tenant = caller.tenant().getId();
    return commands
        .find(id)
        .map(CompletableFuture::completedFuture)
        .orElseGet(() -> lookUp(id))
        .thenApply(
            found -> {
              if (!found.command().getTenant().equals(tenant)) {
                throw noSuch();
              }
              return stated(found);
            });
  }

  private Receipt stated(Receipt receipt) {
    return !receipt.done() && applier.waitsForRecovery(receipt.command())
        ? receipt.asWaiting()
        : receipt;
  }

  private CompletableFuture<Receipt> lookUp(String id) {
    if (ErasureIds.timeOf(id).isEmpty()) {
      throw noSuch();
    }
    return ledger
        .find(id)
        .handle(
            (entries, failure) -> {
              if (failure != null) {
                WARNINGS.warn("find", "an erasure was not found in time: {}", failure.toString());
                throw Problem.unavailable("the ledger of erasures does not answer in time")
                    .asException();
              }
              if (entries.isEmpty()) {
                throw noSuch();
              }
              return Receipt.of(entries.get(entries.size() - 1));
            });
  }

  private static RuntimeException noSuch() {
    return Problem.notFound("there is no erasure of this id").asException();
  }

  private void followLedger(Duration takeOverAfter) {
    // Instances that start together must not all take up the same at once.
    Duration age = takeOverAfter.plusMillis(random.nextLong(takeOverAfter.toMillis() / 2 + 1));
    long period = Math.max(10, takeOverAfter.toMillis() / 4);
    var unused =
        scheduler.scheduleWithFixedDelay(
            () -> applier.takeOver(age), period, period, TimeUnit.MILLISECONDS);
    var unusedToo =
        ledger
            .follow(commands::take)
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
