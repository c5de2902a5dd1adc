package io.postflight.sink;

import io.postflight.sink.simulation.World;

/**
 * The process that an instance runs in: which of its threads runs, its timers, and its end. It can
 * be frozen and killed at any point of its work; once dead it is never heard of again.
 */
final class SimulatedProcess {
  /** Thrown through all that an instance is doing when it is killed. */
  static final class Halted extends Error {
    private static final long serialVersionUID = 1L;

    Halted() {
      super("killed", null, false, false);
    }
  }

  private final World world;
  private final boolean losesTimers;
  private Object caller = this;
  private boolean dead;
  private long frozenUntil;

  /**
   * @param losesTimers whether a timer does not fire now and then
   */
  SimulatedProcess(World world, boolean losesTimers) {
    this.world = world;
    this.losesTimers = losesTimers;
  }

  /** Who runs now. */
  Object caller() {
    return caller;
  }

  /** Says who runs now; returns who did before. */
  Object enter(Object thread) {
    Object before = caller;
    caller = thread;
    return before;
  }

  void leave(Object before) {
    caller = before;
  }

  boolean dead() {
    return dead;
  }

  void die() {
    dead = true;
  }

  boolean frozen() {
    return world.nanos() < frozenUntil;
  }

  /** Stands still for a while, as in a long collection of garbage. */
  void freeze(long millis) {
    frozenUntil = world.nanos() + millis * 1_000_000;
    world.note("frozen", millis, 0);
  }

  /** What a real scheduler does. */
  Scheduler.Timer schedule(long delayMillis, Runnable task) {
    if (losesTimers && world.fault(0.02)) {
      return () -> {};
    }
    World.Event event = world.after(delayMillis, () -> run("scheduler", task));
    return event::cancel;
  }

  /** Runs something as a thread of this process: once it is awake, and not if it is dead. */
  void run(Object thread, Runnable task) {
    if (dead) {
      return;
    }
    if (frozen()) {
      world.after((frozenUntil - world.nanos()) / 1_000_000 + 1, () -> run(thread, task));
      return;
    }
    Object before = enter(thread);
    try {
      task.run();
    } finally {
      leave(before);
    }
  }

  /** Waits by letting all else go on. */
  Patience patience() {
    return new Patience() {
      @Override
      public long nanos() {
        return world.nanos();
      }

      @Override
      public void await(Object lock, long nanos) {
        Object me = caller;
        world.step(world.nanos() + nanos);
        caller = me;
        if (dead) {
          throw new Halted();
        }
      }
    };
  }
}
