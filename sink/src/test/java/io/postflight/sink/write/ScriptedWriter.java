package io.postflight.sink.write;

import io.postflight.schema.erasure.Erasure;
import io.postflight.store.EventEraser;
import io.postflight.store.EventWriter;
import io.postflight.store.Row;
import io.postflight.store.StoreException;
import io.postflight.store.StoreException.Kind;
import io.postflight.store.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A database that the test controls, and that acknowledges on its own threads. */
public final class ScriptedWriter implements EventWriter, EventEraser, AutoCloseable {
  /** Rows that were acknowledged. */
  public final Set<Row> stored = ConcurrentHashMap.newKeySet();

  /** Attempts to apply a command, in order. */
  public final Queue<Erasure> erasures = new ConcurrentLinkedQueue<>();

  public final AtomicInteger statements = new AtomicInteger();
  public final AtomicInteger rows = new AtomicInteger();
  public final AtomicInteger probes = new AtomicInteger();

  private final ScheduledExecutorService driver = Executors.newScheduledThreadPool(2);
  private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
  private volatile boolean unavailable;
  private volatile boolean holding;
  private volatile boolean stalled;
  private volatile Consumer<Erasure> onErase = command -> {};
  private volatile double transientRate;
  private volatile int latencyMillis;
  private volatile Predicate<Row> invalid = row -> false;
  private volatile @Nullable String fatal;
  private volatile @Nullable String fatalProbe;

  /** Makes every write and probe fail as if the database were unavailable. */
  public void unavailable(boolean itIs) {
    unavailable = itIs;
  }

  /** Delays responses to writes until {@link #release}. */
  public void hold() {
    holding = true;
  }

  public void release() {
    holding = false;
    for (Runnable next = held.poll(); next != null; next = held.poll()) {
      next.run();
    }
  }

  /** Makes this share of all writes fail, some of them after they were applied. */
  public void failing(double rate) {
    transientRate = rate;
  }

  /** Writes take a random time up to this maximum. */
  public void latency(int millis) {
    latencyMillis = millis;
  }

  void reject(Predicate<Row> rowsOf) {
    invalid = rowsOf;
  }

  void fatal(@Nullable String message) {
    fatal = message;
  }

  void fatalProbe(String message) {
    fatalProbe = message;
  }

  /** Called when a command begins to be applied. */
  public void onErase(Consumer<Erasure> listener) {
    onErase = listener;
  }

  /** Commands that begin while this is on never complete. */
  public void stall(boolean on) {
    stalled = on;
  }

  @Override
  public CompletionStage<WriteResult> write(List<Row> samePartition) {
    CompletableFuture<WriteResult> answer = new CompletableFuture<>();
    List<Row> copy = new ArrayList<>(samePartition);
    if (copy.stream().map(Row::partition).distinct().count() != 1) {
      throw new IllegalArgumentException("rows of several partitions: " + copy);
    }
    statements.incrementAndGet();
    rows.addAndGet(copy.size());
    Runnable work = () -> answer(copy, answer);
    if (holding) {
      held.add(work);
    } else if (latencyMillis == 0) {
      work.run();
    } else {
      later(ThreadLocalRandom.current().nextInt(latencyMillis), work);
    }
    return answer;
  }

  private void answer(List<Row> copy, CompletableFuture<WriteResult> answer) {
    String dead = fatal;
    if (dead != null) {
      answer.completeExceptionally(new StoreException(Kind.FATAL, dead));
    } else if (unavailable) {
      answer.completeExceptionally(new StoreException(Kind.TRANSIENT, "unavailable"));
    } else if (ThreadLocalRandom.current().nextDouble() < transientRate) {
      answer.completeExceptionally(new StoreException(Kind.TRANSIENT, "timed out"));
    } else if (copy.stream().anyMatch(invalid)) {
      answer.completeExceptionally(new StoreException(Kind.INVALID, "rejected"));
    } else {
      stored.addAll(copy);
      answer.complete(new WriteResult(copy.size(), 0));
    }
  }

  @Override
  public CompletionStage<Long> erase(Erasure command, long timestampMicros) {
    CompletableFuture<Long> answer = new CompletableFuture<>();
    erasures.add(command);
    onErase.accept(command);
    if (stalled) {
      return answer;
    }
    if (unavailable || ThreadLocalRandom.current().nextDouble() < transientRate) {
      answer.completeExceptionally(new StoreException(Kind.TRANSIENT, "unavailable"));
    } else {
      later(latencyMillis, () -> answer.complete(1L));
    }
    return answer;
  }

  @Override
  public CompletionStage<Void> probe() {
    probes.incrementAndGet();
    CompletableFuture<Void> answer = new CompletableFuture<>();
    String dead = fatalProbe;
    if (dead != null) {
      answer.completeExceptionally(new StoreException(Kind.FATAL, dead));
    } else if (unavailable) {
      answer.completeExceptionally(new StoreException(Kind.TRANSIENT, "unavailable"));
    } else {
      answer.complete(null);
    }
    return answer;
  }

  private void later(int millis, Runnable work) {
    var unused = driver.schedule(work, millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    driver.shutdownNow();
  }
}
