package io.postflight.sink.time;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Scheduler with a manual clock. */
public final class ManualScheduler implements Scheduler {
  private record Task(long at, long order, Runnable work) {}

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::order));
  private long now;
  private long orders;

  @Override
  public Timer schedule(long delayMillis, Runnable work) {
    Task task = new Task(now + delayMillis, orders++, work);
    tasks.add(task);
    return () -> tasks.remove(task);
  }

  public long nanos() {
    return now * 1_000_000;
  }

  /** Advances the clock and runs the tasks that are due. */
  public void pass(long millis) {
    long end = now + millis;
    for (Task next = tasks.peek(); next != null && next.at() <= end; next = tasks.peek()) {
      tasks.remove();
      now = Math.max(now, next.at());
      next.work().run();
    }
    now = end;
  }
}
