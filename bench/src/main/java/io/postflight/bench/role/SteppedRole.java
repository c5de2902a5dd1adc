package io.postflight.bench.role;

import io.postflight.bench.process.RoundMeter;
import io.postflight.bench.process.Variant;
import io.postflight.bench.workload.Deployment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What runs from the first step until it is stopped, or its process ends. */
public abstract class SteppedRole implements Variant<RoleStep, RoleState> {
  private @Nullable Running running;
  private @Nullable RoundMeter meter;

  /** What is measured while it runs. */
  public interface Running extends AutoCloseable {
    /** The port that it serves HTTP on; 0: none. */
    int httpPort();

    /**
     * Returns if it works.
     *
     * @throws IllegalStateException if it has failed
     */
    default void requireHealthy() {}

    /** Up to when it has processed its input, epoch milliseconds; 0: unknown. */
    default long caughtUpAsOf() {
      return 0;
    }

    /** The records that were stored since the last call, if they are kept. */
    default List<StoredRecord> takeRecords() {
      return List.of();
    }

    /** Records of which all rows are acknowledged. */
    default long stored() {
      return 0;
    }

    /** Rows that are neither acknowledged nor rejected. */
    default long inFlight() {
      return 0;
    }

    /** Statements that were sent to the database. */
    default long statements() {
      return 0;
    }

    /** Stops it. */
    @Override
    default void close() {}
  }

  /** Starts it. */
  protected abstract Running start(Deployment deployment) throws InterruptedException;

  @Override
  public final RoleState run(RoleStep step) throws InterruptedException {
    if (step.action() == RoleStep.Action.STOP) {
      stop();
      return new RoleState(0, 0, 0, 0, 0, List.of(), null);
    }
    Running role = running == null ? start(step.deployment()) : running;
    running = role;
    role.requireHealthy();
    RoundMeter.Usage usage = null;
    List<StoredRecord> records = List.of();
    switch (step.action()) {
      case BEGIN -> {
        RoundMeter begun = new RoundMeter(step.servers());
        begun.begin();
        meter = begun;
      }
      case END -> {
        RoundMeter begun = meter;
        if (begun == null) {
          throw new IllegalStateException("the measurement has not begun");
        }
        usage = begun.end();
      }
      case TAKE -> records = role.takeRecords();
      case START, REPORT, STOP -> {}
    }
    return new RoleState(
        role.httpPort(),
        role.caughtUpAsOf(),
        role.stored(),
        role.inFlight(),
        role.statements(),
        records,
        usage);
  }

  private void stop() {
    Running stopping = running;
    running = null;
    if (stopping != null) {
      stopping.close();
    }
  }
}
