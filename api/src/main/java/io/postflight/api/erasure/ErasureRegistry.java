package io.postflight.api.erasure;

import com.linecorp.armeria.common.HttpStatus;
import io.postflight.api.http.Problem;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureScopes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Recent commands, finished or not; the {@link ErasureGuard} covers the same ones. A command is
 * dropped only at the age at which every sink has passed it: until then its rows may be written
 * late. (One that extends an old command to an id that was linked later is dropped once completed;
 * until then the old command is held too, or the notice that it is extended.) So the memory is
 * bounded by rejecting new commands: a tenant may have a quarter of the maximum, and still a
 * hundredth once all tenants together have reached it. Commands that extend another one to further
 * ids of its person are counted, but never rejected.
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

  /** Commands without a completion notice, with the time of first sight, {@code nanoTime}. */
  private final Map<String, Long> open = new LinkedHashMap<>();

  private final Map<String, Integer> byTenant = new HashMap<>();

  ErasureRegistry(ErasureGuard guard, int most, Duration remembered, InstantSource clock) {
    this.guard = guard;
    this.most = most;
    this.rememberedMillis = remembered.toMillis();
    this.clock = clock;
  }

  /** A command, or the notice that was read first, and what is known about it. */
  private static final class RegisteredCommand {
    private final Erasure first;
    private @Nullable Erasure completion;
    private @Nullable Erasure extension;

    /** Ids of the commands that extend it. */
    private final Set<String> derived = new LinkedHashSet<>();

    private boolean acceptedHere;
    private @Nullable CompletableFuture<Receipt> awaited;

    RegisteredCommand(Erasure first) {
      this.first = first;
    }

    /** Whether only an extension notice is known: the command is older than what is held. */
    private boolean isPartial() {
      return completion == null && !ErasureScopes.isCommand(first);
    }

    /** As records of the ledger. */
    private Stream<Erasure> records() {
      return Stream.of(first, completion, extension).filter(Objects::nonNull).distinct();
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

  /**
   * Adds a record of the ledger; duplicates are ignored.
   *
   * @return whether it is a command that extends one that this instance accepted, and was unknown
   */
  boolean take(Erasure record) {
    Map<CompletableFuture<Receipt>, Receipt> finished = new HashMap<>();
    boolean added;
    synchronized (this) {
      RegisteredCommand root = entries.get(record.getRoot());
      added = add(record, root) && root != null && root.acceptedHere;
      for (RegisteredCommand each : Arrays.asList(entries.get(record.getId()), root)) {
        if (each != null && each.awaited != null && receipt(each).done()) {
          finished.put(each.awaited, receipt(each));
          each.awaited = null;
        }
      }
      dropExpired();
    }
    finished.forEach(CompletableFuture::complete);
    return added;
  }

  /** Notes that this instance accepted a command: it applies those that extend it, too. */
  synchronized void setAcceptedHere(String id) {
    RegisteredCommand entry = entries.get(id);
    if (entry != null) {
      entry.acceptedHere = true;
    }
  }

  /**
   * Finds a command. Empty if the command is unknown or no longer held; of one that is no longer
   * held it is known that it is running as long as a command that extends it is.
   */
  synchronized Optional<Receipt> find(String id) {
    RegisteredCommand entry = entries.get(id);
    return entry == null || (entry.isPartial() && !isExtensionOpen(entry))
        ? Optional.empty()
        : Optional.of(receipt(entry));
  }

  /** Whether a command that extends this one is not completed. */
  private boolean isExtensionOpen(RegisteredCommand entry) {
    return entry.derived.stream().anyMatch(open::containsKey);
  }

  private Receipt receipt(RegisteredCommand entry) {
    String id = entry.first.getId();
    List<Erasure> records =
        Stream.concat(
                entry.records(),
                entry.derived.stream()
                    .map(entries::get)
                    .filter(Objects::nonNull)
                    .flatMap(RegisteredCommand::records))
            .toList();
    return Receipt.of(id, records).orElseThrow();
  }

  /** Whether a command has a completion notice, regardless of those that extend it. */
  synchronized boolean isCompleted(String id) {
    RegisteredCommand entry = entries.get(id);
    return entry != null && entry.completion != null;
  }

  /**
   * Completes with the receipt once the command is done. Empty if the command is unknown or no
   * longer held.
   */
  synchronized Optional<CompletableFuture<Receipt>> done(String id) {
    RegisteredCommand entry = entries.get(id);
    if (entry == null || entry.isPartial()) {
      return Optional.empty();
    }
    Receipt receipt = receipt(entry);
    if (receipt.done()) {
      return Optional.of(CompletableFuture.completedFuture(receipt));
    }
    if (entry.awaited == null) {
      entry.awaited = new CompletableFuture<>();
    }
    return Optional.of(entry.awaited.copy());
  }

  /**
   * Commands without a completion notice that are older than an age, oldest first.
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
      if (selected.test(entry.first)) {
        found.add(entry.first);
      }
    }
    return found;
  }

  /** Adds a record; returns whether it is a command that was unknown. */
  private boolean add(Erasure record, @Nullable RegisteredCommand root) {
    RegisteredCommand known = entries.get(record.getId());
    RegisteredCommand entry = known == null ? new RegisteredCommand(record) : known;
    if (known == null) {
      entries.put(record.getId(), entry);
      byTenant.merge(record.getTenant(), 1, Integer::sum);
      if (ErasureScopes.isCommand(record)) {
        guard.add(record);
        open.put(record.getId(), System.nanoTime());
      }
    }
    if (record.getCompletedAt() != null && entry.completion == null) {
      entry.completion = record;
      open.remove(record.getId());
    }
    if (record.getDerived() != null) {
      entry.extension = record;
      entry.derived.addAll(record.getDerived());
    }
    if (root != null) {
      root.derived.add(record.getId());
    }
    return known == null && ErasureScopes.isCommand(record);
  }

  private void dropExpired() {
    long expired = clock.millis() - rememberedMillis;
    Iterator<RegisteredCommand> oldest = entries.values().iterator();
    while (oldest.hasNext()) {
      RegisteredCommand entry = oldest.next();
      Erasure command = entry.first;
      if (command.getAt() >= expired) {
        return;
      }
      if (command.getRoot() != null && entry.completion == null) {
        continue; // It has the time of its root, which may be long ago, and is still to be applied.
      }
      if (isExtensionOpen(entry)) {
        continue; // So that it is running.
      }
      oldest.remove();
      open.remove(command.getId());
      guard.remove(command);
      byTenant.computeIfPresent(command.getTenant(), (tenant, n) -> n == 1 ? null : n - 1);
    }
  }
}
