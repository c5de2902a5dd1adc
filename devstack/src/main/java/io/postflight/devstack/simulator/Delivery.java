package io.postflight.devstack.simulator;

/**
 * Something on its way, ordered by its place in the stream.
 *
 * <p>Places are counted in lives: life n begins at n. So what is on its way at one time does not
 * grow with the simulation.
 */
sealed interface Delivery extends Comparable<Delivery> {
  double place();

  /** Breaks ties, so that the order does not depend on the queue. */
  long sequence();

  @Override
  default int compareTo(Delivery other) {
    int byPlace = Double.compare(place(), other.place());
    return byPlace != 0 ? byPlace : Long.compare(sequence(), other.sequence());
  }

  /** A moment that is still to be put into a webhook. */
  record Telling(double place, long sequence, Moment moment) implements Delivery {}

  /** A whole webhook that is sent again, since the provider did not see the answer. */
  record Redelivery(double place, long sequence, SimulatedWebhook webhook) implements Delivery {}
}
