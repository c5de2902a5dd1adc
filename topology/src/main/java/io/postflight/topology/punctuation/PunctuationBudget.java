package io.postflight.topology.punctuation;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits the share of its time that a stream thread spends in punctuators: at most 5 % while input
 * is queued, and half while it waits for input.
 *
 * <p>Kafka Streams calls the punctuators of all tasks that are due in one round, one after another,
 * between two rounds of records. After each round in which any of them ran it halves the number of
 * records that it processes per task. A limit per task would not be sufficient, since a thread may
 * have any number of tasks: rounds must be short, and there must be few.
 *
 * <p>The algorithm is a token bucket per thread. It earns 1/19 of the time of other work, and all
 * of the time that the thread waits for input with none queued. Its capacity is one slice, so that
 * a round takes at most one slice. Time used beyond the slice is a debt that is paid back, up to
 * {@value #MAX_DEBT_MILLIS} ms.
 *
 * <p>Kafka Streams visits its tasks always in the same order, and one slice is rarely sufficient
 * for all. So the first task that is refused is the first to be served in the next round (as in
 * deficit round robin); if that task was migrated or has no more work, the following round starts
 * with any task. With n tasks that have work, each has a slice at least every n rounds. Each call
 * takes constant time.
 *
 * <p>One instance serves all threads of a role. The state of a thread is thread-local, so that
 * tasks may migrate between threads, and threads may be replaced.
 */
public final class PunctuationBudget {
  /** Maximum time that a thread does not process records. */
  static final long SLICE_NANOS = Duration.ofMillis(5).toNanos();

  /** Minimum slice: a shorter one is not worth its overhead. */
  static final long MIN_SLICE_NANOS = Duration.ofMillis(1).toNanos();

  /** Time between rounds while there is work for punctuators and input is queued. */
  static final Duration WHEN_LOADED = Duration.ofMillis(100);

  /** Time between rounds while there is work for punctuators and the thread waits for input. */
  static final Duration WHEN_WAITING = Duration.ofMillis(10);

  /** How long a thread waits for input while there is work for punctuators. */
  static final Duration SHORT_POLL = Duration.ofMillis(5);

  private static final int WORK_PER_PART = 19;
  private static final long MAX_DEBT_MILLIS = 50;
  private static final long MAX_DEBT_NANOS = Duration.ofMillis(MAX_DEBT_MILLIS).toNanos();
  private static final long RECENTLY_NANOS = 2 * WHEN_LOADED.toNanos();

  private final LongSupplier nanos;
  private final ThreadLocal<Account> accounts = ThreadLocal.withInitial(Account::new);

  /**
   * @param nanos a monotonic clock, such as {@link System#nanoTime}
   */
  public PunctuationBudget(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** State of one task. Used by the task's thread only. */
  static final class Claim {
    private @Nullable Object servedOrRefusedIn;
  }

  /** State of one thread. Used by that thread only. */
  private final class Account {
    private long settledAt = nanos.getAsLong();
    private long waited;
    private long credit = SLICE_NANOS;

    private Object round = new Object();
    private long roundWaited;
    private long roundWorked;
    private boolean waiting;
    private @Nullable Claim next;
    private boolean workLeft;
    private long workLeftAt;

    /** Converts the time since the last call into credit. */
    private void settle(long now) {
      long worked = Math.max(0, now - settledAt - waited);
      credit = Math.min(SLICE_NANOS, credit + worked / WORK_PER_PART + waited);
      roundWorked += worked;
      roundWaited += waited;
      waited = 0;
      settledAt = now;
    }

    /** Starts a new round when a task is called for the second time. */
    private void enter(Claim claim) {
      if (claim.servedOrRefusedIn == round) {
        if (next != null && next.servedOrRefusedIn != round) {
          next = null;
        }
        round = new Object();
        waiting = roundWaited > roundWorked;
        roundWaited = 0;
        roundWorked = 0;
      }
      claim.servedOrRefusedIn = round;
    }

    /** Whether the task may have a slice now. */
    private boolean serves(Claim claim) {
      if (next != null && next != claim) {
        return false;
      }
      boolean serves = credit >= MIN_SLICE_NANOS;
      next = serves ? null : claim;
      return serves;
    }
  }

  /**
   * Runs the work of a task until its slice is over, unless it is another task's turn.
   *
   * @param claim state of the task
   * @param work receives a function that returns whether the slice is over
   * @return the time used, nanoseconds; -1: it was another task's turn
   */
  long run(Claim claim, Consumer<BooleanSupplier> work) {
    Account account = accounts.get();
    long begun = nanos.getAsLong();
    account.settle(begun);
    account.enter(claim);
    if (!account.serves(claim)) {
      return -1;
    }
    long length = account.credit;
    work.accept(() -> nanos.getAsLong() - begun >= length);
    account.settledAt = nanos.getAsLong();
    long spent = account.settledAt - begun;
    account.credit = Math.max(-MAX_DEBT_NANOS, account.credit - spent);
    return spent;
  }

  /** The interval until a task with remaining work runs again; called on the task's thread. */
  Duration interval() {
    Account account = accounts.get();
    account.workLeft = true;
    account.workLeftAt = nanos.getAsLong();
    return account.waiting ? WHEN_WAITING : WHEN_LOADED;
  }

  /** The poll timeout of this thread, at most the one wanted. */
  Duration pollTimeout(Duration wanted) {
    Account account = accounts.get();
    account.workLeft = account.workLeft && nanos.getAsLong() - account.workLeftAt < RECENTLY_NANOS;
    return account.workLeft && wanted.compareTo(SHORT_POLL) > 0 ? SHORT_POLL : wanted;
  }

  /** The time of this budget's clock. */
  long now() {
    return nanos.getAsLong();
  }

  /** This thread has waited for input, with none queued. */
  void waited(long nanoseconds) {
    accounts.get().waited += nanoseconds;
  }
}
