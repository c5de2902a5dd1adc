package io.postflight.api.erasure;

import com.linecorp.armeria.common.HttpStatus;
import io.postflight.api.http.Problem;
import io.postflight.schema.erasure.Erasure;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Recent commands, finished or not; the {@link ErasureGuard} covers the same ones. A command is
 * dropped only at the age at which every sink has passed it: until then its rows may be written
 * late. So the memory is bounded by rejecting new commands: a tenant may have a quarter of the
 * maximum, and still a hundredth once all tenants together have reached it.
 */
final class ErasureRegistry {
  private static final int TENANT_SHARE = 4;
  private static final int RESERVED_SHARE = 100;

  private final ErasureGuard guard;
  private final int most;
  private final long rememberedMillis;
  private final InstantSource clock;

  /** In first-seen order, which is nearly the ledger's. */
  private final Map<String, RegisteredCommand> entries = new LinkedHashMap<>();

  /** Commands without a notice, with the time of first sight, {@code nanoTime}. */
  private final Map<String, Long> open = new LinkedHashMap<>();

  private final Map<String, Integer> byTenant = new HashMap<>();

  ErasureRegistry(ErasureGuard guard, int most, Duration remembered, InstantSource clock) {
    this.guard = guard;
    this.most = most;
    this.rememberedMillis = remembered.toMillis();
    this.clock = clock;
  }

  /** The latest record of a command: itself or its completion notice. */
  private static final class RegisteredCommand {
    private Erasure latest;
    private @Nullable CompletableFuture<Receipt> awaited;

    RegisteredCommand(Erasure latest) {
      this.latest = latest;
    }
  }

  /**
   * Requires that a tenant may have one more command.
   *
   * @throws Problem 429 if its share is used up, 503 if all have too many
   */
  synchronized void requireCapacity(String tenant) {
    dropExpired();
    int ofTenant = byTenant.getOrDefault(tenant, 0);
    int days = (int) Duration.ofMillis(rememberedMillis).toDays();
    if (ofTenant >= Math.max(1, most / TENANT_SHARE)) {
      throw Problem.of(
          HttpStatus.TOO_MANY_REQUESTS,
          "this tenant has %d erasures of the last %d days; nothing was erased"
              .formatted(ofTenant, days),
          Map.of("retry-after", "3600"));
    }
    if (entries.size() >= most && ofTenant >= Math.max(1, most / RESERVED_SHARE)) {
      throw Problem.unavailable(
          "there are too many erasures of the last %d days; nothing was erased".formatted(days));
    }
  }

  /** Adds a record of the ledger; duplicates are ignored. */
  void take(Erasure record) {
    CompletableFuture<Receipt> finished = take(record, System.nanoTime());
    if (finished != null) {
      finished.complete(Receipt.of(record));
    }
  }

  /** Finds a command. */
  synchronized Optional<Receipt> find(String id) {
    return Optional.ofNullable(entries.get(id)).map(entry -> Receipt.of(entry.latest));
  }

  /**
   * Completes with the receipt once the command is done. Empty if the command is unknown or no
   * longer held.
   */
  synchronized Optional<CompletableFuture<Receipt>> done(String id) {
    RegisteredCommand entry = entries.get(id);
    if (entry == null) {
      return Optional.empty();
    }
    if (entry.latest.getCompletedAt() != null) {
      return Optional.of(CompletableFuture.completedFuture(Receipt.of(entry.latest)));
    }
    if (entry.awaited == null) {
      entry.awaited = new CompletableFuture<>();
    }
    return Optional.of(entry.awaited.copy());
  }

  /**
   * Commands without a notice that are older than an age, oldest first.
   *
   * @param selected called once for each
   */
  synchronized List<Erasure> unfinished(Duration known, Predicate<Erasure> selected) {
    long before = System.nanoTime() - known.toNanos();
    List<Erasure> found = new ArrayList<>();
    for (Map.Entry<String, Long> each : open.entrySet()) {
      RegisteredCommand entry = entries.get(each.getKey());
      if (each.getValue() - before > 0 || entry == null) {
        break;
      }
      if (selected.test(entry.latest)) {
        found.add(entry.latest);
      }
    }
    return found;
  }

  private synchronized @Nullable CompletableFuture<Receipt> take(Erasure record, long nanos) {
    RegisteredCommand known = entries.get(record.getId());
    boolean notice = record.getCompletedAt() != null;
    if (known == null) {
      if (!notice) {
        guard.add(record);
        open.put(record.getId(), nanos);
      }
      entries.put(record.getId(), new RegisteredCommand(record));
      byTenant.merge(record.getTenant(), 1, Integer::sum);
      dropExpired();
      return null;
    }
    // Of two notices the first counts: an instance that took over found fewer rows.
    if (!notice || known.latest.getCompletedAt() != null) {
      return null;
    }
    known.latest = record;
    open.remove(record.getId());
    CompletableFuture<Receipt> awaited = known.awaited;
    known.awaited = null;
    return awaited;
  }

  private void dropExpired() {
    long expired = clock.millis() - rememberedMillis;
    Iterator<RegisteredCommand> oldest = entries.values().iterator();
    while (oldest.hasNext()) {
      Erasure command = oldest.next().latest;
      if (command.getAt() >= expired) {
        return;
      }
      oldest.remove();
      open.remove(command.getId());
      guard.remove(command);
      byTenant.computeIfPresent(command.getTenant(), (tenant, n) -> n == 1 ? null : n - 1);
    }
  }
}
