package io.postflight.devstack.simulator;

/**
 * A scheduled delivery, ordered by its position in the stream.
 *
 * <p>Positions are counted in messages: message n starts at position n. So the number of deliveries
 * in transit at one time does not grow with the simulation.
 */
sealed interface Delivery extends Comparable<Delivery> {
  double position();

  /** Breaks ties, so that the order does not depend on the queue. */
  long sequence();

  @Override
  default int compareTo(Delivery other) {
    int byPosition = Double.compare(position(), other.position());
    return byPosition != 0 ? byPosition : Long.compare(sequence(), other.sequence());
  }

  /** An event that is not part of a webhook yet. */
  record PendingEvent(double position, long sequence, SimulatedEvent event) implements Delivery {}

  /** A complete webhook that is sent again because the provider did not receive the response. */
  record Redelivery(double position, long sequence, SimulatedWebhook webhook) implements Delivery {}
}
