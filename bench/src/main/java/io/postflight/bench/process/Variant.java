package io.postflight.bench.process;

/**
 * One way to do the measured work.
 *
 * @param <Q> what a round is to do
 * @param <A> what it did
 */
@FunctionalInterface
public interface Variant<Q, A> {
  /** Does one round. */
  A run(Q round) throws Exception;
}
