package io.postflight.bench;

import io.postflight.bench.process.RoundMeter;
import io.postflight.bench.process.VariantProcess;
import io.postflight.operations.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Variants that take turns: all warm up, then all do the first round, and so on, so that what
 * changes on the machine in the course of a run concerns all of them.
 *
 * @param <V> the variants
 * @param <P> their processes
 * @param <R> what a round did
 */
public final class Turns<V extends BenchVariant, P extends VariantProcess<?, ?>, R>
    implements AutoCloseable {
  private final Function<R, RoundMeter.Usage> usage;
  private final List<Lane<V, P, R>> lanes = new ArrayList<>();

  /**
   * A variant, its process, and what its rounds after the warm-up did.
   *
   * @param <V> the variants
   * @param <P> their processes
   * @param <R> what a round did
   */
  public record Lane<V, P, R>(V variant, P process, List<R> results) {}

  /**
   * Does one round, in part not measured.
   *
   * @param <V> the variants
   * @param <P> their processes
   * @param <R> what a round did
   */
  @FunctionalInterface
  public interface Work<V, P, R> {
    /** Does a round, whose number is 0 or less if it warms up. */
    R run(V variant, P process, int round) throws InterruptedException;
  }

  /**
   * Variants that are added later.
   *
   * @param usage what a round used, of what it did
   */
  public Turns(Function<R, RoundMeter.Usage> usage) {
    this.usage = usage;
  }

  /** Adds a variant. */
  public void add(V variant, P process) {
    lanes.add(new Lane<>(variant, process, new ArrayList<>()));
  }

  /** All variants, in order. */
  public List<Lane<V, P, R>> lanes() {
    return lanes;
  }

  /**
   * Runs rounds after the warm-up.
   *
   * @param warmUpSeconds how long the rounds of a variant's {@link WarmUp} take together, at least;
   *     0: it has none
   */
  public void run(int rounds, int warmUpSeconds, Work<V, P, R> work, Progress progress)
      throws InterruptedException {
    for (Lane<V, P, R> lane : lanes) {
      WarmUp.run(
          warmUpSeconds,
          number -> {
            progress.step(WarmUp.label(number) + ": " + lane.variant().id());
            RoundMeter.Usage used = usage.apply(work.run(lane.variant(), lane.process(), -number));
            return new WarmUp.Took(used.seconds(), used.compilationShare());
          },
          progress);
    }
    for (int round = 1; round <= rounds; round++) {
      for (Lane<V, P, R> lane : lanes) {
        progress.step("Round " + round + " of " + rounds + ": " + lane.variant().id());
        lane.results().add(work.run(lane.variant(), lane.process(), round));
      }
    }
  }

  @Override
  public void close() {
    lanes.forEach(lane -> lane.process().close());
  }
}
