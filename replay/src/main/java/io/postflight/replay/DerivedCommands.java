package io.postflight.replay;

import io.postflight.schema.erasure.Erasure;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands that only the tier topic has. Those that follow each other are applied together, with
 * bounded concurrency, once all rows of earlier records are written; it is applied before the rows
 * of any later record are written.
 */
final class DerivedCommands {
  private static final int MOST = 100;

  private final ErasureReplay erasing;
  private final Drain drain;
  private final List<Erasure> commands = new ArrayList<>();
  private final List<Runnable> applied = new ArrayList<>();

  /** Awaits all rows in flight. */
  @FunctionalInterface
  interface Drain {
    /** Returns once there are none. */
    void await() throws InterruptedException;
  }

  DerivedCommands(ErasureReplay erasing, Drain drain) {
    this.erasing = erasing;
    this.drain = drain;
  }

  /**
   * Adds a command.
   *
   * @param done called once it is applied
   */
  void add(Erasure command, Runnable done) throws InterruptedException {
    commands.add(command);
    applied.add(done);
    if (commands.size() == MOST) {
      apply();
    }
  }

  /** Applies those that were added. */
  void apply() throws InterruptedException {
    if (!commands.isEmpty()) {
      drain.await();
      long unused = erasing.apply(commands);
      applied.forEach(Runnable::run);
      commands.clear();
      applied.clear();
    }
  }
}
