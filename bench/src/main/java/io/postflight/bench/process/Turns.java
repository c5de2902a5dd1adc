package io.postflight.bench.process;

import io.postflight.operations.Progress;
import java.util.ArrayList;
import java.util.List;

/**
 * Variants that take turns: all warm up, then all do the first round, and so on, so that what
 * changes on the machine in the course of a run concerns all of them.
 *
 * @param <V> the variants
 * @param <Q> what a round is to do
 * @param <A> what it did
 */
public final class Turns<V, Q, A> implements AutoCloseable {
  private final List<Lane<V, Q, A>> lanes = new ArrayList<>();

  /**
   * A variant, its process, and what its rounds after the warm-up did.
   *
   * @param <V> the variants
   * @param <Q> what a round is to do
   * @param <A> what it did
   */
  public record Lane<V, Q, A>(V variant, VariantProcess<Q, A> process, List<A> results) {}

  /**
   * Prepares a round, which is not measured.
   *
   * @param <V> the variants
   * @param <Q> what a round is to do
   */
  @FunctionalInterface
  public interface Preparation<V, Q> {
    /** Returns what the round is to do; round 0 warms up. */
    Q prepare(V variant, int round) throws InterruptedException;
  }

  /** Adds a variant. */
  public void add(V variant, VariantProcess<Q, A> process) {
    lanes.add(new Lane<>(variant, process, new ArrayList<>()));
  }

  /** All variants, in order. */
  public List<Lane<V, Q, A>> lanes() {
    return lanes;
  }

  /** Runs rounds after one to warm up. */
  public void run(int rounds, Preparation<V, Q> preparation, Progress progress)
      throws InterruptedException {
    for (int round = 0; round <= rounds; round++) {
      for (Lane<V, Q, A> lane : lanes) {
        progress.step((round == 0 ? "Warming up: " : "Round " + round + ": ") + lane.variant());
        A result = lane.process().run(preparation.prepare(lane.variant(), round));
        if (round > 0) {
          lane.results().add(result);
        }
      }
    }
  }

  @Override
  public void close() {
    lanes.forEach(lane -> lane.process().close());
  }
}
