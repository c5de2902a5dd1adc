package io.postflight.replay;

import io.postflight.schema.erasure.Erasure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Commands that only the tier topic has, applied while other records are read and written.
 *
 * <p>A command finds what it has to erase in the tables, so all rows that were computed without
 * knowing it must be written before. Those computed later are computed without what it covers, so
 * they need not wait. Each record belongs to the epoch in which it began; a command ends the epoch
 * of all records that may not know it, and is applied once these and all earlier ones are written.
 *
 * <p>Thread-safe. A bounded number of commands waits; {@link #add} blocks while there are more.
 */
final class DerivedCommands {
  private static final int MOST = 1_000;
  private static final int TOGETHER = 100;

  private final ErasureReplay erasing;

  /** Oldest first; the last one is the current one. */
  private final Deque<Epoch> epochs = new ArrayDeque<>(List.of(new Epoch()));

  private int waiting;

  /** Records, and the commands that are applied once they and all earlier records are written. */
  private static final class Epoch {
    private int records;
    private final List<DerivedCommand> commands = new ArrayList<>();
  }

  private record DerivedCommand(Erasure erasure, Runnable done) {}

  DerivedCommands(ErasureReplay erasing) {
    this.erasing = erasing;
  }

  /**
   * Begins a record. Called before its rows are computed.
   *
   * @return to be called once, when its rows are written
   */
  synchronized Runnable begin() {
    if (!epochs.getLast().commands.isEmpty()) {
      epochs.add(new Epoch());
    }
    Epoch epoch = epochs.getLast();
    epoch.records++;
    return () -> end(epoch);
  }

  private synchronized void end(Epoch epoch) {
    epoch.records--;
    if (epoch.records == 0 && waiting > 0) {
      notifyAll();
    }
  }

  /**
   * Adds a command. Called once records that begin from now on know it.
   *
   * @param done called once it is applied
   */
  synchronized void add(Erasure command, Runnable done) throws InterruptedException {
    while (waiting >= MOST) {
      wait();
    }
    waiting++;
    epochs.getLast().commands.add(new DerivedCommand(command, done));
    notifyAll();
  }

  /** Whether no command waits. */
  synchronized boolean isEmpty() {
    return waiting == 0;
  }

  /**
   * Applies commands whose turn has come, with bounded concurrency.
   *
   * @param millis how long to wait for one
   */
  void apply(long millis) throws InterruptedException {
    List<DerivedCommand> ready = awaitReady(millis);
    if (!ready.isEmpty()) {
      long unused = erasing.apply(ready.stream().map(DerivedCommand::erasure).toList());
      ready.forEach(each -> each.done().run());
    }
  }

  private synchronized List<DerivedCommand> awaitReady(long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    List<DerivedCommand> ready = ready();
    for (long left = millis; ready.isEmpty() && left > 0; left = millisUntil(end)) {
      wait(left);
      ready = ready();
    }
    waiting -= ready.size();
    if (!ready.isEmpty()) {
      notifyAll();
    }
    return ready;
  }

  private static long millisUntil(long end) {
    return TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
  }

  /** Takes the commands of the oldest epochs, as long as their records are written. */
  private List<DerivedCommand> ready() {
    List<DerivedCommand> ready = new ArrayList<>();
    while (ready.size() < TOGETHER && epochs.getFirst().records == 0) {
      Epoch written = epochs.getFirst();
      int some = Math.min(written.commands.size(), TOGETHER - ready.size());
      List<DerivedCommand> taken = written.commands.subList(0, some);
      ready.addAll(taken);
      taken.clear();
      if (!written.commands.isEmpty() || epochs.size() == 1) {
        break;
      }
      epochs.remove();
    }
    return ready;
  }
}
