package io.postflight.topology.punctuation;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How much of its time a stream thread gives to its punctuators: at most 5 % while input is queued,
 * and half while it waits for input.
 *
 * <p>Kafka Streams calls the punctuators of all tasks that are due in one round, one after another,
 * between two rounds of records. After each round in which any of them ran it halves the number of
 * records that it takes from each task at a time. So it does not do to limit each task, since a
 * thread may have any number of them: rounds must be short, and there must be few.
 *
 * <p>The algorithm is a token bucket for each thread. It earns 1/19 of the time of other work, and
 * all of the time that the thread waits for input with none queued. It holds one slice at most, so
 * that a round takes one slice at most. What a step takes beyond its slice is a debt that is paid
 * back, up to {@value #MAX_DEBT_MILLIS} ms.
 *
 * <p>Kafka Streams visits its tasks always in the same order, and one slice seldom lasts for all.
 * So the first task that is refused is the first to be served in the next round (round robin, as a
 * deficit round robin does with packets); if that task has moved or has nothing to do any more, the
 * round after begins anywhere. With n tasks that have work, each has a slice every n rounds at the
 * latest. Each call costs constant time.
 *
 * <p>One instance serves all threads of a topology. What it knows of a thread is kept with that
 * thread and gone with it, so that tasks may move between threads, and threads come and go.
 */
public final class PunctuationBudget {
  /** The longest time that a thread is kept from its records. */
  static final long SLICE_NANOS = Duration.ofMillis(5).toNanos();

  /** Less than this is not worth the way. */
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
   * @param nanos a clock that never goes back, such as {@link System#nanoTime}
   */
  public PunctuationBudget(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** What the budget remembers of one task. For use by the task's thread only. */
  static final class Claim {
    private @Nullable Object servedOrRefusedIn;
  }

  /** What the budget knows of one thread. For use by that thread only. */
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

    /** Turns the time since the last settlement into credit. */
    private void settle(long now) {
      long worked = Math.max(0, now - settledAt - waited);
      credit = Math.min(SLICE_NANOS, credit + worked / WORK_PER_PART + waited);
      roundWorked += worked;
      roundWaited += waited;
      waited = 0;
      settledAt = now;
    }

    /** A task that comes for the second time begins another round. */
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
   * Has a task do its work until its slice is over, unless it is not its turn.
   *
   * @param claim the task's own
   * @param work is given whether its slice is over
   * @return how long it took, nanoseconds; -1: it was not its turn
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

  /** When a task that has work left should ask again; to be asked on the task's thread. */
  Duration interval() {
    Account account = accounts.get();
    account.workLeft = true;
    account.workLeftAt = nanos.getAsLong();
    return account.waiting ? WHEN_WAITING : WHEN_LOADED;
  }

  /** How long this thread should wait for input, at most as long as it means to. */
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
