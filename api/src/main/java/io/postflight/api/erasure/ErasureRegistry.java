package io.postflight.api.erasure;

import io.postflight.schema.erasure.Erasure;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recent commands, finished or not, in bounded memory; the {@link ErasureGuard} covers the same
 * ones.
 */
final class ErasureRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(ErasureRegistry.class);
  private static final long BETWEEN_LOG_LINES_NANOS = 60_000_000_000L;

  private final ErasureGuard guard;
  private final int most;
  private final long rememberedMillis;
  private final InstantSource clock;

  /** In first-seen order, which is nearly the ledger's. */
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** Commands without a notice, with the time of first sight, {@code nanoTime}. */
  private final Map<String, Long> open = new LinkedHashMap<>();

  private long dropped;
  private long droppedUnfinished;
  private long lastLogged = System.nanoTime() - BETWEEN_LOG_LINES_NANOS;

  ErasureRegistry(ErasureGuard guard, int most, Duration remembered, InstantSource clock) {
    this.guard = guard;
    this.most = most;
    this.rememberedMillis = remembered.toMillis();
    this.clock = clock;
  }

  /** The latest record of a command: itself or its completion notice. */
  private static final class Entry {
    private Erasure latest;
    private @Nullable CompletableFuture<Receipt> awaited;

    Entry(Erasure latest) {
      this.latest = latest;
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
    Entry entry = entries.get(id);
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
   * @param excluded selects commands to skip
   */
  synchronized List<Erasure> unfinished(Duration known, int atMost, Predicate<Erasure> excluded) {
    long before = System.nanoTime() - known.toNanos();
    List<Erasure> found = new ArrayList<>();
    for (Map.Entry<String, Long> each : open.entrySet()) {
      Entry entry = entries.get(each.getKey());
      if (found.size() == atMost || each.getValue() - before > 0 || entry == null) {
        break;
      }
      if (!excluded.test(entry.latest)) {
        found.add(entry.latest);
      }
    }
    return found;
  }

  private synchronized @Nullable CompletableFuture<Receipt> take(Erasure record, long nanos) {
    Entry known = entries.get(record.getId());
    boolean notice = record.getCompletedAt() != null;
    if (known == null) {
      if (!notice) {
        guard.add(record);
        open.put(record.getId(), nanos);
      }
      entries.put(record.getId(), new Entry(record));
      dropOldest();
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

  private void dropOldest() {
    long expired = clock.millis() - rememberedMillis;
    Iterator<Entry> oldest = entries.values().iterator();
    while (oldest.hasNext()) {
      Erasure command = oldest.next().latest;
      boolean tooMany = entries.size() > most;
      if (!tooMany && command.getAt() >= expired) {
        return;
      }
      oldest.remove();
      guard.remove(command);
      boolean unfinished = open.remove(command.getId()) != null;
      if (tooMany) {
        dropped++;
        droppedUnfinished += unfinished ? 1 : 0;
        logDropped();
      }
    }
  }

  private void logDropped() {
    long now = System.nanoTime();
    if (now - lastLogged >= BETWEEN_LOG_LINES_NANOS) {
      lastLogged = now;
      LOG.warn(
          "more than {} erasures within {} days: reads are no longer guarded against the {}"
              + " oldest, {} of them unfinished here; the sinks still apply them",
          most,
          rememberedMillis / 86_400_000,
          dropped,
          droppedUnfinished);
    }
  }
}
