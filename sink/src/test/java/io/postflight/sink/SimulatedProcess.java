package io.postflight.sink;

import io.postflight.sink.simulation.World;
import io.postflight.sink.time.Scheduler;
import io.postflight.sink.time.Time;

/**
 * The process of an instance: the running thread, its timers, and its termination. It can be paused
 * and killed at any point; once killed it performs no further action.
 */
final class SimulatedProcess {
  /** Thrown through the call stack of an instance when it is killed. */
  static final class Halted extends Error {
    private static final long serialVersionUID = 1L;

    Halted() {
      super("killed", null, false, false);
    }
  }

  private final World world;
  private final boolean losesTimers;
  private Object caller = this;
  private boolean killed;
  private long frozenUntil;

  /**
   * @param losesTimers whether some timers never fire
   */
  SimulatedProcess(World world, boolean losesTimers) {
    this.world = world;
    this.losesTimers = losesTimers;
  }

  /** The running thread. */
  Object caller() {
    return caller;
  }

  /** Sets the running thread; returns the previous one. */
  Object enter(Object thread) {
    Object before = caller;
    caller = thread;
    return before;
  }

  void leave(Object before) {
    caller = before;
  }

  boolean killed() {
    return killed;
  }

  void terminate() {
    killed = true;
  }

  boolean frozen() {
    return world.nanos() < frozenUntil;
  }

  /** Pauses the process, as a long garbage collection does. */
  void freeze(long millis) {
    frozenUntil = world.nanos() + millis * 1_000_000;
    world.note("frozen", millis, 0);
  }

  /** Schedules a task like a real scheduler. */
  Scheduler.Timer schedule(long delayMillis, Runnable task) {
    if (losesTimers && world.fault(0.02)) {
      return () -> {};
    }
    World.Event event = world.after(delayMillis, () -> run("scheduler", task));
    return event::cancel;
  }

  /** Runs a task as a thread of this process: once it is not paused, and not if it was killed. */
  void run(Object thread, Runnable task) {
    if (killed) {
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

  /** Waits by running other events. */
  Time time() {
    return new Time() {
      @Override
      public long nanos() {
        return world.nanos();
      }

      @Override
      public void await(Object lock, long nanos) {
        Object me = caller;
        world.step(world.nanos() + nanos);
        caller = me;
        if (killed) {
          throw new Halted();
        }
      }
    };
  }
}
